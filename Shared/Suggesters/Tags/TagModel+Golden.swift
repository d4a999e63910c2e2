import Listings
import ModelBundles

extension TagModel {
    public typealias Golden = GoldenExample<TagSuggestions>

    /// Answers every golden example of `bundle` and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let suggester = try TagSuggester(model: self)
        return try Golden.replay(
            bundle, answer: { try suggester.golden($0) },
            difference: { found, expected in ("the tags", "\(expected)", "\(found)") })
    }
}

extension TagSuggester {
    /// The answer and the digest of the features behind it.
    public func golden(_ draft: ListingDraft) throws -> (features: String, answer: TagSuggestions) {
        let answer = try suggest(draft, includeUnlikely: true)
        return (featureDigest(features.ids.map { Float(bitPattern: $0) } + features.values), answer)
    }
}
