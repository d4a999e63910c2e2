import FeatureExtraction

/// A phrase as letters to look for.
struct Wording: Sendable {
    struct Letter: Sendable {
        var scalar: UInt32
        var script: Reading.Script
        /// How often it stands in a row; 2 where a text is to have it three times or more.
        var repeats: UInt8
        /// What stands before it in the phrase.
        var gap: Reading.Gap
        var isSubstitute: Bool
    }

    /// What it belongs to, as ``PhraseBook`` counts.
    var atom: Int
    var letters: [Letter]
    var isReversed = false
    /// Whether the phrase ends in a long vowel mark.
    var endsLong: Bool
    /// All letters are Latin ones or digits.
    var isLatin: Bool
    /// Of few letters in kana, which are part of many words: it stands by itself.
    var isShort = false
    /// Disguised text counts.
    var seesThroughDisguise: Bool

    static let mostLetters = 64
    static let mostDoubles = 3

    /// Kana that are no more than this are short.
    static let mostShort = 3

    init(_ reading: Reading, atom: Int, seesThroughDisguise: Bool) {
        letters = reading.letters.dropLast().map {
            Letter(
                scalar: $0.scalar, script: $0.script, repeats: $0.repeats, gap: $0.gap, isSubstitute: $0.isSubstitute)
        }
        self.atom = atom
        self.seesThroughDisguise = seesThroughDisguise
        endsLong = reading.letters.last?.gap.contains(.long) ?? false
        isLatin = letters.allSatisfy { $0.script == .latin || $0.script == .digit }
    }

    /// All letters are kana.
    var isKana: Bool { letters.allSatisfy { $0.script == .hiragana || $0.script == .katakana } }

    /// Letters and long vowel marks.
    var length: Int { letters.count { $0.gap.contains(.long) } + letters.count + (endsLong ? 1 : 0) }

    /// What an automaton compares: look-alike digits and marks fall together.
    var classes: [UInt32] {
        letters.map { letter in
            let image = LookAlikes.classes[letter.scalar]
            return image == 0 ? letter.scalar : image
        }
    }

    /// The phrase with some of its double letters as one that is repeated without end, each choice of them; the phrase
    /// itself first.
    var repeated: [Wording] {
        guard seesThroughDisguise else { return [self] }
        let doubles = letters.indices.dropFirst().filter {
            letters[$0].scalar == letters[$0 - 1].scalar && letters[$0].gap.isEmpty && letters[$0].script != .digit
        }.prefix(Self.mostDoubles)
        return (0..<1 << doubles.count).map { choice in
            var copy = self
            for (number, place) in doubles.enumerated().reversed() where choice >> number & 1 == 1 {
                copy.letters.remove(at: place)
                copy.letters[place - 1].repeats = 2
            }
            return copy
        }
    }

    /// The phrase from its end; `nil` where it reads alike or has too few letters to tell from other words.
    func reversed(fewest: Int) -> Wording? {
        guard seesThroughDisguise, !isShort, letters.count >= fewest,
            letters.map(\.scalar) != letters.reversed().map(\.scalar)
        else { return nil }
        var copy = self
        copy.isReversed = true
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
    /// Whether it was found by how it sounds.
    var isHeard = false
}
