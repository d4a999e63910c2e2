extension HashedWorker {
    /// The positions of the tokens that make up one word with the one at `position` of the last draft's title or
    /// description: a morpheme by itself, or Latin letters, digits and the marks inside a name or model number.
    public func word(around position: Int, _ origin: FeatureOrigin) -> Range<Int> {
        let source = origin == .title ? analysis.title : analysis.description
        let tokens = source.tokens
        guard tokens.indices.contains(position) else { return position..<position }
        func isLatin(_ index: Int) -> Bool { tokens[index].kind == .letters || tokens[index].kind == .number }
        func isInner(_ index: Int) -> Bool {
            tokens[index].kind == .symbol
                && [0x2D, 0x2E, 0x26, 0x27, 0x5F].contains(source.bytes[Int(tokens[index].start)])
        }
        func touches(_ index: Int) -> Bool { tokens[index].end == tokens[index + 1].start }
        guard isLatin(position) || isInner(position) else { return position..<position + 1 }
        var (first, last) = (position, position)
        while first > 0, touches(first - 1), isLatin(first - 1) || isInner(first - 1) { first -= 1 }
        while last + 1 < tokens.count, touches(last), isLatin(last + 1) || isInner(last + 1) { last += 1 }
        while first < last, !isLatin(first) { first += 1 }
        while last > first, !isLatin(last) { last -= 1 }
        return first..<last + 1
    }
}
