/// Reads letters as sounds. Kana lose length, small forms and the spellings that sound alike (ヴ and ブ, ヅ and ズ);
/// Latin letters become the kana they spell in Hepburn's or the official romanisation. Other letters stay.
struct SoundReader: Sendable {
    static let shared = SoundReader()

    /// A kana to its sound and its vowel: `scalar << 8 | vowel`; the vowel alone for a small つ, which has no sound here.
    private let kana: ScalarMap
    /// Syllables by `consonants << 3 | vowel`: up to three kana of 16 bits, the first in the lowest; 0 for none.
    private let syllables: [UInt64]

    private static let vowels = "aiueo"

    init() {
        var kana = ScalarMap()
        let rows: [(String, String)] = [
            ("アァ", "a"), ("イィヰ", "i"), ("ウゥ", "u"), ("エェヱ", "e"), ("オォヲ", "o"),
        ]
        for (letters, vowel) in rows {
            for letter in letters.unicodeScalars { Self.set(&kana, letter, letters.unicodeScalars.first, vowel) }
        }
        for row in [
            "カキクケコ", "ガギグゲゴ", "サシスセソ", "ザジズゼゾ", "タチツテト", "ダジズデド", "ナニヌネノ", "ハヒフヘホ", "バビブベボ", "パピプペポ",
            "マミムメモ", "ラリルレロ",
        ] {
            for (letter, vowel) in zip(row.unicodeScalars, Self.vowels) {
                Self.set(&kana, letter, letter, String(vowel))
            }
        }
        for (letter, sound, vowel) in zip3("ヤユヨャュョワヮヂヅヴヵヶ", "ヤユヨヤユヨワワジズブカケ", "auoauoaaiuuae") {
            Self.set(&kana, letter, sound, vowel)
        }
        self.kana = kana

        var syllables = [UInt64](repeating: 0, count: 1 << 13)
        func add(_ consonants: String, _ sounds: String) {
            for (vowel, sound) in sounds.split(separator: " ").enumerated() where sound != "-" {
                syllables[Self.key(consonants) << 3 | vowel] = sound.unicodeScalars.reversed().reduce(0) {
                    $0 << 16 | UInt64($1.value)
                }
            }
        }
        for (consonants, sounds) in Self.romanisation { add(consonants, sounds) }
        for (consonant, row) in zip("kgszjtcdnhbpmrl", "キギシジジチチジニヒビピミリリ") {
            let i = String(row)
            add("\(consonant)y", "\(i)ヤ \(i) \(i)ユ \(i)エ \(i)ヨ")
        }
        self.syllables = syllables
    }

    private static let romanisation = [
        ("", "ア イ ウ エ オ"), ("k", "カ キ ク ケ コ"), ("g", "ガ ギ グ ゲ ゴ"), ("s", "サ シ ス セ ソ"), ("z", "ザ ジ ズ ゼ ゾ"),
        ("t", "タ チ ツ テ ト"), ("d", "ダ ジ ズ デ ド"), ("n", "ナ ニ ヌ ネ ノ"), ("h", "ハ ヒ フ ヘ ホ"), ("f", "フア フイ フ フエ フオ"),
        ("b", "バ ビ ブ ベ ボ"), ("v", "バ ビ ブ ベ ボ"), ("p", "パ ピ プ ペ ポ"), ("m", "マ ミ ム メ モ"), ("y", "ヤ イ ユ イエ ヨ"),
        ("r", "ラ リ ル レ ロ"), ("l", "ラ リ ル レ ロ"), ("w", "ワ ウイ ウ ウエ オ"), ("j", "ジヤ ジ ジユ ジエ ジヨ"), ("c", "カ シ ク セ コ"),
        ("sh", "シヤ シ シユ シエ シヨ"), ("ch", "チヤ チ チユ チエ チヨ"), ("ts", "ツア ツイ ツ ツエ ツオ"),
    ]

    private static func set(
        _ map: inout ScalarMap, _ letter: Unicode.Scalar, _ sound: Unicode.Scalar?, _ vowel: String
    ) {
        map[letter.value] = (sound?.value ?? 0) << 8 | UInt32(vowel.utf8.first ?? 0)
    }

    private static func key(_ consonants: String) -> Int {
        consonants.utf8.reduce(0) { $0 << 5 | Int($1 & 0x1F) }
    }

    /// Appends the sounds of `letters`, whose last is the end mark.
    func read(_ letters: [Reading.Letter], into sounds: inout [Reading.Sound]) {
        var state = State(sounds: sounds)
        swap(&state.sounds, &sounds)
        state.sounds.reserveCapacity(letters.count)
        var place = 0
        while place + 1 < letters.count {
            let scalar = letters[place].scalar
            let image = kana[scalar]
            if scalar &- 0x61 < 26 {
                place += readLatin(letters, at: place, &state)
            } else {
                if image == 0 {
                    // The small つ doubles a consonant, which sellers write or not.
                    if scalar != 0x30C3 { state.put(scalar, vowel: 0, place, place) } else { state.stretch(to: place) }
                } else {
                    state.putKana(
                        image >> 8, vowel: image & 0xFF, isSmall: Self.isSmallVowel(scalar), place,
                        joins: Self.joins(letters, place))
                }
                place += 1
            }
        }
        swap(&state.sounds, &sounds)
    }

    /// Whether a letter belongs to the word of the one before it: nothing stands between, or beside its neighbours too.
    @inline(__always)
    private static func joins(_ letters: [Reading.Letter], _ place: Int) -> Bool {
        guard place > 0 else { return false }
        let parts: Reading.Gap = [.blank, .mark]
        return letters[place].gap.isDisjoint(with: parts) || !letters[place - 1].gap.isDisjoint(with: parts)
            || !letters[place + 1].gap.isDisjoint(with: parts)
    }

    private static func isSmallVowel(_ scalar: UInt32) -> Bool {
        scalar & 1 == 1 && scalar >= 0x30A1 && scalar <= 0x30A9
    }

    /// Reads a syllable, or one letter where there is none; returns how many letters it took.
    private func readLatin(_ letters: [Reading.Letter], at place: Int, _ state: inout State) -> Int {
        func letter(_ offset: Int) -> UInt32 {
            place + offset < letters.count ? letters[place + offset].scalar : 0
        }
        let first = letter(0)
        var key = 0
        for length in 0..<3 {
            let scalar = letter(length)
            guard scalar &- 0x61 < 26 else { break }
            if let vowel = Self.vowel(scalar) {
                var syllable = syllables[key << 3 | vowel]
                guard syllable != 0 else { break }
                if length == 0 {
                    state.putKana(
                        UInt32(syllable & 0xFFFF), vowel: scalar, isSmall: false, place,
                        joins: Self.joins(letters, place))
                } else {
                    while syllable != 0 {
                        state.put(UInt32(syllable & 0xFFFF), vowel: scalar, place, place + length)
                        syllable >>= 16
                    }
                }
                return length + 1
            }
            guard length < 2 else { break }
            key = key << 5 | Int(scalar & 0x1F)
        }
        let next = letter(1)
        let isNasal = first == 0x6E || (first == 0x6D && (next == 0x62 || next == 0x70 || next == 0x6D))
        if isNasal {
            state.put(0x30F3, vowel: 0, place, place)
        } else if first != next, first != 0x74 || next != 0x63 {
            // A double consonant is a small つ, which is left out.
            state.put(first, vowel: 0, place, place)
        }
        return 1
    }

    @inline(__always)
    private static func vowel(_ scalar: UInt32) -> Int? {
        switch scalar {
        case 0x61: 0
        case 0x69: 1
        case 0x75: 2
        case 0x65: 3
        case 0x6F: 4
        default: nil
        }
    }

    private struct State {
        var sounds: [Reading.Sound]
        /// Of the sound last written, as a Latin letter; 0 for none.
        var vowel: UInt32 = 0

        /// A vowel that only makes the one before it long is left out; a small one behind ヴ, テ, デ, ト or ド changes it.
        @inline(__always)
        mutating func putKana(_ scalar: UInt32, vowel: UInt32, isSmall: Bool, _ place: Int, joins: Bool) {
            if scalar <= 0x30AA {
                let lengthens = vowel == self.vowel || (scalar == 0x30A6 && self.vowel == 0x6F)
                if lengthens, joins, !sounds.isEmpty { return stretch(to: place) }
                if isSmall, let last = sounds.last, let changed = Self.changed(last.scalar, by: scalar) {
                    sounds[sounds.count - 1] = Reading.Sound(
                        scalar: changed, first: last.first, last: UInt32(truncatingIfNeeded: place))
                    self.vowel = vowel
                    return
                }
            }
            put(scalar, vowel: vowel, place, place)
        }

        private static func changed(_ scalar: UInt32, by vowel: UInt32) -> UInt32? {
            switch (scalar, vowel) {
            case (0x30D6, 0x30A2): 0x30D0
            case (0x30D6, 0x30A4): 0x30D3
            case (0x30D6, 0x30A8): 0x30D9
            case (0x30D6, 0x30AA): 0x30DC
            case (0x30C6, 0x30A4): 0x30C1
            case (0x30C7, 0x30A4): 0x30B8
            case (0x30C8, 0x30A6): 0x30C4
            case (0x30C9, 0x30A6): 0x30BA
            default: nil
            }
        }

        @inline(__always)
        mutating func put(_ scalar: UInt32, vowel: UInt32, _ first: Int, _ last: Int) {
            self.vowel = vowel
            if scalar == 0x30F3, sounds.last?.scalar == 0x30F3 { return stretch(to: last) }
            sounds.append(
                Reading.Sound(
                    scalar: scalar, first: UInt32(truncatingIfNeeded: first), last: UInt32(truncatingIfNeeded: last)))
        }

        @inline(__always)
        mutating func stretch(to place: Int) {
            guard let last = sounds.indices.last else { return }
            sounds[last].last = UInt32(truncatingIfNeeded: place)
        }
    }
}

private func zip3(_ one: String, _ two: String, _ three: String) -> [(Unicode.Scalar, Unicode.Scalar, String)] {
    zip(zip(one.unicodeScalars, two.unicodeScalars), three).map { ($0.0, $0.1, String($1)) }
}
