import Listings
import ModelBundles

extension PriceModel {
    public typealias Golden = GoldenExample<PriceSuggestion>

    /// Answers every golden example of `bundle` and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let suggester = try PriceSuggester(model: self)
        return try Golden.replay(
            bundle,
            answer: { (featureDigest(try suggester.features(of: $0)), try suggester.suggest($0)) },
            difference: { $0.difference(from: $1) })
    }
}

extension PriceSuggestion {
    /// The first part that differs, with both values.
    fileprivate func difference(from expected: PriceSuggestion) -> (what: String, expected: String, found: String) {
        let parts: [(String, (PriceSuggestion) -> String)] = [
            ("raw_price", { "\($0.rawPrice)" }), ("raw_low", { "\($0.rawLow)" }), ("raw_high", { "\($0.rawHigh)" }),
            ("price", { "\($0.price.minorUnits) \($0.price.currency)" }),
            ("low", { "\($0.low.minorUnits) \($0.low.currency)" }),
            ("high", { "\($0.high.minorUnits) \($0.high.currency)" }), ("confidence", { "\($0.confidence)" }),
            ("reasons", { "\($0.reasons.map { ($0.text, $0.feature, $0.factor) })" }),
        ]
        let (name, text) = parts.first { $0.1(self) != $0.1(expected) } ?? ("answer", { "\($0)" })
        return ("the answer's \(name)", text(expected), text(self))
    }
}
