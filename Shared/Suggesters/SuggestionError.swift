import Listings

/// Why no suggestion was made for a draft.
public enum SuggestionError: Error, Equatable, CustomStringConvertible {
    /// The draft holds nothing that a suggestion could be made from.
    case notEnough
    /// The model was trained on listings without categories.
    case noCategories
    case otherCurrency(draft: Currency, model: Currency)

    public var description: String {
        switch self {
        case .notEnough: "not enough to go on: fill in at least a title, a category or a brand"
        case .noCategories: "this model was trained on listings without categories; train one with them"
        case .otherCurrency(let draft, let model):
            "the draft is in \(draft), this model prices in \(model); ask the service of that marketplace"
        }
    }
}
