import Listings

/// Asks a ``CategoryTitleModel``. Owned by one thread.
public final class CategoryTitleSuggester {
    public let model: CategoryTitleModel
    /// `nil` where the model was trained without categories.
    public let categories: CategorySuggester?
    private let titles: TitleSuggester
    private let attributes: AttributeSuggester

    /// Rewrites among the titles suggested, at the most.
    private static let mostRewrites = 2

    public init(model: CategoryTitleModel) throws {
        self.model = model
        categories = try model.categories.map { try CategorySuggester(model: $0, dictionary: model.dictionary) }
        titles = TitleSuggester(index: model.titles)
        attributes = try AttributeSuggester(model: model.attributes)
    }

    /// - Throws: ``SuggestionError/noCategories`` where the model knows none.
    public func suggestCategories(
        _ draft: ListingDraft, limit: Int = 5
    ) throws(SuggestionError) -> CategorySuggestions {
        guard let categories else { throw .noCategories }
        return categories.suggest(draft, limit: limit)
    }

    /// Ways to go on with the draft's title, then better wordings of it. Where the draft has no category, the one that its
    /// text makes most likely is taken, if it stands out.
    /// - Parameter maxCharacters: the most characters of a title.
    public func suggestTitles(_ draft: ListingDraft, limit: Int = 5, maxCharacters: Int = 40) -> [TitleSuggestion] {
        var draft = draft
        if draft.category == nil, let likely = categories?.suggest(draft, limit: 1), likely.verdict == .leaf {
            draft.category = likely.suggestions.first?.category
        }
        let typed = draft.title ?? ""
        let rewrites = titles.rewrite(
            draft, limit: min(Self.mostRewrites, limit), maxCharacters: maxCharacters
        ).filter { typed.isEmpty || !$0.title.utf8.starts(with: typed.utf8) }
        let completions = titles.complete(
            typed, category: draft.category, brand: draft.brand, limit: limit, maxCharacters: maxCharacters)
        return Array(completions.prefix(max(0, limit - rewrites.count))) + rewrites
    }

    /// Values for the fields that the draft leaves empty.
    /// - Throws: ``SuggestionError/notEnough``.
    public func suggestAttributes(
        _ draft: ListingDraft, attributes wanted: Set<Attribute> = Set(Attribute.allCases), maxValues: Int = 3
    ) throws(SuggestionError) -> [AttributeSuggestion] {
        try attributes.suggest(draft, attributes: wanted, maxValues: maxValues)
    }
}
