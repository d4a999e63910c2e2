/// A field of a listing that its text may give away.
public enum Attribute: String, Sendable, Hashable, Codable, CaseIterable {
    case brand
    case shippingPayer = "shipping_payer"
    case shippingMethod = "shipping_method"
    case size, color, condition
}

/// A value for a field that the seller left empty.
public struct AttributeSuggestion: Sendable, Hashable, Codable {
    public var attribute: Attribute
    /// As the draft's field would hold it; conditions and payers by name: `like_new`, `seller`.
    public var value: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    /// The words that gave it away.
    public var evidence: [TextSpan]

    public init(attribute: Attribute, value: String, probability: Double, evidence: [TextSpan]) {
        self.attribute = attribute
        self.value = value
        self.probability = probability
        self.evidence = evidence
    }
}
