import CListingAssistProtos
import Listings

extension WireArena {
    /// A draft's value; an empty draft when the message holds none.
    func draft(
        _ message: UnsafeMutablePointer<ListingAssist__V1__Draft>?, limits: FieldLimits
    ) throws(WireError) -> ListingDraft {
        guard let message else { return ListingDraft() }
        let short = limits.shortField
        return ListingDraft(
            title: try message.pointee.title.text("title", limit: limits.title),
            description: try message.pointee.description.text("description", limit: limits.description),
            category: try category(message, limit: short),
            brand: try message.pointee.brand.text("brand", limit: short),
            condition: try Self.condition(message.pointee.condition),
            shippingPayer: try Self.shippingPayer(message.pointee.shipping_payer),
            shippingMethod: try message.pointee.shipping_method.text("shipping_method", limit: short),
            size: try message.pointee.size.text("size", limit: short),
            color: try message.pointee.color.text("color", limit: short),
            tags: try texts(
                message.pointee.tags, count: message.pointee.n_tags, "tags", most: limits.tags, limit: short),
            currency: try currency(message.pointee.currency, "currency"),
            listedAt: message.pointee.listed_case == LISTING_ASSIST__V1__DRAFT__LISTED_LISTED_AT
                ? message.pointee.listed_at : nil,
            seller: try message.pointee.seller.text("seller", limit: short)
        )
    }

    func make(_ draft: ListingDraft) throws(ArenaFull) -> UnsafeMutablePointer<ListingAssist__V1__Draft> {
        let message = try make(listing_assist__v1__draft__init)
        message.pointee.title = try bytes(draft.title)
        message.pointee.description = try bytes(draft.description)
        if let levels = draft.category?.levels {
            message.pointee.category_levels = try bytes(levels)
            message.pointee.n_category_levels = levels.count
        }
        message.pointee.brand = try bytes(draft.brand)
        message.pointee.condition = .init(UInt32(draft.condition?.rawValue ?? 0))
        message.pointee.shipping_payer =
            switch draft.shippingPayer {
            case .seller: LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_SELLER
            case .buyer: LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_BUYER
            case nil: LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_UNSPECIFIED
            }
        message.pointee.shipping_method = try bytes(draft.shippingMethod)
        message.pointee.size = try bytes(draft.size)
        message.pointee.color = try bytes(draft.color)
        message.pointee.tags = try bytes(draft.tags)
        message.pointee.n_tags = draft.tags.count
        message.pointee.currency = try bytes(draft.currency?.code)
        message.pointee.seller = try bytes(draft.seller)
        if let listedAt = draft.listedAt {
            message.pointee.listed_case = LISTING_ASSIST__V1__DRAFT__LISTED_LISTED_AT
            message.pointee.listed_at = listedAt
        }
        return message
    }

    private func category(
        _ message: UnsafeMutablePointer<ListingAssist__V1__Draft>, limit: Int
    ) throws(WireError) -> CategoryPath? {
        let levels = try texts(
            message.pointee.category_levels, count: message.pointee.n_category_levels, "category",
            most: CategoryPath.deepest, limit: limit)
        guard !levels.isEmpty else { return nil }
        do throws(ListingError) {
            return try CategoryPath(levels: levels)
        } catch {
            throw .invalid(error)
        }
    }

    private static func condition(_ value: ListingAssist__V1__Condition) throws(WireError) -> Condition? {
        let number = Int(Int32(truncatingIfNeeded: value.rawValue))
        guard number != 0 else { return nil }
        guard let condition = Condition(rawValue: number) else {
            throw .unknownValue(field: "condition", value: number, known: 1...Condition.allCases.count)
        }
        return condition
    }

    private static func shippingPayer(_ value: ListingAssist__V1__ShippingPayer) throws(WireError) -> ShippingPayer? {
        switch value {
        case LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_UNSPECIFIED: return nil
        case LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_SELLER: return .seller
        case LISTING_ASSIST__V1__SHIPPING_PAYER__SHIPPING_PAYER_BUYER: return .buyer
        default:
            let number = Int(Int32(truncatingIfNeeded: value.rawValue))
            throw .unknownValue(field: "shipping_payer", value: number, known: 1...2)
        }
    }
}
