extension BlockHasher {
    /// Longer parts are no model numbers: only their length counts.
    private static let longestShape = 32
    /// Parts of a title that its outline is made of.
    private static let outlinedParts = 16

    /// Runs of tokens that nothing parts, one by one and in pairs of neighbours.
    mutating func titleRuns(_ seed: UInt64, _ title: AnalyzedText) {
        let tokens = title.tokens
        title.bytes.withUnsafeBufferPointer { bytes in
            var previous: UInt64 = 0
            var index = 0
            while index < tokens.count {
                let first = index
                index += 1
                guard tokens[first].kind != .symbol else { continue }
                while index < tokens.count, tokens[index].joinsPrevious, tokens[index].kind != .symbol { index += 1 }
                let run = FeatureHash.hash(bytes, Int(tokens[first].start)..<Int(tokens[index - 1].end))
                insert(seed, run, .title, first)
                if previous != 0 { insert(seed ^ 1, FeatureHash.combine(previous, run), .title, first) }
                previous = run
            }
        }
    }

    /// Shapes of the title's parts between blanks and slashes, letters written `a` and digits `9`: whole, with runs
    /// drawn together, its characters counted from the end, and behind its first characters as they are. The outline
    /// strings the shapes of all parts together.
    mutating func modelShapes(_ seed: UInt64, _ title: AnalyzedText) {
        let tokens = title.tokens
        title.bytes.withUnsafeBufferPointer { bytes in
            var outline: UInt64 = 0
            var (index, token, parts) = (0, 0, 0)
            while index < bytes.count {
                let start = index
                var hasDigit = false
                while index < bytes.count, bytes[index] != 0x20, bytes[index] != 0x2F {
                    if bytes[index] &- 0x30 < 10 { hasDigit = true }
                    index += 1
                }
                defer { index += 1 }
                while token + 1 < tokens.count, tokens[token + 1].start <= start { token += 1 }
                var kind: UInt64 = index == start ? 1 : 2
                if index == start + 1, bytes[start] == 0x2D { kind = 3 }
                if hasDigit { kind = modelShape(seed, bytes, start..<index, token) }
                parts += 1
                if parts <= Self.outlinedParts { outline = FeatureHash.combine(outline, kind) }
            }
            // The outline is no word's.
            if parts > 0 { insert(seed ^ 1, outline, .title, OriginLabel.noPlace) }
        }
    }

    /// The features of one part; returns the hash of its shape with runs drawn together.
    private mutating func modelShape(
        _ seed: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, _ part: Range<Int>, _ token: Int
    ) -> UInt64 {
        func insert(_ kind: UInt64, _ hash: UInt64) { self.insert(seed ^ kind, hash, .title, token) }
        let shape = { (scalar: UInt32) -> UInt32 in
            if scalar &- 0x61 < 26 { return 0x61 }
            return scalar &- 0x30 < 10 ? 0x39 : scalar
        }
        var scalars: [UInt32] = []
        var index = part.lowerBound
        while index < part.upperBound, scalars.count <= Self.longestShape {
            let (scalar, length) = decodeScalar(bytes, at: index)
            scalars.append(scalar)
            index += length
        }
        insert(2, UInt64(scalars.count))
        guard scalars.count <= Self.longestShape else { return 2 }
        var (whole, runs): (UInt64, UInt64) = (3, 3)
        for (position, scalar) in scalars.enumerated() {
            let letter = shape(scalar)
            whole = FeatureHash.combine(whole, UInt64(letter))
            if position == 0 || letter != shape(scalars[position - 1]) {
                runs = FeatureHash.combine(runs, UInt64(letter))
            }
            insert(3, UInt64(letter) << 8 | UInt64(scalars.count - position))
        }
        insert(4, whole)
        insert(5, runs)
        for length in 2...4 where length <= scalars.count {
            var hash = UInt64(length)
            for (position, scalar) in scalars.enumerated() {
                hash = FeatureHash.combine(hash, UInt64(position < length ? scalar : shape(scalar)))
            }
            insert(6, hash)
        }
        return runs
    }
}
