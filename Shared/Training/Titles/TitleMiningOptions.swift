/// What is mined from titles, and how much of it is kept.
public struct TitleMiningOptions: Sendable, Hashable {
    /// Words and n-grams of fewer sellers (listings, where sellers are unknown) are never suggested; 1 to 16.
    public var minimumSellers = 2
    /// Titles that hold one of these, in any case or width, are not mined.
    public var blockedTerms: [String] = []
    /// Past this many titles only the newest count.
    public var maximumTitles = 2_000_000
    /// Past this many different words while mining, the rarest are forgotten (lossy counting).
    public var maximumWords = 3_000_000
    /// The most n-grams kept, about 12 bytes each.
    public var maximumNodes = 3_000_000
    /// The longest n-gram, in words; from the beginning of a title, up to 11 words count.
    public var longestNGram = 5
    /// Titles set aside to train the ranker, at most a tenth of all.
    public var heldOutTitles = 3_000
    /// Prefixes of each of them that are ranked.
    public var prefixesPerTitle = 5
    public var seed: UInt64 = 1
    /// The index is the same for any number.
    public var threads = 2

    public init() {}
}
