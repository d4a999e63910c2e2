import FeatureExtraction

/// Finds numbers that fit a template, however their digits are written and parted, in one pass.
struct NumberScanner: Sendable {
    struct Template: Sendable {
        var atom: Int
        var number: NumberTemplate
    }

    /// A template, its digits among those of all.
    private struct Entry: Sendable {
        var atom: Int
        var digits: Range<Int>
        var breaks: UInt32?
    }

    private var entries: [Entry] = []
    private var digits: [UInt16] = []
    /// Templates that a number may begin with, by its first digit.
    private var byFirstDigit = [[Int]](repeating: [], count: 10)

    mutating func add(_ template: Template) {
        for digit in 0..<10 where template.number.digits[0] >> UInt16(digit) & 1 == 1 {
            byFirstDigit[digit].append(entries.count)
        }
        let first = digits.count
        digits += template.number.digits
        entries.append(Entry(atom: template.atom, digits: first..<digits.count, breaks: template.number.breaks))
    }

    /// Appends the numbers of `text`, the letters of a reading, those of one template beside each other. A number begins
    /// and ends with a group of digits.
    func scan(_ text: UnsafeBufferPointer<Reading.Letter>, into findings: inout [Finding]) {
        guard !entries.isEmpty else { return }
        entries.withUnsafeBufferPointer { entries in
            digits.withUnsafeBufferPointer { digits in scan(text, entries, digits, into: &findings) }
        }
    }

    private func scan(
        _ text: UnsafeBufferPointer<Reading.Letter>, _ entries: UnsafeBufferPointer<Entry>,
        _ digits: UnsafeBufferPointer<UInt16>, into findings: inout [Finding]
    ) {
        var free = [Int](repeating: 0, count: entries.count)
        /// Where the digits that follow one another end.
        var runEnd = 0
        for first in 0..<max(text.count - 1, 0) where text[first].digit < 10 {
            if first >= runEnd {
                runEnd = first + 1
                while Self.digit(text, runEnd) < 10 { runEnd += 1 }
            }
            if first > 0, text[first].gap.isEmpty, Self.digit(text, first - 1) < 10 { continue }
            for index in byFirstDigit[Int(text[first].digit)] where first >= free[index] {
                let entry = entries[index]
                guard first + entry.digits.count <= runEnd, let end = Self.end(of: entry, digits, text, first) else {
                    continue
                }
                free[index] = end
                var isDisguised = false
                for place in first..<end where text[place].script != .digit || text[place].isSubstitute {
                    isDisguised = true
                }
                findings.append(
                    Finding(
                        atom: entry.atom, letters: first..<end, start: Int(text[first].start),
                        end: Int(text[end - 1].end), isDisguised: isDisguised))
            }
        }
    }

    @inline(__always)
    private static func end(
        of number: Entry, _ digits: UnsafeBufferPointer<UInt16>, _ text: UnsafeBufferPointer<Reading.Letter>,
        _ first: Int
    ) -> Int? {
        let end = first + number.digits.count
        // Most numbers fail here: another digit follows at once.
        guard text[end - 1].digit < 10, !text[end].gap.isEmpty || digit(text, end) >= 10 else { return nil }
        var gaps = 0
        var strange = 0
        for offset in 0..<number.digits.count {
            let value = digit(text, first + offset)
            guard value < 10, digits[number.digits.lowerBound + offset] >> UInt16(value) & 1 == 1 else { return nil }
            guard offset > 0, !text[first + offset].gap.isSubset(of: .invisible) else { continue }
            gaps += 1
            if let breaks = number.breaks, breaks >> UInt32(offset) & 1 == 0 { strange += 1 }
        }
        // Digit by digit is a disguise; parted once or twice elsewhere is another number.
        guard strange == 0 || gaps * 2 >= number.digits.count else { return nil }
        return end
    }

    /// The digit that a letter is; an o or an l right between digits counts. 255 for none.
    @inline(__always)
    static func digit(_ text: UnsafeBufferPointer<Reading.Letter>, _ place: Int) -> UInt8 {
        guard place + 1 < text.count else { return 255 }
        let letter = text[place]
        if letter.digit < 10 { return letter.digit }
        guard letter.scalar == 0x6F || letter.scalar == 0x6C || letter.scalar == 0x69, letter.repeats == 1, place > 0,
            text[place - 1].digit < 10, text[place + 1].digit < 10
        else { return 255 }
        return letter.scalar == 0x6F ? 0 : 1
    }
}
