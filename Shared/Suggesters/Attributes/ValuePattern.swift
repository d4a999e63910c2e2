import FeatureExtraction

/// How values with numbers are written, numbers apart: `0×0×0cm` for `30×20×12.5cm`. Values that no listing had are read from
/// the text by it.
package struct ValuePattern: Codable, Sendable, Hashable {
    /// Normalised; every number is a `0`.
    package var text: String
    /// The logarithm of the odds that a match in the text is the value.
    package var logOdds: Double

    package init(text: String, logOdds: Double) {
        self.text = text
        self.logOdds = logOdds
    }

    enum CodingKeys: String, CodingKey {
        case text
        case logOdds = "log_odds"
    }

    /// Whether it holds a number and a unit, and the odds make sense.
    var isValid: Bool {
        logOdds.isFinite && abs(logOdds) < 100 && text.utf8.contains(0x30) && text.utf8.contains { $0 > 0x39 }
            && text.utf8.count <= 64
    }

    /// The pattern of a normalised value; nil without a number or without a unit.
    package static func text(of normalized: [UInt8]) -> String? {
        var masked: [UInt8] = []
        var index = 0
        normalized.withUnsafeBufferPointer { bytes in
            while index < bytes.count {
                if let end = numberEnd(bytes, index) {
                    masked.append(0x30)
                    index = end
                } else {
                    masked.append(bytes[index])
                    index += 1
                }
            }
        }
        let pattern = ValuePattern(text: String(decoding: masked, as: UTF8.self), logOdds: 0)
        return pattern.isValid ? pattern.text : nil
    }

    /// The end of the number that begins at `index`: digits with at most one point between them.
    fileprivate static func numberEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        var end = index
        var hasPoint = false
        while end < bytes.count {
            let byte = bytes[end]
            let isPoint =
                byte == 0x2E && !hasPoint && end > index && end + 1 < bytes.count && bytes[end + 1] &- 0x30 < 10
            guard byte &- 0x30 < 10 || isPoint else { break }
            hasPoint = hasPoint || isPoint
            end += 1
        }
        return end > index ? end : nil
    }
}

/// Finds what patterns match.
package struct PatternMatcher: Sendable {
    package struct Match: Equatable {
        package var pattern: Int
        /// Bytes of the normalised text.
        package var range: Range<Int>
        /// The value, without the blanks that the text has and the pattern lacks.
        package var value: [UInt8]
    }

    static let mostMatches = 16
    package let patterns: [ValuePattern]
    private let texts: [[UInt8]]
    /// Positions of the patterns, the longest first.
    private let order: [Int]

    package init(_ patterns: [ValuePattern]) {
        self.patterns = patterns
        texts = patterns.map { Array($0.text.utf8) }
        let texts = texts
        order = texts.indices.sorted { (texts[$0].count, -$0) > (texts[$1].count, -$1) }
    }

    /// Matches in order, none inside another, of normalised text. Linear in the text.
    package func matches(in normalized: [UInt8]) -> [Match] {
        guard !order.isEmpty else { return [] }
        var found: [Match] = []
        normalized.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count, found.count < Self.mostMatches {
                if mayBegin(bytes, index), let match = match(bytes, at: index) {
                    found.append(match)
                    index = match.range.upperBound
                } else {
                    index += 1
                }
            }
        }
        return found
    }

    private func match(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Match? {
        candidates: for pattern in order {
            guard texts[pattern][0] == 0x30 ? bytes[start] &- 0x30 < 10 : bytes[start] == texts[pattern][0] else {
                continue
            }
            var (index, value) = (start, [UInt8]())
            for literal in texts[pattern] {
                if index < bytes.count, bytes[index] == 0x20, literal != 0x20, index > start { index += 1 }
                guard index < bytes.count else { continue candidates }
                if literal == 0x30 {
                    guard let end = ValuePattern.numberEnd(bytes, index), end - index <= 12 else { continue candidates }
                    value += bytes[index..<end]
                    index = end
                } else {
                    guard bytes[index] == literal else { continue candidates }
                    value.append(literal)
                    index += 1
                }
            }
            if mayEnd(bytes, index) { return Match(pattern: pattern, range: start..<index, value: value) }
        }
        return nil
    }

    /// Neither inside a number nor inside a Latin word, nor inside a scalar.
    private func mayBegin(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard bytes[index] & 0xC0 != 0x80 else { return false }
        guard index > 0 else { return true }
        let (last, next) = (bytes[index - 1], bytes[index])
        if next &- 0x30 < 10 { return !(last &- 0x30 < 10 || last == 0x2E || last == 0x2C) }
        return !(next &- 0x61 < 26 && last &- 0x61 < 26)
    }

    private func mayEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard index < bytes.count else { return true }
        let (last, next) = (bytes[index - 1], bytes[index])
        if last &- 0x30 < 10 { return !(next &- 0x30 < 10) }
        return !(last &- 0x61 < 26 && next &- 0x61 < 26)
    }
}
