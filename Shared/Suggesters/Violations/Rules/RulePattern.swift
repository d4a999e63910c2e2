/// A small pattern: parts one behind the other, matched in one pass without going back.
///
///     (line|ライン) ~6 (交換|追加)?        alternatives; at most 6 letters between; a part that may be missing
///     (銀行=ぎんこう|口座) 振込             a word and its pronunciation in kana
///     (電話|tel) ~4 <0[789]0########>     a number of eleven digits, however it is parted
///     <0[789]0-####-####>                 the same, parted at these places, at some, at none, or digit by digit
///     <email>   <url>
///
/// Between two parts stand no letters unless `~N` allows for up to N; blanks and marks never count.
struct RulePattern: Sendable, Hashable {
    enum Token: Sendable, Hashable {
        case words(Rule.Phrase)
        case number(NumberTemplate)
        case email, url
    }

    struct Part: Sendable, Hashable {
        var alternatives: [Token]
        var isOptional: Bool
        /// The most letters between the part before and this one.
        var gap: Int
    }

    let parts: [Part]

    /// The pattern from its end, for words spelt from their end; `nil` for one part or parts that are no words.
    var reversed: RulePattern? {
        let words = parts.allSatisfy { part in
            part.alternatives.allSatisfy { if case .words = $0 { true } else { false } }
        }
        guard words, parts.count > 1 else { return nil }
        var turned: [Part] = parts.reversed()
        for place in turned.indices { turned[place].gap = place == 0 ? 0 : parts[parts.count - place].gap }
        return RulePattern(parts: turned)
    }

    private init(parts: [Part]) { self.parts = parts }

    static let mostParts = 8
    static let mostGap = 64

    init(_ text: String) throws(RuleError) {
        var reader = PatternReader(text)
        parts = try reader.read()
    }
}

/// Reads a pattern's text, scalar by scalar.
private struct PatternReader {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    mutating func read() throws(RuleError) -> [RulePattern.Part] {
        var parts: [RulePattern.Part] = []
        var gap: Int?
        while let scalar = peek() {
            switch scalar {
            case " ", "　": place += 1
            case "~":
                guard gap == nil, !parts.isEmpty else { throw failure(.gap) }
                gap = try number()
            case ")", "|", ">", "?": throw failure(.unexpected)
            default:
                var part = RulePattern.Part(alternatives: [], isOptional: false, gap: gap ?? 0)
                gap = nil
                if scalar == "(" {
                    place += 1
                    part.alternatives = try group()
                } else {
                    part.alternatives = [try token(endingAt: " 　~()|?")]
                }
                if peek() == "?" {
                    part.isOptional = true
                    place += 1
                }
                parts.append(part)
                guard parts.count <= RulePattern.mostParts else { throw failure(.tooManyParts) }
            }
        }
        guard gap == nil else { throw failure(.gap) }
        guard !parts.isEmpty else { throw failure(.empty) }
        guard parts.contains(where: { !$0.isOptional }) else { throw failure(.allOptional) }
        return parts
    }

    private func peek() -> Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private func failure(_ problem: RuleError.PatternProblem) -> RuleError {
        .pattern(text, at: min(place, scalars.count) + 1, problem)
    }

    private mutating func number() throws(RuleError) -> Int {
        place += 1
        var value: Int?
        while let digit = peek(), ("0"..."9").contains(digit) {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            place += 1
            guard value ?? 0 <= RulePattern.mostGap else { throw failure(.gap) }
        }
        guard let value else { throw failure(.gap) }
        return value
    }

    private mutating func group() throws(RuleError) -> [RulePattern.Token] {
        var alternatives: [RulePattern.Token] = []
        while true {
            while peek() == " " { place += 1 }
            alternatives.append(try token(endingAt: "|()"))
            switch peek() {
            case "|": place += 1
            case ")":
                place += 1
                return alternatives
            default: throw failure(.unclosed)
            }
        }
    }

    private mutating func token(endingAt ends: String) throws(RuleError) -> RulePattern.Token {
        if peek() == "<" {
            let token = try special()
            while peek() == " " { place += 1 }
            return token
        }
        let start = place
        while let scalar = peek(), !ends.unicodeScalars.contains(scalar), scalar != "<", scalar != ">" { place += 1 }
        var words = String(String.UnicodeScalarView(scalars[start..<place]))
        while words.hasSuffix(" ") { words.removeLast() }
        let parts = words.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { throw failure(.emptyAlternative) }
        return .words(Rule.Phrase(parts[0], reading: parts.count == 2 ? parts[1] : nil))
    }

    private mutating func special() throws(RuleError) -> RulePattern.Token {
        guard let end = scalars[place...].firstIndex(of: ">") else { throw failure(.unclosed) }
        let name = String(String.UnicodeScalarView(scalars[place + 1..<end]))
        defer { place = end + 1 }
        switch name {
        case "email": return .email
        case "url": return .url
        default:
            guard let template = NumberTemplate(name) else { throw failure(.template) }
            return .number(template)
        }
    }
}
