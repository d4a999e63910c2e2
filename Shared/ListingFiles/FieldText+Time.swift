extension FieldText {
    /// 0000-01-01 and 9999-12-31T23:59:59 UTC.
    private static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Unix seconds, or an ISO 8601 date or date-time (`2024-05-01`, `2024-05-01T09:30:00+09:00`; no zone means UTC).
    /// Parts of a second are dropped.
    static func time(_ cell: UnsafeRawBufferPointer, field: ListingField) throws(RowDefect) -> Int64 {
        let cell = trimmingBlanks(cell)
        var reader = TimeReader(bytes: cell)
        guard let seconds = reader.unixSeconds() ?? reader.iso8601() else {
            throw RowDefect(
                .time,
                "\(field.name) \"\(shown(cell))\" is not a time; write Unix seconds or ISO 8601, such as 2024-05-01T09:30:00Z"
            )
        }
        guard range.contains(seconds) else {
            throw RowDefect(
                .time, "\(field.name) \"\(shown(cell))\" is out of range; write seconds, not milliseconds")
        }
        return seconds
    }
}

private struct TimeReader {
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func accept(_ characters: Unicode.Scalar...) -> Unicode.Scalar? {
        guard let byte = current, let found = characters.first(where: { UInt8(ascii: $0) == byte }) else { return nil }
        position += 1
        return found
    }

    /// Exactly `count` digits.
    private mutating func number(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + count] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte) - 0x30
        }
        position += count
        return value
    }

    /// A whole number, with a fraction that is dropped (toward earlier times).
    mutating func unixSeconds() -> Int64? {
        position = 0
        let isNegative = accept("-") != nil
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start, position - start <= 18 else { return nil }
        let length = position - start
        position = start
        guard let whole = number(length) else { return nil }
        let hasFraction = skipFraction()
        guard position == bytes.count, let hasFraction else { return nil }
        return isNegative ? -whole - (hasFraction ? 1 : 0) : whole
    }

    /// Passes over `.` and digits. Returns whether a digit other than 0 was there, or nil when no digit follows the point.
    private mutating func skipFraction() -> Bool? {
        guard accept(".") != nil else { return false }
        let start = position
        var isNonZero = false
        while let byte = current, (0x30...0x39).contains(byte) {
            if byte != 0x30 { isNonZero = true }
            position += 1
        }
        return position > start ? isNonZero : nil
    }

    mutating func iso8601() -> Int64? {
        position = 0
        guard let year = number(4), accept("-") != nil, let month = number(2), accept("-") != nil,
            let day = number(2), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        let midnight = Self.daysSince1970(year: year, month: month, day: day) * 86_400
        if position == bytes.count { return midnight }
        guard accept("T", "t", " ") != nil, let hour = number(2), accept(":") != nil, let minute = number(2),
            hour <= 23, minute <= 59
        else { return nil }
        var second: Int64 = 0
        if accept(":") != nil {
            // 60 is a leap second; it counts as the first second of the next minute.
            guard let value = number(2), value <= 60, skipFraction() != nil else { return nil }
            second = value
        }
        guard let offset = zoneOffset(), position == bytes.count else { return nil }
        return midnight + hour * 3_600 + minute * 60 + second - offset
    }

    /// Seconds east of UTC of what is left: nothing, `Z`, `+09:00`, `+0900` or `+09`.
    private mutating func zoneOffset() -> Int64? {
        if position == bytes.count || accept("Z", "z") != nil { return 0 }
        guard let sign = accept("+", "-"), let hours = number(2), hours <= 23 else { return nil }
        var minutes: Int64 = 0
        if position < bytes.count {
            _ = accept(":")
            guard let value = number(2), value <= 59 else { return nil }
            minutes = value
        }
        return (hours * 3_600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from a civil date in the proleptic Gregorian calendar (after Howard Hinnant, "chrono-Compatible Low-Level
    /// Date Algorithms").
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
