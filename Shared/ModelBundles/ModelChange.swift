/// One change of a service's folder in a models root: a line of `history.jsonl`.
public struct ModelChange: Sendable, Equatable, Codable {
    public enum Action: String, Sendable, Codable {
        /// A version was put into the folder.
        case publish
        /// An alias was pointed at another version, ahead or back.
        case promote, rollback
        /// A version was taken out of the folder.
        case remove
    }

    public let action: Action
    /// The alias that was changed; `nil` for ``Action/publish`` and ``Action/remove``.
    public let alias: String?
    /// Seconds since the Unix epoch, never less than the line before.
    public let at: Int64
    public let by: String
    /// The version before: of the alias, or the one removed; `nil` when there was none.
    public let from: String?
    /// The version after: of the alias, or the one published; `nil` when there is none.
    public let to: String?
    public let why: String
}

/// Who changes a models root, and why.
public struct ModelDecision: Sendable {
    public let by: String
    public let why: String
    /// Seconds since the Unix epoch; `nil` for now.
    public let at: Int64?

    public init(by: String, why: String, at: Int64? = nil) {
        (self.by, self.why, self.at) = (by, why, at)
    }
}
