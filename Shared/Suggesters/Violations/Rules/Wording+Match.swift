import FeatureExtraction

extension Wording {
    /// Whether `text`, the letters of a reading, say the phrase from `first` on, which an automaton holds possible.
    func match(_ text: UnsafeBufferPointer<Reading.Letter>, at first: Int) -> Finding? {
        let end = first + letters.count
        guard first >= 0, end < text.count else { return nil }
        var swapped = 0
        var isDisguised = isReversed
        for (place, wanted) in letters.enumerated() {
            let letter = text[first + place]
            if letter.scalar != wanted.scalar {
                guard LookAlikes.canStand(letter.scalar, for: wanted.scalar) else { return nil }
                swapped += 1
            }
            if letter.repeats != wanted.repeats {
                guard letter.repeats >= 3 else { return nil }
                isDisguised = true
            }
            if letter.isSubstitute != wanted.isSubstitute { isDisguised = true }
            if place > 0, wanted.gap.contains(.long) {
                guard !letter.gap.isDisjoint(with: [.long, .dash]) else { return nil }
                if !letter.gap.contains(.long) { isDisguised = true }
            } else if place > 0, letter.gap.contains(.long) {
                return nil
            }
        }
        guard swapped * 2 <= letters.count else { return nil }
        if swapped > 0 { isDisguised = true }
        var stop = Int(text[end - 1].end)
        if endsLong {
            guard text[end - 1].markedEnd > text[end - 1].end else { return nil }
            stop = Int(text[end - 1].markedEnd)
        }
        guard hasBoundaries(text, first..<end) else { return nil }
        var gaps = GapCount()
        for place in 1..<max(letters.count, 1) {
            gaps.add(text[first + place], after: text[first + place - 1], in: letters[place].gap)
        }
        if gaps.count > 0 {
            isDisguised = true
            guard gaps.areCredible(letters: letters.count, length: length, isLatin: isLatin, text, first..<end) else {
                return nil
            }
        }
        if isDisguised, !seesThroughDisguise { return nil }
        return Finding(
            atom: atom, letters: first..<end, start: Int(text[first].start), end: stop, isDisguised: isDisguised)
    }

    /// Latin words and numbers do not begin or end within others, few kana not within words in kana.
    private func hasBoundaries(_ text: UnsafeBufferPointer<Reading.Letter>, _ range: Range<Int>) -> Bool {
        guard let head = letters.first, let tail = letters.last else { return false }
        if let before = text.neighbour(before: range) {
            if head.script == .latin || head.script == .digit, before == head.script { return false }
        }
        if let after = text.neighbour(after: range) {
            if tail.script == .latin || tail.script == .digit, after == tail.script { return false }
        }
        return !isShort || !text.goesOnInKana(range)
    }
}

extension UnsafeBufferPointer<Reading.Letter> {
    /// The script of the letter right before a range, nothing visible between; `nil` for none.
    @inline(__always)
    func neighbour(before range: Range<Int>) -> Reading.Script? {
        guard range.lowerBound > 0, self[range.lowerBound].gap.isSubset(of: .invisible) else { return nil }
        return self[range.lowerBound - 1].script
    }

    /// The script of the letter right behind a range, nothing visible but long vowel marks between; `nil` for none.
    @inline(__always)
    func neighbour(after range: Range<Int>) -> Reading.Script? {
        guard range.upperBound + 1 < count, self[range.upperBound].gap.isSubset(of: [.invisible, .long]) else {
            return nil
        }
        return self[range.upperBound].script
    }

    /// Whether few letters are rather part of other words: the same script is before them, katakana go on behind them,
    /// or they are hiragana right behind kanji, which mostly end the word that those begin.
    func goesOnInKana(_ range: Range<Int>) -> Bool {
        let (head, before) = (self[range.lowerBound].script, neighbour(before: range))
        if before == head || (head == .hiragana && before == .kanji) { return true }
        return self[range.upperBound - 1].script == .katakana && neighbour(after: range) == .katakana
    }

    /// Letters and the long vowel marks, or what else counts as such, between and right behind them.
    func length(_ range: Range<Int>, with marks: Reading.Gap = .long) -> Int {
        range.count + (range.lowerBound + 1...range.upperBound).count { !self[$0].gap.isDisjoint(with: marks) }
    }
}

extension Reading.Script {
    /// Latin letters and digits, which words of either take.
    @inline(__always)
    var isLatin: Bool { self == .latin || self == .digit }
}

/// What stands between the letters of a match, and whether a seller put it there to part a word.
struct GapCount {
    var count = 0
    /// Where the phrase has one too, or between Latin and Japanese letters.
    var allowed = 0
    var blanks = 0
    var visible = 0

    /// Counts what stands before `letter` and not in the phrase. A blank where Latin meets Japanese is good spelling.
    @inline(__always)
    mutating func add(_ letter: Reading.Letter, after last: Reading.Letter, in wanted: Reading.Gap) {
        if letter.gap.isEmpty { return }
        var gap = letter.gap.intersection([.blank, .mark, .invisible])
        if letter.gap.contains(.dash), !wanted.contains(.long) { gap.insert(.mark) }
        if gap.isEmpty { return }
        if !wanted.isDisjoint(with: [.blank, .mark, .dash]), !gap.contains(.invisible) {
            allowed += 1
            return
        }
        if gap == .blank, letter.script.isLatin != last.script.isLatin {
            allowed += 1
            return
        }
        count += 1
        if gap.contains(.blank) { blanks += 1 }
        if gap != .invisible { visible += 1 }
    }

    /// Whether the parts belong together: parted letter by letter, by something that cannot be seen, or with ends that
    /// are no parts of other words.
    func areCredible(
        letters: Int, length: Int, isLatin: Bool, _ text: UnsafeBufferPointer<Reading.Letter>, _ range: Range<Int>
    ) -> Bool {
        if visible == 0 { return true }
        let isUniform = count + allowed >= letters - 1 && letters >= 3
        if isLatin { return isUniform || (blanks == 0 && letters >= 4) }
        if isUniform || length >= 5 { return true }
        let (head, tail) = (text[range.lowerBound].script, text[range.upperBound - 1].script)
        if let before = text.neighbour(before: range), before != .hiragana, before == head { return false }
        if let after = text.neighbour(after: range), after != .hiragana, after == tail { return false }
        return true
    }
}

/// A phrase as sounds to look for.
struct SpokenWording: Sendable {
    var atom: Int
    var sounds: [UInt32]
    /// Letters and long vowel marks, with or without one at the end.
    var lengths: ClosedRange<Int>

    /// Fewer could be anything.
    static let fewestSounds = 3
    /// Fewer do not begin within a word in kana, and are as long as the phrase: vowels are short in sounds.
    static let fewestInside = 5
    static let fewestLatinLetters = 5

    /// - Returns: `nil` for a phrase with too little kana.
    init?(_ reading: Reading, atom: Int) {
        sounds = reading.sounds.map(\.scalar)
        let kana = sounds.count { $0 &- 0x30A1 < 0x56 }
        let isSpelt = reading.letters.dropLast().allSatisfy { $0.script != .latin }
        guard isSpelt, sounds.count >= Self.fewestSounds, kana * 3 >= sounds.count * 2,
            sounds.count <= Wording.mostLetters
        else { return nil }
        self.atom = atom
        let length = reading.letters.withUnsafeBufferPointer { $0.length(0..<reading.letterCount) }
        lengths = (reading.letters[reading.letterCount].gap.contains(.long) ? length - 1 : length)...length
    }

    /// The phrase as Latin letters without an apostrophe have it: a nasal before a vowel or y becomes its consonant.
    /// `nil` where there is none.
    var unmarked: SpokenWording? {
        var copy = self
        var place = 0
        copy.sounds = []
        while place < sounds.count {
            let next = place + 1 < sounds.count ? sounds[place + 1] : 0
            switch (sounds[place], next) {
            case (0x30F3, 0x30E4), (0x30F3, 0x30E6), (0x30F3, 0x30E8): copy.sounds.append(0x30CB)
            case (0x30F3, 0x30A2), (0x30F3, 0x30A4), (0x30F3, 0x30A6), (0x30F3, 0x30A8), (0x30F3, 0x30AA):
                copy.sounds.append(0x30CA + (next - 0x30A2) / 2)
                place += 1
            default: copy.sounds.append(sounds[place])
            }
            place += 1
        }
        return copy.sounds == sounds || copy.sounds.count < Self.fewestSounds ? nil : copy
    }

    /// Whether the sounds that end before `end` are the phrase's, as an automaton found, in words of their own.
    func match(
        _ heard: UnsafeBufferPointer<Reading.Sound>, endingAt end: Int, _ text: UnsafeBufferPointer<Reading.Letter>
    ) -> Finding? {
        let start = end - sounds.count
        guard start >= 0, end <= heard.count else { return nil }
        let range = Int(heard[start].first)..<Int(heard[end - 1].last) + 1
        guard range.upperBound < text.count, range.count <= 4 * sounds.count + 8 else { return nil }
        var gaps = GapCount()
        var latin = text[range.lowerBound].script == .latin ? 1 : 0
        for place in range.dropFirst() {
            gaps.add(text[place], after: text[place - 1], in: .long)
            if text[place].script == .latin { latin += 1 }
        }
        let isLatin = latin == range.count
        let (before, after) = (text.neighbour(before: range), text.neighbour(after: range))
        if isLatin {
            guard range.count >= Self.fewestLatinLetters, before != .latin, after != .latin else { return nil }
        } else if latin > 0 {
            if text[range.lowerBound].script == .latin, before == .latin { return nil }
            if text[range.upperBound - 1].script == .latin, after == .latin { return nil }
        } else if sounds.count < Self.fewestInside {
            if text.goesOnInKana(range) || text.length(range) > lengths.upperBound
                || text.length(range, with: [.long, .dash]) < lengths.lowerBound
            {
                return nil
            }
        }
        if gaps.count > 0 {
            // Few sounds over two words are an accident.
            if gaps.visible > 0, sounds.count < Self.fewestInside, gaps.count < range.count - 1 { return nil }
            guard gaps.areCredible(letters: range.count, length: range.count, isLatin: isLatin, text, range) else {
                return nil
            }
        }
        return Finding(
            atom: atom, letters: range, start: Int(text[range.lowerBound].start),
            end: Int(text[range.upperBound - 1].markedEnd), isDisguised: true, isHeard: true)
    }
}
