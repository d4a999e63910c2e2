import CListingAssistProtos
import Listings

extension WireArena {
    func event(
        _ message: ListingAssist__V1__RecordOutcomeRequest, limits: FieldLimits
    ) throws(WireError) -> SuggestionOutcome.Event {
        switch message.outcome_case {
        case LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_CHOICE:
            guard let choice = message.choice?.pointee else { throw .missing(field: "choice") }
            return .choice(
                SellerChoice(
                    reaction: try SellerChoice.Reaction(choice.reaction, "choice.reaction"),
                    chosen: try chosen(choice, limits: limits)))
        case LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_SALE:
            guard let sale = message.sale?.pointee else { throw .missing(field: "sale") }
            return .sale(
                .init(
                    price: sale.price == nil ? nil : try money(sale.price, "sale.price"),
                    soldAt: sale.sold_at == 0 ? nil : sale.sold_at))
        case LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_REVIEW:
            guard let review = message.review?.pointee else { throw .missing(field: "review") }
            return .review(
                .init(
                    decision: try ViolationJudgement.Decision(review.decision, "review.decision"),
                    kinds: try texts(
                        review.kinds, count: review.n_kinds, "review.kinds", most: limits.tags,
                        limit: limits.shortField)))
        default: throw .missing(field: "outcome")
        }
    }

    private func chosen(
        _ choice: ListingAssist__V1__SellerChoice, limits: FieldLimits
    ) throws(WireError) -> SellerChoice.Chosen? {
        let short = limits.shortField
        switch choice.chosen_case {
        case LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_PRICE: return .price(try money(choice.price, "choice.price"))
        case LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_CATEGORY:
            guard let category = choice.category?.pointee else { throw .missing(field: "choice.category") }
            let levels = try texts(
                category.levels, count: category.n_levels, "choice.category", most: CategoryPath.deepest, limit: short)
            do throws(ListingError) { return .category(try CategoryPath(levels: levels)) } catch {
                throw .invalid(error)
            }
        case LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_TITLE:
            return .title(try choice.title.text("choice.title", limit: limits.title) ?? "")
        case LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_ATTRIBUTE:
            guard let attribute = choice.attribute?.pointee else { throw .missing(field: "choice.attribute") }
            return .attribute(
                field: try attribute.field.text("choice.attribute.field", limit: short) ?? "",
                value: try attribute.value.text("choice.attribute.value", limit: short) ?? "")
        case LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_TAGS:
            guard let tags = choice.tags?.pointee else { throw .missing(field: "choice.tags") }
            return .tags(
                try texts(tags.tags, count: tags.n_tags, "choice.tags", most: limits.tags, limit: short))
        default: return nil
        }
    }

    func fill(
        _ message: inout ListingAssist__V1__RecordOutcomeRequest, _ event: SuggestionOutcome.Event
    ) throws(ArenaFull) {
        switch event {
        case .choice(let choice):
            let made = try make(listing_assist__v1__seller_choice__init)
            made.pointee.reaction = choice.reaction.number
            try fill(&made.pointee, choice.chosen)
            message.outcome_case = LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_CHOICE
            message.choice = made
        case .sale(let sale):
            let made = try make(listing_assist__v1__sale__init)
            if let price = sale.price { made.pointee.price = try make(price) }
            made.pointee.sold_at = sale.soldAt ?? 0
            message.outcome_case = LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_SALE
            message.sale = made
        case .review(let review):
            let made = try make(listing_assist__v1__review__init)
            made.pointee.decision = review.decision.number
            made.pointee.kinds = try bytes(review.kinds)
            made.pointee.n_kinds = review.kinds.count
            message.outcome_case = LISTING_ASSIST__V1__RECORD_OUTCOME_REQUEST__OUTCOME_REVIEW
            message.review = made
        }
    }

    private func fill(
        _ message: inout ListingAssist__V1__SellerChoice, _ chosen: SellerChoice.Chosen?
    ) throws(ArenaFull) {
        switch chosen {
        case .price(let price):
            message.chosen_case = LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_PRICE
            message.price = try make(price)
        case .category(let path):
            let made = try make(listing_assist__v1__category_choice__init)
            made.pointee.levels = try bytes(path.levels)
            made.pointee.n_levels = path.levels.count
            message.chosen_case = LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_CATEGORY
            message.category = made
        case .title(let title):
            message.chosen_case = LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_TITLE
            message.title = try bytes(title)
        case .attribute(let field, let value):
            let made = try make(listing_assist__v1__attribute_choice__init)
            made.pointee.field = try bytes(field)
            made.pointee.value = try bytes(value)
            message.chosen_case = LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_ATTRIBUTE
            message.attribute = made
        case .tags(let tags):
            let made = try make(listing_assist__v1__tags_choice__init)
            made.pointee.tags = try bytes(tags)
            made.pointee.n_tags = tags.count
            message.chosen_case = LISTING_ASSIST__V1__SELLER_CHOICE__CHOSEN_TAGS
            message.tags = made
        case nil: break
        }
    }
}

extension SellerChoice.Reaction: WireEnum {
    var number: ListingAssist__V1__Reaction {
        switch self {
        case .accepted: LISTING_ASSIST__V1__REACTION__REACTION_ACCEPTED
        case .edited: LISTING_ASSIST__V1__REACTION__REACTION_EDITED
        case .ignored: LISTING_ASSIST__V1__REACTION__REACTION_IGNORED
        }
    }
}
