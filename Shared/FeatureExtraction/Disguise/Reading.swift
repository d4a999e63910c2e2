/// What a ``DisguiseReader`` read: the letters of a text with every disguise that can be told letter by letter undone,
/// each with where it stood. Kept by a worker and filled again for the next text.
public struct Reading: Sendable {
    /// A scalar as written, in one width and case.
    struct Scalar: Sendable {
        /// NFKC, case folded.
        var value: UInt32
        /// What it looks like: a Latin letter, katakana, or itself.
        var look: UInt32
        /// Where it stood: bytes of the source. Scalars that one source scalar unfolds to share its bytes.
        var start: UInt32
        var end: UInt32
        var kind: ScalarKind
        /// Whether something that cannot be seen stands before it.
        var followsInvisible: Bool
        /// Whether `look` is another scalar's shape.
        var isSubstitute: Bool
    }

    /// A letter or digit, read through look-alikes; what stood between two letters is left out.
    public struct Letter: Sendable {
        /// Latin in lower case, kana as katakana.
        public let scalar: UInt32
        /// Bytes of the source, repeats included.
        public let start: UInt32
        public internal(set) var end: UInt32
        /// The end of the dashes behind it, up to a long vowel mark; `end` where there are none.
        public internal(set) var markedEnd: UInt32
        /// What stood before it.
        public internal(set) var gap: Gap
        /// How often it was written in a row: 1, or 3 to 255. Two in a row are two letters.
        public internal(set) var repeats: UInt8
        public let script: Script
        /// 0 to 9 for a digit or a numeral; 255 for others.
        public let digit: UInt8
        /// Whether another scalar of the same shape was written.
        public let isSubstitute: Bool
        /// Whether it lies in a short remark in brackets, which may be a wedge in a word.
        public internal(set) var isAside: Bool
    }

    /// What stood between two letters.
    public struct Gap: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let blank = Gap(rawValue: 1)
        /// A punctuation mark, a symbol, an emoji.
        public static let mark = Gap(rawValue: 2)
        public static let invisible = Gap(rawValue: 4)
        /// A dash, which may stand for a long vowel mark.
        public static let dash = Gap(rawValue: 8)
        /// A long vowel mark.
        public static let long = Gap(rawValue: 16)
    }

    public enum Script: UInt8, Sendable {
        case latin, digit, hiragana, katakana, kanji, other
    }

    /// A sound: kana without length, small forms and spelling variants, from kana or from Latin letters.
    public struct Sound: Sendable {
        public let scalar: UInt32
        /// Its letters, by place in ``Reading/letters``.
        public let first: UInt32
        public internal(set) var last: UInt32
    }

    /// A form of the text for a model to read.
    public enum Form: Sendable, CaseIterable {
        /// Letters, blanks and marks in one width and case, without what cannot be seen.
        case plain
        /// Letters alone, look-alikes read, three or more in a row once.
        case joined
        /// ``joined`` with digits and marks read as the letters around them suggest.
        case letters
        /// Sounds: kana and Latin spellings of them as one katakana spelling.
        case sounds
    }

    var scalars: [Scalar] = []
    /// In the order written. A letter of value 0 follows the last, for what stood behind it.
    public internal(set) var letters: [Letter] = []
    public internal(set) var sounds: [Sound] = []
    /// Bytes of the text read.
    public private(set) var sourceCount = 0

    /// UTF-8 of the form last asked for.
    public private(set) var bytes: [UInt8] = []
    private var starts: [UInt32] = []
    private var ends: [UInt32] = []

    public init() {}

    /// Whether a short remark in brackets stands somewhere.
    public internal(set) var hasAsides = false

    /// The letters read, without the end mark.
    public var letterCount: Int { max(letters.count - 1, 0) }

    /// Writes the letters outside of short remarks in brackets, end mark included, and the place of each in ``letters``.
    /// What stood before a remark stands before the letter behind it.
    public func withoutAsides(into rest: inout [Letter], places: inout [Int]) {
        rest.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        var gap: Gap = []
        for (place, letter) in letters.enumerated() {
            gap.formUnion(letter.gap)
            if letter.isAside { continue }
            rest.append(letter)
            rest[rest.count - 1].gap = gap
            places.append(place)
            gap = []
        }
    }

    /// The letters of a range, digits in ASCII, without what stands between.
    public func spelling(of range: Range<Int>) -> String {
        var spelling = String.UnicodeScalarView()
        for letter in letters[range.clamped(to: 0..<letterCount)] {
            let value = letter.digit < 10 ? UInt32(letter.digit) + 0x30 : letter.scalar
            for _ in 0..<letter.repeats { spelling.append(Unicode.Scalar(value) ?? "?") }
        }
        return String(spelling)
    }

    mutating func begin(sourceCount: Int) {
        self.sourceCount = sourceCount
        scalars.removeAll(keepingCapacity: true)
        letters.removeAll(keepingCapacity: true)
        sounds.removeAll(keepingCapacity: true)
        clearForm()
    }

    private mutating func clearForm() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Writes a form to ``bytes``, for ``source(of:)`` to map back.
    public mutating func write(_ form: Form) {
        clearForm()
        switch form {
        case .plain:
            for scalar in scalars { put(scalar.value, scalar.start, scalar.end) }
        case .joined:
            for letter in letters.dropLast() { put(letter.scalar, letter.start, letter.end) }
        case .letters:
            for place in 0..<letterCount {
                put(DigitLetters.read(place, of: letters), letters[place].start, letters[place].end)
            }
        case .sounds:
            for sound in sounds { put(sound.scalar, letters[Int(sound.first)].start, letters[Int(sound.last)].end) }
        }
    }

    /// The bytes of the source that `range` of ``bytes`` was read from; both ends fall between scalars. Empty, at the
    /// source's end, for a range that is empty or out of bounds.
    public func source(of range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= starts.count else {
            return sourceCount..<sourceCount
        }
        return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
    }

    private mutating func put(_ scalar: UInt32, _ start: UInt32, _ end: UInt32) {
        appendScalar(scalar, to: &bytes)
        while starts.count < bytes.count {
            starts.append(start)
            ends.append(end)
        }
    }
}

/// Reads digits and marks among letters as letters.
enum DigitLetters {
    private static let latin = map { $0.isASCII }
    private static let kana = map { !$0.isASCII }

    /// What the letter at `place` may have been meant as: the first Latin letter or kana of its kind, after the letter
    /// before it, or else behind it; itself between letters of other scripts.
    static func read(_ place: Int, of letters: [Reading.Letter]) -> UInt32 {
        let letter = letters[place]
        let (asLatin, asKana) = (latin[letter.scalar], kana[letter.scalar])
        guard asLatin != 0 || asKana != 0 else { return letter.scalar }
        for neighbour in [place - 1, place + 1] where neighbour >= 0 && neighbour < letters.count {
            switch letters[neighbour].script {
            case .latin: if asLatin != 0 { return asLatin }
            case .hiragana, .katakana: if asKana != 0 { return asKana }
            default: continue
            }
        }
        return letter.scalar
    }

    private static func map(_ isWanted: (Unicode.Scalar) -> Bool) -> ScalarMap {
        var map = ScalarMap()
        for (mark, letters) in LookAlikes.leetSpellings {
            if let letter = letters.unicodeScalars.first(where: isWanted) { map[mark.value] = letter.value }
        }
        return map
    }
}
