import GradientBoosting

/// How trees are grown. The defaults suit tens of thousands of rows.
public struct GradientBoostingOptions: Sendable, Codable, Equatable {
    public enum Objective: Sendable, Codable, Equatable {
        /// Predicts the mean; measured by root mean squared error.
        case squaredError
        /// Predicts the quantile `alpha`, inside 0 to 1; measured by pinball loss (Koenker and Bassett, 1978).
        case quantile(alpha: Double)
        /// Squared within `delta` of the label, linear beyond (Huber, 1964); measured by that loss.
        case huber(delta: Double)
        /// Predicts the median; measured by mean absolute error.
        case absoluteError
        /// Predicts the log-odds of a label from 0 to 1; measured by mean logarithmic loss.
        case logLoss
    }

    /// How a tree grows.
    public enum Growth: Sendable, Codable, Equatable {
        /// The leaf that gains most is split next, up to ``maxLeaves``.
        case leafWise
        /// All leaves of a level ask one question; at most ``SymmetricTree/mostLevels``. Numeric features only. Ignores
        /// least numbers of rows and hessians in a leaf.
        case symmetric(levels: Int)
    }

    public enum Direction: String, Sendable, Codable {
        case ascending
        case descending
    }

    /// Gradient-based one-side sampling (Ke et al., 2017), in place of ``rowSampling``: the part of the rows with the
    /// largest gradients, and a random part of the rest that stands for all of it. Both are parts of all rows.
    public struct GradientSampling: Sendable, Codable, Equatable {
        public var top: Double
        public var rest: Double

        public init(top: Double, rest: Double) {
            self.top = top
            self.rest = rest
        }
    }

    public var objective: Objective = .squaredError
    public var growth = Growth.leafWise
    /// Shrinks every tree (Friedman, 2001).
    public var learningRate = 0.1
    public var maxTrees = 400
    public var maxLeaves = 31
    /// Steps on the longest path; nil for no limit but ``TreeEnsemble/mostLevels``.
    public var maxDepth: Int?
    /// With weights, a row counts by its share of the weight of its leaf.
    public var minRowsPerLeaf = 20
    /// Least sum of hessians (but for logarithmic loss: of weights) in a leaf.
    public var minHessian = 1e-3
    public var l1 = 0.0
    public var l2 = 0.0
    /// A split must gain more than this.
    public var minGain = 0.0
    /// Most bins of a numeric feature, beside the one for missing values.
    public var maxBins = 255
    /// Most levels of a categorical feature that are told apart; the rarest others share one bin.
    public var maxCategories = 4096
    /// Added to a category's weight when categories are ordered by their mean gradient; rarer ones are left out.
    public var categorySmoothing = 10.0
    /// Added to `l2` for categorical splits.
    public var categoryL2 = 10.0
    /// Most categories that a split names.
    public var maxCategoriesPerSplit = 32
    /// Least rows between two candidate cuts of the ordered categories.
    public var minRowsPerCategory = 100
    /// By numeric feature: whether predictions may only rise or only fall with it.
    public var monotone: [Int: Direction] = [:]
    public var gradientSampling: GradientSampling?
    /// Part of the rows, above 0, that each tree sees (Friedman, 2002).
    public var rowSampling = 1.0
    /// Part of the features, above 0, that each tree may ask about.
    public var featureSampling = 1.0
    /// Stops after so many trees without a better validation loss; nil never stops.
    public var earlyStoppingRounds: Int?
    public var seed: UInt64 = 0
    /// Threads to use, which never changes the result.
    public var threads = 1

    public init() {}

    /// - Throws: ``GradientBoostingError/invalidOption(name:value:allowed:)`` for the first value out of range.
    public func validate() throws(GradientBoostingError) {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(GradientBoostingError) {
            guard range.contains(value) else {
                throw .invalidOption(
                    name: name, value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        func check(
            _ name: String, _ value: Double, _ allowed: String, _ isValid: Bool
        ) throws(GradientBoostingError) {
            guard isValid, value.isFinite else {
                throw .invalidOption(name: name, value: "\(value)", allowed: allowed)
            }
        }
        switch objective {
        case .squaredError, .absoluteError, .logLoss: break
        case .quantile(let alpha): try check("alpha", alpha, "above 0 and below 1", alpha > 0 && alpha < 1)
        case .huber(let delta): try check("delta", delta, "above 0", delta > 0)
        }
        if case .symmetric(let levels) = growth { try check("levels", levels, 1...SymmetricTree.mostLevels) }
        if let gradientSampling {
            let (top, rest) = (gradientSampling.top, gradientSampling.rest)
            try check("gradientSampling.top", top, "above 0 and below 1", top > 0 && top < 1)
            try check("gradientSampling.rest", rest, "above 0, at most 1 less top", rest > 0 && top + rest <= 1)
        }
        try check("learningRate", learningRate, "above 0, at most 1", learningRate > 0 && learningRate <= 1)
        try check("maxTrees", maxTrees, 1...100_000)
        try check("maxLeaves", maxLeaves, 2...65_536)
        if let maxDepth { try check("maxDepth", maxDepth, 1...TreeEnsemble.mostLevels) }
        try check("minRowsPerLeaf", minRowsPerLeaf, 1...TreeDataset.largestRowCount)
        try check("minHessian", minHessian, "at least 0", minHessian >= 0)
        try check("l1", l1, "at least 0", l1 >= 0)
        try check("l2", l2, "at least 0", l2 >= 0)
        try check("minGain", minGain, "at least 0", minGain >= 0)
        try check("maxBins", maxBins, 2...255)
        try check("maxCategories", maxCategories, 1...BinnedFeature.largestCategoryCount)
        try check("categorySmoothing", categorySmoothing, "at least 0", categorySmoothing >= 0)
        try check("categoryL2", categoryL2, "at least 0", categoryL2 >= 0)
        try check("maxCategoriesPerSplit", maxCategoriesPerSplit, 1...BinnedFeature.largestCategoryCount)
        try check("minRowsPerCategory", minRowsPerCategory, 1...TreeDataset.largestRowCount)
        try check("rowSampling", rowSampling, "above 0, at most 1", rowSampling > 0 && rowSampling <= 1)
        try check(
            "featureSampling", featureSampling, "above 0, at most 1", featureSampling > 0 && featureSampling <= 1)
        if let earlyStoppingRounds { try check("earlyStoppingRounds", earlyStoppingRounds, 1...100_000) }
        try check("threads", threads, 1...256)
    }
}
