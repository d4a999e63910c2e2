/// What kind of marketplace to make.
public struct SynthesisOptions: Sendable, Hashable, Codable {
    /// Listings are spread over this many days before ``endsAt``; at least 1.
    public var days = 365
    /// The end of the window, seconds since 1970-01-01 UTC; by default 2025-06-30.
    public var endsAt: Int64 = 1_751_241_600
    /// The share of listings that break a rule, 0 to 1.
    public var violationRate = 0.03
    /// Which words and disguises violations use.
    public var violationWording = ViolationWording.known
    /// How many people sell; a few of them list much more than the rest; at least 1.
    public var sellers = 20_000

    public init() {}
}

/// Which words and disguises the violations of a set of listings use. The two sets are disjoint, so that a detector
/// trained on one can be judged on wording it never saw.
public enum ViolationWording: String, Sendable, Hashable, Codable, CaseIterable {
    case known, heldOut
}
