/// A title that the title suggester proposes.
public struct TitleSuggestion: Sendable, Hashable, Codable {
    /// How a title came about.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Begins with what was typed.
        case completion
        /// Worded anew from the draft's fields.
        case rewrite
    }

    public var title: String
    public var kind: Kind
    /// The ranker's score: higher is better, comparable among the titles of one kind in one answer only.
    public var score: Double
    /// How many of the marketplace's listings support it.
    public var support: Int

    public init(title: String, kind: Kind, score: Double, support: Int) {
        self.title = title
        self.kind = kind
        self.score = score
        self.support = support
    }
}
