/// What the tag estimator answers.
public struct TagSuggestions: Sendable, Hashable, Codable {
    /// Whether the model was trained for the draft's category; where not, only dictionary tags are suggested.
    public var isTrainedCategory: Bool
    /// Most likely first.
    public var suggestions: [TagSuggestion]

    public init(isTrainedCategory: Bool, suggestions: [TagSuggestion]) {
        self.isTrainedCategory = isTrainedCategory
        self.suggestions = suggestions
    }

    enum CodingKeys: String, CodingKey {
        case suggestions
        case isTrainedCategory = "is_trained_category"
    }
}

/// A tag that describes a draft.
public struct TagSuggestion: Sendable, Hashable, Codable {
    /// Where a tag comes from.
    public enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        /// Learnt from listings.
        case model
        /// Listed by hand with its aliases, unseen in training.
        case dictionary
    }

    public var tag: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    /// The least probability at which this tag is suggested, tuned for a stated precision.
    public var threshold: Double
    public var source: Source
    /// The words that gave it away.
    public var evidence: [TextSpan]

    public init(tag: String, probability: Double, threshold: Double, source: Source, evidence: [TextSpan]) {
        self.tag = tag
        self.probability = probability
        self.threshold = threshold
        self.source = source
        self.evidence = evidence
    }
}
