import Glibc

/// A field's text and what was read of it. Kept by a worker and filled again for the next draft.
struct ReadText {
    /// The source, cut at the limit.
    private(set) var bytes: [UInt8] = []
    private(set) var reading = Reading()

    /// Reads at most `limit` bytes of `text`, cut between scalars; nothing for `nil`.
    mutating func read(_ text: String?, limit: Int, sounds: Bool, reader: DisguiseReader) {
        bytes.removeAll(keepingCapacity: true)
        if var text {
            text.withUTF8 { all in
                var end = min(all.count, limit)
                while end > 0, end < all.count, all[end] & 0xC0 == 0x80 { end -= 1 }
                bytes += all[..<end]
            }
        }
        bytes.withUnsafeBufferPointer { reader.read($0, sounds: sounds, into: &reading) }
    }
}

/// Tells the features of a text that was read, each with the bytes of the source it was made of.
struct GramHasher {
    /// Whether disguised letters are read as what they stand for.
    var readsDisguise = true

    private var values: [UInt32] = []
    private var starts: [UInt32] = []
    private var ends: [UInt32] = []

    init() {}

    /// Calls `body` with every feature of `kind`, those that occur again too.
    @inline(__always)
    mutating func forEach(
        _ kind: TextBlock.Kind, of text: ReadText, _ body: (_ hash: UInt64, _ start: Int, _ end: Int) -> Void
    ) {
        guard !text.bytes.isEmpty else { return }
        let seed = kind.seed
        switch kind {
        case .writtenWords: Self.words(seed, text.reading, body)
        case .knownWords:
            let senses = KnownWords.senses
            Self.words(0, text.reading) { hash, start, end in
                if let sense = senses[hash] { body(FeatureHash.combine(seed, sense), start, end) }
            }
        case .writtenCharacters:
            putWritten(text.reading)
            grams(seed, longest: 6, body)
        case .readLetters:
            if readsDisguise { putLetters(text.reading) } else { putPlainLetters(text.reading) }
            grams(seed, longest: 5, body)
        case .readSounds where readsDisguise:
            putSounds(text.reading)
            grams(seed, longest: 5, body)
        case .writtenShapes:
            putShapes(text.reading, text.bytes)
            shapes(seed, body)
        case .writtenStatistics: statistics(seed, text, body)
        case .disguiseSigns where readsDisguise: signs(seed, text.reading, body)
        default: break
        }
    }

    // MARK: Sequences

    private mutating func clear() {
        values.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private mutating func put(_ value: UInt32, _ start: UInt32, _ end: UInt32) {
        values.append(value)
        starts.append(start)
        ends.append(end)
    }

    /// Scalars with one blank for several, and one before and behind.
    private mutating func putWritten(_ reading: Reading) {
        clear()
        put(0x20, 0, 0)
        for scalar in reading.scalars {
            if scalar.kind == .blank, values.last == 0x20 { continue }
            put(scalar.value, scalar.start, scalar.end)
        }
        if values.last != 0x20 { put(0x20, UInt32(reading.sourceCount), UInt32(reading.sourceCount)) }
    }

    private mutating func putLetters(_ reading: Reading) {
        clear()
        for place in 0..<reading.letterCount {
            let letter = reading.letters[place]
            put(DigitLetters.read(place, of: reading.letters), letter.start, letter.end)
        }
    }

    /// Letters as written but for the kind of kana; 0 wherever something stands between them.
    private mutating func putPlainLetters(_ reading: Reading) {
        clear()
        for scalar in reading.scalars {
            switch scalar.kind {
            case .letter:
                let isHiragana = scalar.value &- 0x3041 < 0x56
                put(isHiragana ? scalar.value + 0x60 : scalar.value, scalar.start, scalar.end)
            case .long: continue
            case .blank, .mark, .dash, .regional: put(0, scalar.start, scalar.end)
            }
        }
    }

    private mutating func putSounds(_ reading: Reading) {
        clear()
        for sound in reading.sounds {
            put(sound.scalar, reading.letters[Int(sound.first)].start, reading.letters[Int(sound.last)].end)
        }
    }

    /// A hash of each part between blanks, cut to 32 bits.
    private mutating func putShapes(_ reading: Reading, _ bytes: [UInt8]) {
        clear()
        var hash: UInt64 = 0
        var last: UInt32 = 0
        var (start, end): (UInt32, UInt32) = (0, 0)
        for scalar in reading.scalars {
            if scalar.kind == .blank {
                if hash != 0 { put(UInt32(truncatingIfNeeded: hash) | 1, start, end) }
                (hash, last) = (0, 0)
                continue
            }
            if hash == 0 { start = scalar.start }
            end = scalar.end
            let shape = Self.shape(scalar, raw: bytes[Int(scalar.start)])
            if shape != last || shape > 9 { hash = FeatureHash.combine(hash, UInt64(shape)) }
            last = shape
        }
        if hash != 0 { put(UInt32(truncatingIfNeeded: hash) | 1, start, end) }
    }

    /// Runs of the first nine count once.
    private static func shape(_ scalar: Reading.Scalar, raw: UInt8) -> UInt32 {
        if scalar.value &- 0x30 < 10 { return 1 }
        if scalar.value &- 0x61 < 26 { return raw &- 0x41 < 26 ? 2 : 3 }
        switch scalar.kind {
        case .long: return 5
        case .letter:
            switch ScalarKind.script(of: scalar.value) {
            case .hiragana: return 4
            case .katakana: return 5
            case .kanji: return 6
            case .other: return 7
            case .latin, .digit: return scalar.value
            }
        case .blank, .mark, .dash, .regional: return scalar.value
        }
    }

    // MARK: Features

    /// The n-grams up to `longest`, none across a 0: three scalars at the least, two from kana on, one from kanji on.
    @inline(__always)
    private func grams(_ seed: UInt64, longest: Int, _ body: (UInt64, Int, Int) -> Void) {
        let count = values.count
        values.withUnsafeBufferPointer { values in
            starts.withUnsafeBufferPointer { starts in
                ends.withUnsafeBufferPointer { ends in
                    for first in 0..<count {
                        let head = values[first]
                        let least = head < 0x3041 ? 3 : head < 0x3400 ? 2 : 1
                        var hash = seed
                        var place = first
                        let limit = min(count, first + longest)
                        while place < limit, values[place] != 0 {
                            hash = FeatureHash.combine(hash, UInt64(values[place]))
                            place += 1
                            if place - first >= least { body(hash, Int(starts[first]), Int(ends[place - 1])) }
                        }
                    }
                }
            }
        }
    }

    /// Words and neighbouring pairs of them, a pair right behind its second word.
    @inline(__always)
    static func words(_ seed: UInt64, _ reading: Reading, _ body: (UInt64, Int, Int) -> Void) {
        var hash: UInt64 = 0
        var (start, end) = (0, 0)
        var (last, lastStart): (UInt64, Int) = (0, 0)
        func close() {
            guard hash != 0 else { return }
            body(seed ^ hash, start, end)
            if last != 0 { body(FeatureHash.combine(seed ^ last, hash), lastStart, end) }
            (last, lastStart, hash) = (hash, start, 0)
        }
        for scalar in reading.scalars {
            guard scalar.kind == .letter || scalar.kind == .long else {
                close()
                continue
            }
            if hash == 0 { start = Int(scalar.start) }
            hash = FeatureHash.combine(hash, UInt64(scalar.value))
            end = Int(scalar.end)
        }
        close()
    }

    @inline(__always)
    private func shapes(_ seed: UInt64, _ body: (UInt64, Int, Int) -> Void) {
        let count = values.count
        guard count > 0 else { return }
        // 0 stands for both ends of the text; one part alone has none.
        func value(_ place: Int) -> UInt64 { place < 0 || place >= count ? 0 : UInt64(values[place]) }
        for place in 0..<count {
            let one = FeatureHash.combine(seed, value(place))
            body(one, Int(starts[place]), Int(ends[place]))
        }
        for place in -1..<count {
            let next = min(place + 1, count - 1)
            let two = FeatureHash.combine(FeatureHash.combine(seed ^ 2, value(place)), value(place + 1))
            body(two, Int(starts[max(place, 0)]), Int(ends[next]))
            guard place + 2 <= count, count > 1 else { continue }
            let three = FeatureHash.combine(two, value(place + 2))
            body(three, Int(starts[max(place, 0)]), Int(ends[min(place + 2, count - 1)]))
        }
    }

    @inline(__always)
    private func statistics(_ seed: UInt64, _ text: ReadText, _ body: (UInt64, Int, Int) -> Void) {
        var (letters, capitals, digits, others) = (0, 0, 0, 0)
        for scalar in text.reading.scalars {
            if scalar.value &- 0x61 < 26 {
                letters += 1
                if text.bytes[Int(scalar.start)] &- 0x41 < 26 { capitals += 1 }
            } else if scalar.value &- 0x30 < 10 {
                digits += 1
            }
            if text.bytes[Int(scalar.start)] >= 0x80 { others += 1 }
        }
        let numbers = [letters == 0 ? 6 : 5 * capitals / letters, min(3, others), min(4, digits / 2)]
        for (index, number) in numbers.enumerated() {
            body(FeatureHash.combine(seed ^ UInt64(index + 1), UInt64(number)), 0, text.bytes.count)
        }
    }

    /// Counts letters that are parted where words are not, that look like others, or follow what cannot be seen.
    @inline(__always)
    private func signs(_ seed: UInt64, _ reading: Reading, _ body: (UInt64, Int, Int) -> Void) {
        var (looks, hidden, parted, run) = (0, 0, 0, 0)
        for place in 0..<reading.letterCount {
            let letter = reading.letters[place]
            let resembles = DigitLetters.read(place, of: reading.letters) != letter.scalar
            if letter.isSubstitute || resembles { looks += 1 }
            guard place > 0 else { continue }
            if letter.gap.contains(.invisible) { hidden += 1 }
            run = letter.gap.isDisjoint(with: [.blank, .mark, .dash]) ? 0 : run + 1
            if run >= 2 { parted += 1 }
        }
        let all = looks + 3 * hidden + parted
        for (index, number) in [looks, hidden, parted, all].enumerated() where number > 0 {
            body(FeatureHash.combine(seed ^ UInt64(index + 1), UInt64(min(4, number))), 0, reading.sourceCount)
        }
    }
}
