import Listings

/// A set of listings with a name: what a model was trained on.
public struct ListingSnapshot: Sendable, Hashable, Codable, Identifiable {
    public let id: Int64
    /// Seconds since 1970-01-01 UTC.
    public let createdAt: Int64
    public let filter: ListingFilter
    /// Listings imported later are no part of it.
    public let maxSeq: Int64
    public let listings: Int
    /// 32 hexadecimal digits; equal for equal listings, in whatever order and store they lie. Tells changes, and is not
    /// a defence against someone who looks for a collision.
    public let digest: String

    enum CodingKeys: String, CodingKey {
        case id, filter, listings, digest
        case createdAt = "created_at"
        case maxSeq = "max_seq"
    }
}
