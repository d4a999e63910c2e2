import Listings

/// A field's value as files hold it.
enum FieldValue {
    case text(String)
    case number(String)
    case list([String])
}

extension Listing {
    /// What a file holds for `field`; nil when it is missing or empty.
    func value(of field: ListingField) -> FieldValue? {
        switch field {
        case .id: text(id)
        case .title: text(content.title)
        case .description: text(content.description)
        case .category: content.category.map { .list($0.levels) }
        case .brand: text(content.brand)
        case .condition: content.condition.map { .number(String($0.rawValue)) }
        case .shippingPayer: text(content.shippingPayer?.rawValue)
        case .shippingMethod: text(content.shippingMethod)
        case .size: text(content.size)
        case .color: text(content.color)
        case .tags: content.tags.isEmpty ? nil : .list(content.tags)
        case .violation: text(violation)
        case .price: price.map { .number($0.decimalText) }
        case .currency: text((price?.currency ?? content.currency)?.code)
        case .listedAt: content.listedAt.map { .number(String($0)) }
        case .soldAt: soldAt.map { .number(String($0)) }
        case .seller: text(content.seller)
        }
    }

    private func text(_ text: String?) -> FieldValue? {
        guard let text, !text.isEmpty else { return nil }
        return .text(text)
    }
}

extension Money {
    /// The amount in major units, exactly: `12.50`, `1200`.
    public var decimalText: String {
        let scale = currency.minorUnitsPerMajor
        let (whole, part) = minorUnits.quotientAndRemainder(dividingBy: scale)
        guard scale > 1 else { return String(whole) }
        let digits = String(part.magnitude)
        let zeros = String(repeating: "0", count: currency.minorUnitDigits - digits.utf8.count)
        return (minorUnits < 0 && whole == 0 ? "-" : "") + "\(whole).\(zeros)\(digits)"
    }
}
