/// Reads text as a person does who expects words in disguise:
/// - width, case, frames and font variants (NFKC and case folding), letters of other scripts by their shape;
/// - hiragana as katakana; marks put on letters dropped, voicing marks of kana kept;
/// - blanks, punctuation, symbols, emoji and what cannot be seen left out between letters, but remembered;
/// - dashes behind katakana as long vowel marks; three or more of a letter in a row as one, counted.
///
/// One pass over the text and one over its letters: time and memory are linear in it, whatever it holds. No source scalar
/// unfolds to more than ``mostImages`` letters.
public struct DisguiseReader: Sendable {
    /// Ligatures of more letters, of which Unicode has two, stay as they are.
    static let mostImages = 6
    /// A remark in brackets of more letters is no wedge in a word.
    static let longestAside = 4

    private let folding = FoldingTable.shared
    private let looks = LookAlikes.table
    private let bases = LookAlikes.bases
    private let digits = LookAlikes.digits
    private let ascii: [Reading.Scalar]

    public init() {
        ascii = (0..<128).map { byte in
            let value = UInt32(byte &- 0x41 < 26 && byte >= 0x41 ? byte | 0x20 : byte)
            let kind = ScalarKind.of(value)
            return Reading.Scalar(
                value: kind == .blank ? 0x20 : value, look: value, start: 0, end: 0, kind: kind,
                followsInvisible: false,
                isSubstitute: false)
        }
    }

    /// Fills `reading` from `text`, of which bytes that are no UTF-8 count as marks. Sounds are read when asked for.
    public func read(_ text: UnsafeBufferPointer<UInt8>, sounds: Bool = true, into reading: inout Reading) {
        reading.begin(sourceCount: text.count)
        readScalars(text, into: &reading.scalars)
        var letters: [Reading.Letter] = []
        swap(&letters, &reading.letters)
        reading.hasAsides = reading.scalars.withUnsafeBufferPointer { readLetters(of: $0, into: &letters) }
        swap(&letters, &reading.letters)
        if sounds { SoundReader.shared.read(reading.letters, into: &reading.sounds) }
    }

    /// Fills `reading` from `text`.
    public func read(_ text: String, sounds: Bool = true, into reading: inout Reading) {
        var text = text
        text.withUTF8 { read($0, sounds: sounds, into: &reading) }
    }

    private func readScalars(_ text: UnsafeBufferPointer<UInt8>, into scalars: inout [Reading.Scalar]) {
        scalars.reserveCapacity(text.count / 2)
        var index = 0
        var invisible = false
        while index < text.count {
            let byte = text[index]
            let start = UInt32(truncatingIfNeeded: index)
            if byte < 0x80 {
                index += 1
                var scalar = ascii[Int(byte)]
                scalar.start = start
                scalar.end = start &+ 1
                scalar.followsInvisible = invisible
                invisible = false
                scalars.append(scalar)
                continue
            }
            let length = scalarLength(text, at: index)
            index += length
            let end = UInt32(truncatingIfNeeded: index)
            guard length > 1 else {
                push(0xFFFD, 0, start, end, &invisible, &scalars)
                continue
            }
            var raw = decodeScalar(text, at: index - length).scalar
            // Voicing marks that stand alone are put behind kana too.
            if raw == 0x309B || raw == 0x309C { raw -= 2 }
            let look = looks[raw]
            switch folding.image(of: raw) {
            case .same: push(raw, look, start, end, &invisible, &scalars)
            case .scalar(let image): push(image, look, start, end, &invisible, &scalars)
            case .several(let range):
                if range.isEmpty { invisible = true }
                if range.count > Self.mostImages { push(raw, raw, start, end, &invisible, &scalars) }
                for place in range where range.count <= Self.mostImages {
                    push(folding.pool[place], 0, start, end, &invisible, &scalars)
                }
            }
        }
    }

    @inline(__always)
    private func push(
        _ value: UInt32, _ known: UInt32, _ start: UInt32, _ end: UInt32, _ invisible: inout Bool,
        _ scalars: inout [Reading.Scalar]
    ) {
        if value >= 0x300, ScalarKind.isCombining(value) {
            guard let last = scalars.indices.last else { return }
            if value &- 0x3099 < 2, !invisible, let composite = folding.composite(scalars[last].value, value) {
                scalars[last].value = composite
                scalars[last].look = katakana(composite)
            }
            if scalars[last].end == start { scalars[last].end = end }
            return
        }
        var look = known != 0 ? known : looks[value]
        let isSubstitute = look != 0
        if look == 0 {
            look = bases[value]
            if look == 0 { look = katakana(value) }
        }
        let kind = known == 0 ? ScalarKind.of(value) : value &- 0x1F1E6 < 26 ? .regional : .letter
        let isFramed = known != 0 && known < 0x80 && value >= 0x2000
        scalars.append(
            Reading.Scalar(
                value: kind == .blank ? 0x20 : isFramed ? known : value, look: look, start: start, end: end, kind: kind,
                followsInvisible: invisible, isSubstitute: isSubstitute))
        invisible = false
    }

    @inline(__always)
    private func katakana(_ scalar: UInt32) -> UInt32 {
        scalar &- 0x3041 < 0x56 || scalar &- 0x309D < 2 ? scalar + 0x60 : scalar
    }

    /// - Returns: whether a short remark in brackets stands among them.
    private func readLetters(
        of scalars: UnsafeBufferPointer<Reading.Scalar>, into letters: inout [Reading.Letter]
    ) -> Bool {
        letters.reserveCapacity(scalars.count + 1)
        var gap: Reading.Gap = []
        var lastScript = Reading.Script.other
        var opened = -1
        var hasAsides = false
        for place in scalars.indices {
            let scalar = scalars[place]
            if scalar.followsInvisible { gap.insert(.invisible) }
            var script = Reading.Script.latin
            switch scalar.kind {
            case .blank:
                gap.insert(.blank)
                continue
            case .mark:
                guard standsForLetter(place, scalars) else {
                    gap.insert(.mark)
                    if Self.opens(scalar.value) {
                        opened = letters.count
                    } else if opened >= 0, Self.closes(scalar.value) {
                        if (1...Self.longestAside).contains(letters.count - opened) {
                            for place in opened..<letters.count { letters[place].isAside = true }
                            hasAsides = true
                        }
                        opened = -1
                    }
                    continue
                }
            case .dash, .long:
                if scalar.kind == .long || !gap.contains(.blank) { stretch(&letters, gap, to: scalar.end) }
                gap.insert(scalar.kind == .long ? .long : .dash)
                continue
            case .regional:
                guard !isFlag(place, scalars) else {
                    gap.insert(.mark)
                    continue
                }
            case .letter:
                // The character for one, behind katakana, is a long vowel mark.
                if scalar.value == 0x4E00, lastScript == .katakana, gap.isSubset(of: [.long, .dash]) {
                    stretch(&letters, gap, to: scalar.end)
                    gap.insert(.dash)
                    continue
                }
                script = scalar.look < 0x80 ? ScalarKind.script(of: scalar.look) : ScalarKind.script(of: scalar.value)
            }
            let digit = digits[scalar.look < 0x80 ? scalar.look : scalar.value]
            if gap.isEmpty, digit == 0, repeats(scalar, &letters) { continue }
            letters.append(
                Reading.Letter(
                    scalar: scalar.look, start: scalar.start, end: scalar.end, markedEnd: scalar.end, gap: gap,
                    repeats: 1, script: script, digit: digit == 0 ? 255 : UInt8(digit - 1),
                    isSubstitute: scalar.isSubstitute, isAside: false))
            lastScript = script
            gap = []
        }
        let end = letters.last?.markedEnd ?? 0
        letters.append(
            Reading.Letter(
                scalar: 0, start: end, end: end, markedEnd: end, gap: gap, repeats: 0, script: .other, digit: 255,
                isSubstitute: false, isAside: false))
        return hasAsides
    }

    private static func opens(_ value: UInt32) -> Bool {
        value == 0x28 || value == 0x5B || value == 0x7B || value == 0x3C
            || (value &- 0x3008 < 18 && value & 1 == 0 && value != 0x3012)
    }

    private static func closes(_ value: UInt32) -> Bool {
        value == 0x29 || value == 0x5D || value == 0x7D || value == 0x3E
            || (value &- 0x3008 < 18 && value & 1 == 1 && value != 0x3013)
    }

    /// Takes the third of a letter in a row into the first, and any further one; words have two by right.
    @inline(__always)
    private func repeats(_ scalar: Reading.Scalar, _ letters: inout [Reading.Letter]) -> Bool {
        guard var last = letters.indices.last, letters[last].scalar == scalar.look else { return false }
        if letters[last].repeats < 3 {
            guard last > 0, letters[last - 1].scalar == scalar.look, letters[last].gap.isEmpty else { return false }
            letters.removeLast()
            last -= 1
            letters[last].repeats = 2
        }
        letters[last].end = max(letters[last].end, scalar.end)
        letters[last].markedEnd = letters[last].end
        if letters[last].repeats < 255 { letters[last].repeats += 1 }
        return true
    }

    /// Dashes behind a letter are its own, up to a long vowel mark or a blank.
    @inline(__always)
    private func stretch(_ letters: inout [Reading.Letter], _ gap: Reading.Gap, to end: UInt32) {
        guard !gap.contains(.long), let last = letters.indices.last else { return }
        letters[last].markedEnd = end
    }

    /// Whether a mark takes the place of a Latin letter: `!` between two, `@` and `$` before one.
    @inline(__always)
    private func standsForLetter(_ place: Int, _ scalars: UnsafeBufferPointer<Reading.Scalar>) -> Bool {
        let value = scalars[place].value
        guard value == 0x21 || value == 0x40 || value == 0x24, place + 1 < scalars.count else { return false }
        let next = scalars[place + 1].value
        if scalars[place + 1].look &- 0x61 < 26 {
            return value != 0x21 || (place > 0 && scalars[place - 1].look &- 0x61 < 26)
        }
        guard value != next, next == 0x40 || next == 0x24, place + 2 < scalars.count else { return false }
        return value != 0x21 && scalars[place + 2].look &- 0x61 < 26
    }

    /// Whether a regional indicator is one of just two.
    private func isFlag(_ place: Int, _ scalars: UnsafeBufferPointer<Reading.Scalar>) -> Bool {
        func isRegional(_ place: Int) -> Bool { scalars.indices.contains(place) && scalars[place].kind == .regional }
        if isRegional(place - 1) { return !isRegional(place - 2) && !isRegional(place + 1) }
        return isRegional(place + 1) && !isRegional(place + 2)
    }
}

/// The bytes of the scalar at `index`; 1 where they are no UTF-8.
@inline(__always)
func scalarLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    let length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
    guard length > 1, index + length <= bytes.count else { return 1 }
    for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return 1 }
    let second = bytes[index + 1]
    switch first {
    case 0xE0: return second < 0xA0 ? 1 : 3
    case 0xED: return second >= 0xA0 ? 1 : 3
    case 0xF0: return second < 0x90 ? 1 : 4
    case 0xF4: return second >= 0x90 ? 1 : 4
    default: return length
    }
}
