private let quote: UInt8 = 0x22
private let comma: UInt8 = 0x2C
private let lineFeed: UInt8 = 0x0A

extension RowFields {
    /// The length, without the line feed, and the count of lines of the CSV record at the start of `window`, or nil when
    /// it is not complete. A quote opens only at the start of a field (RFC 4180).
    static func csvRecord(in window: UnsafeRawBufferPointer, isEnd: Bool) -> (length: Int, lines: Int)? {
        var position = 0
        var lines = 1
        while true {
            if position < window.count, window[position] == quote {
                position += 1
                while true {
                    guard position < window.count else { return nil }
                    let byte = window[position]
                    position += 1
                    if byte == lineFeed { lines += 1 }
                    if byte == quote {
                        guard position < window.count, window[position] == quote else { break }
                        position += 1
                    }
                }
            }
            while position < window.count, window[position] != comma, window[position] != lineFeed { position += 1 }
            guard position < window.count else { return isEnd ? (position, lines) : nil }
            if window[position] == lineFeed { return (position, lines) }
            position += 1
        }
    }

    /// Splits a complete record at the commas outside quotes and undoubles quotes.
    mutating func split(csv record: UnsafeRawBufferPointer) throws(RowDefect) {
        reset(recordLength: record.count)
        var position = 0
        while true {
            if position < record.count, record[position] == quote {
                position = try appendQuoted(record, from: position + 1)
            } else {
                let end = firstIndex(of: comma, in: record, from: position) ?? record.count
                fields.append(UnsafeRawBufferPointer(rebasing: record[position..<end]))
                position = end
            }
            guard position < record.count else { return }
            guard record[position] == comma else {
                throw RowDefect(
                    .malformedCSV, "field \(fields.count) goes on behind its closing quote; double quotes inside quotes"
                )
            }
            position += 1
            if position == record.count {
                fields.append(UnsafeRawBufferPointer(start: nil, count: 0))
                return
            }
        }
    }

    /// Appends the field whose opening quote stands before `start`; returns the index behind its closing quote.
    private mutating func appendQuoted(
        _ record: UnsafeRawBufferPointer, from start: Int
    ) throws(RowDefect) -> Int {
        var position = start
        var decodedStart: Int?
        while let found = firstIndex(of: quote, in: record, from: position) {
            let isDoubled = found + 1 < record.count && record[found + 1] == quote
            if isDoubled || decodedStart != nil {
                if decodedStart == nil { decodedStart = used }
                let part = record[position..<found + (isDoubled ? 1 : 0)]
                append(decoded: UnsafeRawBufferPointer(rebasing: part))
            }
            if !isDoubled {
                let plain = UnsafeRawBufferPointer(rebasing: record[start..<found])
                fields.append(decodedStart.map { decoded(from: $0) } ?? plain)
                return found + 1
            }
            position = found + 2
        }
        throw RowDefect(.malformedCSV, "field \(fields.count + 1) opens a quote that never closes")
    }
}
