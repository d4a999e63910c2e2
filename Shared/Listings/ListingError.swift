/// Why a listing or a draft was refused. The description names the field, the value and the remedy.
public enum ListingError: Error, Equatable, CustomStringConvertible {
    case unknownCurrency(String)
    case priceOutOfRange(String)
    case unknownCondition(String)
    case unknownShippingPayer(String)
    case malformedCategory(String)
    case missing(field: String)
    case tooLong(field: String, bytes: Int, limit: Int)
    case tooMany(field: String, count: Int, limit: Int)
    case soldBeforeListed(listedAt: Int64, soldAt: Int64)

    public var description: String {
        switch self {
        case .unknownCurrency(let code):
            "currency \(quoted(code)) is not a three-letter ISO 4217 code; use one such as JPY or USD"
        case .priceOutOfRange(let price):
            "price \(quoted(price)) is out of range; it must be a number from 0 to \(Int(Money.largestMajorUnits)), in major units"
        case .unknownCondition(let text):
            "condition \(quoted(text)) is unknown; use 1 (new) to 6 (poor) or "
                + Condition.allCases.map(\.name).joined(separator: ", ")
        case .unknownShippingPayer(let text):
            "shipping_payer \(quoted(text)) is unknown; use seller (1) or buyer (0)"
        case .malformedCategory(let text):
            "category \(quoted(text)) is malformed; write 1 to \(CategoryPath.deepest) non-empty levels parted by /"
        case .missing(let field):
            "\(field) is missing; every listing needs one"
        case .tooLong(let field, let bytes, let limit):
            "\(field) is \(bytes) bytes of UTF-8; shorten it to \(limit)"
        case .tooMany(let field, let count, let limit):
            "\(field) has \(count) entries; keep at most \(limit)"
        case .soldBeforeListed(let listedAt, let soldAt):
            "sold_at \(soldAt) is before listed_at \(listedAt); check the two columns"
        }
    }
}

/// `text` in double quotes, cut after 60 characters so that an error stays one readable line.
private func quoted(_ text: String) -> String {
    let shown = text.prefix(60).map { $0.isNewline ? " " : String($0) }.joined()
    return "\"\(shown)\(text.count > 60 ? "…" : "")\""
}
