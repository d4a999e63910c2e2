import Listings
import ModelBundles

extension PriceModel {
    public typealias Golden = GoldenExample<PriceSuggestion>

    /// Answers every golden example of `bundle` and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let examples = try Golden.read(bundle.read("golden.jsonl"))
        guard !examples.isEmpty else { throw GoldenError.none }
        let suggester = try PriceSuggester(model: self)
        for (index, example) in examples.enumerated() {
            let features = featureDigest(try suggester.features(of: example.draft))
            guard features == example.features else {
                throw GoldenError.differs(
                    line: index + 1, what: "the feature row's digest", expected: example.features, found: features)
            }
            let answer = try suggester.suggest(example.draft)
            guard answer == example.answer else {
                throw GoldenError.differs(
                    line: index + 1, what: "the answer", expected: "\(example.answer.rawPrice)",
                    found: "\(answer.rawPrice)")
            }
        }
        return examples.count
    }
}
