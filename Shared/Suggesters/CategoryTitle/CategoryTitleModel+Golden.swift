import Listings
import ModelBundles

/// One answer of each method.
public struct CategoryTitleAnswer: Sendable, Hashable, Codable {
    /// `nil` where the model knows no categories.
    public var categories: CategorySuggestions?
    public var titles: [TitleSuggestion]
    /// Empty for a draft without text.
    public var attributes: [AttributeSuggestion]
}

extension CategoryTitleModel {
    public typealias Golden = GoldenExample<CategoryTitleAnswer>

    /// Answers every golden example of `bundle` and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let suggester = try CategoryTitleSuggester(model: self)
        return try Golden.replay(
            bundle, answer: { suggester.golden($0) }, difference: { $0.difference(from: $1) })
    }
}

extension CategoryTitleSuggester {
    /// What the service would answer to each of its methods, and the digest of the category features behind it.
    public func golden(_ draft: ListingDraft) -> (features: String, answer: CategoryTitleAnswer) {
        let suggested = try? suggestCategories(draft)
        let (ids, values) = categories?.features ?? ([], [])
        let digest = featureDigest(ids.map { Float(bitPattern: $0) } + values)
        let answer = CategoryTitleAnswer(
            categories: suggested, titles: suggestTitles(draft), attributes: (try? suggestAttributes(draft)) ?? [])
        return (digest, answer)
    }
}

extension CategoryTitleAnswer {
    /// The first part that differs, with both values.
    fileprivate func difference(
        from expected: CategoryTitleAnswer
    ) -> (what: String, expected: String, found: String) {
        if categories != expected.categories {
            return ("the answer's categories", "\(expected.categories as Any)", "\(categories as Any)")
        }
        if titles != expected.titles { return ("the answer's titles", "\(expected.titles)", "\(titles)") }
        return ("the answer's attributes", "\(expected.attributes)", "\(attributes)")
    }
}
