/// The state of an item, from 1 (new) to 6 (poor).
public enum Condition: Int, Sendable, Hashable, CaseIterable, Codable {
    case new = 1
    case likeNew, good, fair, worn, poor

    /// The name used in files and on the wire's JSON form.
    public var name: String {
        switch self {
        case .new: "new"
        case .likeNew: "like_new"
        case .good: "good"
        case .fair: "fair"
        case .worn: "worn"
        case .poor: "poor"
        }
    }

    /// Reads a rank (`1` to `6`) or a name; the usual Japanese and English wordings of marketplaces are known too.
    /// - Throws: ``ListingError/unknownCondition(_:)``.
    public init(parsing text: String) throws(ListingError) {
        let folded = text.lowercased().filter { !" _-、,。・".contains($0) }
        if text.utf8.count == 1, let rank = Int(text), let condition = Condition(rawValue: rank) {
            self = condition
        } else if let condition = Self.wordings[folded] {
            self = condition
        } else {
            throw .unknownCondition(text)
        }
    }

    private static let wordings: [String: Condition] = [
        "new": .new, "新品": .new, "未使用": .new, "新品未使用": .new,
        "likenew": .likeNew, "未使用に近い": .likeNew,
        "good": .good, "目立った傷や汚れなし": .good,
        "fair": .fair, "やや傷や汚れあり": .fair,
        "worn": .worn, "傷や汚れあり": .worn,
        "poor": .poor, "全体的に状態が悪い": .poor,
    ]
}
