import FeatureExtraction

/// Finds numbers that fit a template, however their digits are written and parted, in one pass.
struct NumberScanner: Sendable {
    struct Template: Sendable {
        var atom: Int
        var digits: [UInt16]
    }

    var templates: [Template] = []

    /// Appends every number of `text`, the letters of a reading. A number begins and ends with a group of digits.
    func scan(_ text: UnsafeBufferPointer<Reading.Letter>, into findings: inout [Finding]) {
        guard !templates.isEmpty else { return }
        for first in 0..<max(text.count - 1, 0) where text[first].digit < 10 {
            if first > 0, text[first].gap.isEmpty, Self.digit(text, first - 1) < 10 { continue }
            for template in templates {
                guard let end = Self.end(of: template.digits, text, first) else { continue }
                var isDisguised = false
                for place in first..<end where text[place].script != .digit || text[place].isSubstitute {
                    isDisguised = true
                }
                findings.append(
                    Finding(
                        atom: template.atom, letters: first..<end, start: Int(text[first].start),
                        end: Int(text[end - 1].end), isDisguised: isDisguised))
            }
        }
    }

    private static func end(
        of digits: [UInt16], _ text: UnsafeBufferPointer<Reading.Letter>, _ first: Int
    ) -> Int? {
        for (offset, allowed) in digits.enumerated() {
            let value = digit(text, first + offset)
            guard value < 10, allowed >> UInt16(value) & 1 == 1 else { return nil }
        }
        let end = first + digits.count
        guard text[end - 1].digit < 10 else { return nil }
        return text[end].gap.isEmpty && digit(text, end) < 10 ? nil : end
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
