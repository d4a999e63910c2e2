extension Reading {
    /// Something to reach a person or a page by.
    public enum Address: Sendable {
        case email, url
    }

    /// The longest name or host that is read around an `@`, and the longest page, in scalars.
    private static let longestName = 64
    private static let longestPage = 256

    /// Calls `body` with each address and its bytes of the source, in the order they end. Linear in the text.
    public func forEachAddress(_ body: (Address, Range<Int>) -> Void) {
        var place = 0
        var free = 0
        while place < scalars.count {
            let value = scalars[place].value
            if value == 0x40, let range = email(around: place, from: free) {
                body(.email, Int(scalars[range.lowerBound].start)..<Int(scalars[range.upperBound - 1].end))
                free = range.upperBound
                place = free
                continue
            }
            if value == 0x77 || value == 0x68, let end = page(from: place) {
                body(.url, Int(scalars[place].start)..<Int(scalars[end - 1].end))
                free = end
                place = free
                continue
            }
            place += 1
        }
    }

    private func email(around at: Int, from free: Int) -> Range<Int>? {
        var start = at
        while start > free, at - start < Self.longestName, Self.isName(scalars[start - 1].value) { start -= 1 }
        var end = at + 1
        var dot: Int?
        while end < scalars.count, end - at < Self.longestName, Self.isHost(scalars[end].value) {
            if scalars[end].value == 0x2E { dot = end }
            end += 1
        }
        while end > at + 1, !Self.isLetter(scalars[end - 1].value) {
            end -= 1
            if let last = dot, last >= end { dot = nil }
        }
        guard start < at, let dot, dot > at + 1, end - dot >= 3 else { return nil }
        return start..<end
    }

    /// The end of a page's address that begins at `start` with `http://`, `https://` or `www.`.
    private func page(from start: Int) -> Int? {
        guard start + 1 < scalars.count else { return nil }
        let next = scalars[start + 1].value
        guard next == 0x77 || next == 0x74, start == 0 || !Self.isName(scalars[start - 1].value) else { return nil }
        var end = start
        for beginning in ["https://", "http://", "www."] where has(beginning, at: start) {
            end = start + beginning.utf8.count
            break
        }
        guard end > start else { return nil }
        let host = end
        while end < scalars.count, end - start < Self.longestPage, scalars[end].value &- 0x21 < 0x5E { end += 1 }
        return end >= host + 4 ? end : nil
    }

    private func has(_ word: String, at place: Int) -> Bool {
        guard place + word.utf8.count <= scalars.count else { return false }
        for (offset, byte) in word.utf8.enumerated() where scalars[place + offset].value != UInt32(byte) {
            return false
        }
        return true
    }

    private static func isLetter(_ value: UInt32) -> Bool { value &- 0x61 < 26 }
    private static func isHost(_ value: UInt32) -> Bool {
        isLetter(value) || value &- 0x30 < 10 || value == 0x2E || value == 0x2D
    }
    private static func isName(_ value: UInt32) -> Bool { isHost(value) || value == 0x5F || value == 0x2B }
}
