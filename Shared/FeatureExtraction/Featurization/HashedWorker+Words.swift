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

    /// Where in the last draft's title or description, as the seller wrote it, these tokens stand: bytes of its UTF-8,
    /// between scalars. `nil` where there are none, and where what stands there reads otherwise by itself, as marks do
    /// that belong to what is ahead of them.
    /// - Parameter text: the field, as it was extracted.
    public func sourceRange(of tokens: Range<Int>, _ origin: FeatureOrigin, in text: String) -> Range<Int>? {
        guard let last = tokens.last, let start = sourceRange(origin, tokens.lowerBound),
            let end = sourceRange(origin, last), start.lowerBound < end.upperBound,
            end.upperBound <= text.utf8.count
        else { return nil }
        let source = origin == .title ? analysis.title : analysis.description
        let bytes = source.bytes[Int(source.tokens[tokens.lowerBound].start)..<Int(source.tokens[last].end)]
        let cut = Array(text.utf8.dropFirst(start.lowerBound).prefix(end.upperBound - start.lowerBound))
        var read: [UInt8] = []
        cut.withUnsafeBufferPointer { TextNormalizer().normalize($0, into: &read) }
        return read.elementsEqual(bytes) ? start.lowerBound..<end.upperBound : nil
    }
}
