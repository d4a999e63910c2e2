/// A remote procedure of `listing_assist.v1`.
public enum WireMethod: String, Sendable, CaseIterable, CustomStringConvertible {
    case suggestPrice = "SuggestPrice"
    case extractFeatures = "ExtractFeatures"
    case suggestCategories = "SuggestCategories"
    case suggestTitles = "SuggestTitles"
    case suggestAttributes = "SuggestAttributes"
    case suggestTags = "SuggestTags"
    case detectViolations = "DetectViolations"
    case recordOutcome = "RecordOutcome"

    /// The full name of its service: `listing_assist.v1.PriceService`.
    public var service: String {
        switch self {
        case .suggestPrice, .extractFeatures: "listing_assist.v1.PriceService"
        case .suggestCategories, .suggestTitles, .suggestAttributes: "listing_assist.v1.CategoryTitleService"
        case .suggestTags: "listing_assist.v1.TagService"
        case .detectViolations: "listing_assist.v1.ViolationService"
        case .recordOutcome: "listing_assist.v1.FeedbackService"
        }
    }

    /// Its name within the service: `SuggestPrice`.
    public var name: String { rawValue }

    /// `listing_assist.v1.PriceService/SuggestPrice`.
    public var description: String { "\(service)/\(name)" }

    /// The method of a service, nil when there is none.
    public init?(service: String, name: String) {
        guard let method = WireMethod(rawValue: name), method.service == service else { return nil }
        self = method
    }

    /// Reads `SuggestPrice`, `PriceService/SuggestPrice` or the full name; `.` may stand for `/`.
    /// - Throws: ``WireError/unknownMethod(_:)``.
    public init(parsing text: String) throws(WireError) {
        let isMark = { (character: Character) in character == "/" || character == "." }
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: isMark)
        let known = Self.allCases.first { method in
            method.description.split(whereSeparator: isMark).suffix(parts.count).elementsEqual(parts)
                && parts.last == method.name[...]
        }
        guard let method = known else { throw .unknownMethod(text) }
        self = method
    }
}
