/// What the price suggester answers.
public struct PriceSuggestion: Sendable, Hashable, Codable {
    /// The suggested price, rounded the way sellers of the currency price things.
    public var price: Money
    /// An interval that is calibrated to hold 80 % of sold prices, rounded outwards the same way.
    public var low: Money
    public var high: Money
    /// The model's own estimate before rounding, in major units.
    public var rawPrice: Double
    /// The interval before rounding, in major units.
    public var rawLow: Double
    public var rawHigh: Double
    /// The estimated probability, 0 to 1, that the item sells within 25 % of ``rawPrice``.
    public var confidence: Double
    /// What moved this price most, largest effect first.
    public var reasons: [Reason]

    /// One thing that moved a price.
    public struct Reason: Sendable, Hashable, Codable {
        /// In words, for a person: `brand "NIKE"`.
        public var text: String
        /// The feature or group of features behind it, by its name in the feature spec.
        public var feature: String
        /// The factor it multiplies the price by: 1.2 raises it by a fifth, 0.8 lowers it by a fifth.
        public var factor: Double

        public init(text: String, feature: String, factor: Double) {
            self.text = text
            self.feature = feature
            self.factor = factor
        }
    }

    public init(
        price: Money, low: Money, high: Money, rawPrice: Double, rawLow: Double, rawHigh: Double, confidence: Double,
        reasons: [Reason]
    ) {
        self.price = price
        self.low = low
        self.high = high
        self.rawPrice = rawPrice
        self.rawLow = rawLow
        self.rawHigh = rawHigh
        self.confidence = confidence
        self.reasons = reasons
    }

    enum CodingKeys: String, CodingKey {
        case price, low, high, confidence, reasons
        case rawPrice = "raw_price"
        case rawLow = "raw_low"
        case rawHigh = "raw_high"
    }
}
