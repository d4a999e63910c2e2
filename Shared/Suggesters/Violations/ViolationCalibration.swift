import Glibc

/// What turns the scores of a violation model into probabilities and decisions.
public struct ViolationCalibration: Sendable, Hashable, Codable {
    /// What decisions were asked to reach.
    public struct Targets: Sendable, Hashable, Codable {
        /// The least share of blocked listings that break the rule.
        public var blockPrecision = 0.99
        /// The least share of listings that break the rule which are reviewed or blocked.
        public var reviewRecall = 0.95

        public init() {}

        enum CodingKeys: String, CodingKey {
            case blockPrecision = "block_precision"
            case reviewRecall = "review_recall"
        }
    }

    /// One output of the classifier.
    public struct Output: Sendable, Hashable, Codable {
        /// The kind's name; `any` for the output that tells listings that break any rule from those that break none.
        public var name: String
        /// Training listings of the kind.
        public var listings: Int
        /// The probability is the logistic function of `slope · score + offset` (Platt 1999).
        public var slope: Double
        public var offset: Double
        /// The least probabilities at which a listing is reviewed and blocked; above 1 for never.
        public var reviewAt: Double
        public var blockAt: Double

        public init(
            name: String, listings: Int, slope: Double, offset: Double, reviewAt: Double = 2, blockAt: Double = 2
        ) {
            self.name = name
            self.listings = listings
            self.slope = slope
            self.offset = offset
            self.reviewAt = reviewAt
            self.blockAt = blockAt
        }

        /// The log-odds of a score.
        public func logOdds(_ score: Float) -> Double { slope * Double(score) + offset }

        enum CodingKeys: String, CodingKey {
            case name, listings, slope, offset
            case reviewAt = "review_at"
            case blockAt = "block_at"
        }

        var isValid: Bool {
            !name.isEmpty && slope.isFinite && slope > 0 && offset.isFinite && reviewAt > 0 && blockAt > 0
        }
    }

    public var targets: Targets
    /// In the order of the classifier's outputs; the one for `any` is the last, and alone where there is one kind.
    public var outputs: [Output]

    public init(targets: Targets, outputs: [Output]) {
        self.targets = targets
        self.outputs = outputs
    }

    /// The kinds, without `any`.
    public var kinds: ArraySlice<Output> { outputs.count > 1 ? outputs.dropLast() : outputs[...] }

    /// Whether every number makes sense, whoever wrote the file.
    var isValid: Bool {
        !outputs.isEmpty && outputs.allSatisfy(\.isValid) && Set(outputs.map(\.name)).count == outputs.count
            && outputs.count != 2
    }
}

/// The logistic function.
func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
