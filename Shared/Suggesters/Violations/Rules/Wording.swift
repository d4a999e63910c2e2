import FeatureExtraction

/// A phrase as letters to look for.
struct Wording: Sendable {
    /// How the letters of the text are to lie.
    enum Order: Sendable {
        case forward
        /// Each letter by itself, doubled ones too, with something between any two.
        case spread
        case reversed
    }

    struct Letter: Sendable {
        var scalar: UInt32
        var script: Reading.Script
        var repeats: UInt8
        /// What stands before it in the phrase.
        var gap: Reading.Gap
        var isSubstitute: Bool
    }

    /// What it belongs to, as ``PhraseBook`` counts.
    var atom: Int
    var letters: [Letter]
    var order: Order
    /// Whether the phrase ends in a long vowel mark.
    var endsLong: Bool
    /// All letters are Latin ones or digits.
    var isLatin: Bool
    /// A pronunciation of few letters: it does not begin within a word in kana.
    var isShortReading: Bool
    /// Disguised text counts.
    var seesThroughDisguise: Bool

    static let mostLetters = 64

    init(_ reading: Reading, atom: Int, seesThroughDisguise: Bool, isShortReading: Bool = false) {
        letters = reading.letters.dropLast().map {
            Letter(scalar: $0.scalar, script: $0.script, repeats: $0.repeats, gap: $0.gap, isSubstitute: $0.isSubstitute)
        }
        self.atom = atom
        self.seesThroughDisguise = seesThroughDisguise
        self.isShortReading = isShortReading
        order = .forward
        endsLong = reading.letters.last?.gap.contains(.long) ?? false
        isLatin = letters.allSatisfy { $0.script == .latin || $0.script == .digit }
    }

    /// What an automaton compares: look-alike digits and marks fall together.
    var classes: [UInt32] { letters.map { Self.class($0.scalar) } }

    @inline(__always)
    static func `class`(_ scalar: UInt32) -> UInt32 {
        let image = LookAlikes.classes[scalar]
        return image == 0 ? scalar : image
    }

    /// The phrase with every letter by itself; `nil` without doubled ones.
    var spread: Wording? {
        guard seesThroughDisguise, letters.contains(where: { $0.repeats > 1 }) else { return nil }
        var copy = self
        copy.order = .spread
        copy.letters = letters.flatMap { letter in
            (0..<Int(letter.repeats)).map { number in
                var single = letter
                single.repeats = 1
                if number > 0 { single.gap = [] }
                return single
            }
        }
        return copy
    }

    /// The phrase from its end; `nil` where it reads alike or is too short to tell from other words.
    var reversed: Wording? {
        let fewest = isLatin ? 5 : 3
        guard seesThroughDisguise, !isShortReading, letters.count >= fewest,
            letters.map(\.scalar) != letters.reversed().map(\.scalar)
        else { return nil }
        var copy = self
        copy.order = .reversed
        copy.endsLong = false
        copy.letters = letters.reversed()
        for place in copy.letters.indices {
            copy.letters[place].gap = place == 0 ? [] : letters[letters.count - place].gap
        }
        return copy
    }
}

/// A place where the wording of an atom was found.
struct Finding: Sendable {
    var atom: Int
    /// Letters of the reading.
    var letters: Range<Int>
    /// Bytes of the source.
    var start: Int
    var end: Int
    var isDisguised: Bool
}
