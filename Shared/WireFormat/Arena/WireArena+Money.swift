import CListingAssistProtos
import Listings

/// A currency beside the three bytes it was read from.
struct CurrencyCode {
    let bytes: (UInt8, UInt8, UInt8)
    let currency: Currency
}

extension WireArena {
    /// The currency of a code, nil when the code is empty.
    /// - Throws: ``ListingError/unknownCurrency(_:)``, ``WireError/invalidUTF8(field:offset:)``.
    func currency(_ code: ProtobufCBinaryData, _ field: String) throws(WireError) -> Currency? {
        let bytes = code.buffer
        if bytes.count == 3, let last = lastCurrency, last.bytes == (bytes[0], bytes[1], bytes[2]) {
            return last.currency
        }
        guard let text = try code.text(field, limit: FieldLimits().shortField) else { return nil }
        do throws(ListingError) {
            let currency = try Currency(text)
            lastCurrency = CurrencyCode(bytes: (bytes[0], bytes[1], bytes[2]), currency: currency)
            return currency
        } catch {
            throw .invalid(error)
        }
    }

    /// - Throws: ``WireError/missing(field:)`` when there is no amount, or none of its currency.
    func money(_ money: UnsafeMutablePointer<ListingAssist__V1__Money>?, _ field: String) throws(WireError) -> Money {
        guard let money = money?.pointee else { throw .missing(field: field) }
        guard let currency = try currency(money.currency, "\(field).currency") else {
            throw .missing(field: "\(field).currency")
        }
        return Money(minorUnits: money.minor_units, currency: currency)
    }

    func make(_ money: Money) throws(ArenaFull) -> UnsafeMutablePointer<ListingAssist__V1__Money> {
        let message = try make(listing_assist__v1__money__init)
        message.pointee.minor_units = money.minorUnits
        message.pointee.currency = try bytes(money.currency.code)
        return message
    }
}
