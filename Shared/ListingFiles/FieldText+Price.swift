import Listings

extension FieldText {
    /// A price as decimal text. Digits behind the minor unit are rounded, halves up; nothing goes through floating point
    /// unless the text has an exponent.
    static func price(
        _ cell: UnsafeRawBufferPointer, currency: Currency, unit: ColumnMap.PriceUnit
    ) throws(RowDefect) -> Money {
        let cell = trimmingBlanks(cell)
        let digits = unit == .minor ? 0 : currency.minorUnitDigits
        switch Decimal(cell, fractionDigits: digits) {
        case .value(let units, let isExact):
            guard unit == .major || isExact else {
                throw RowDefect(.price, "price \"\(shown(cell))\" is not a whole number of minor units")
            }
            return try money(units, currency, cell)
        case .tooLarge:
            throw outOfRange(cell)
        case .other:
            let text = String(decoding: cell, as: UTF8.self)
            guard text.utf8.allSatisfy({ $0 != 0x78 && $0 != 0x58 }), let value = Double(text) else {
                throw RowDefect(
                    .price, "price \"\(shown(cell))\" is not a number; write digits with a point, without other marks")
            }
            guard unit == .major || value == value.rounded() else {
                throw RowDefect(.price, "price \"\(shown(cell))\" is not a whole number of minor units")
            }
            let major = unit == .major ? value : value / Double(currency.minorUnitsPerMajor)
            do {
                return try Money(majorUnits: major, currency: currency)
            } catch {
                throw outOfRange(cell)
            }
        }
    }

    private static func money(
        _ units: Int64, _ currency: Currency, _ cell: UnsafeRawBufferPointer
    ) throws(RowDefect) -> Money {
        let money = Money(minorUnits: units, currency: currency)
        guard money.majorUnits <= Money.largestMajorUnits else { throw outOfRange(cell) }
        return money
    }

    private static func outOfRange(_ cell: UnsafeRawBufferPointer) -> RowDefect {
        RowDefect(.price, ListingError.priceOutOfRange(shown(cell)).description)
    }

    static func shown(_ cell: UnsafeRawBufferPointer) -> String {
        String(String(decoding: cell, as: UTF8.self).prefix(60))
    }
}

/// Unsigned decimal text (`12`, `12.5`, `.5`, `12.`) as a whole number of units.
private enum Decimal {
    case value(Int64, isExact: Bool)
    case tooLarge
    /// Not of that form.
    case other

    init(_ cell: UnsafeRawBufferPointer, fractionDigits: Int) {
        var value: Int64 = 0
        var hasDigit = false
        var hasPoint = false
        var fraction = 0
        var roundsUp = false
        var isExact = true
        var overflows = false
        for byte in cell {
            if byte == 0x2E, !hasPoint {
                hasPoint = true
                continue
            }
            guard (0x30...0x39).contains(byte) else {
                self = .other
                return
            }
            hasDigit = true
            if hasPoint { fraction += 1 }
            if fraction > fractionDigits {
                if fraction == fractionDigits + 1 { roundsUp = byte >= 0x35 }
                if byte != 0x30 { isExact = false }
            } else {
                overflows = !Self.append(Int64(byte) - 0x30, to: &value) || overflows
            }
        }
        while fraction < fractionDigits {
            overflows = !Self.append(0, to: &value) || overflows
            fraction += 1
        }
        if !hasDigit {
            self = .other
        } else {
            self = overflows ? .tooLarge : .value(value + (roundsUp ? 1 : 0), isExact: isExact)
        }
    }

    /// Returns false, leaving `value`, when it would pass a bound that is far above any price.
    private static func append(_ digit: Int64, to value: inout Int64) -> Bool {
        guard value < 1_000_000_000_000_000 else { return false }
        value = value * 10 + digit
        return true
    }
}
