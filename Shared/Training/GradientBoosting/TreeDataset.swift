import GradientBoosting
import Parallel

/// Rows to train trees on: a table of features by column, a label and, if wanted, a weight for each row.
public struct TreeDataset: Sendable {
    public enum FeatureKind: String, Sendable, Codable {
        /// Ordered; NaN is missing.
        case numeric
        /// Whole numbers from 0 to ``TreeEnsemble/largestCategory`` without order; NaN is missing.
        case categorical
    }

    public static let largestRowCount = Int(Int32.max)
    /// Of labels and of weights, so that their products fit `Float`.
    static let largestMagnitude = 1e15

    public let kinds: [FeatureKind]
    public let rowCount: Int
    /// Column-major: the value of feature f in row r is at `f * rowCount + r`.
    public let values: [Float]
    public let labels: [Double]
    public let weights: [Double]?

    public var featureCount: Int { kinds.count }

    /// - Parameters:
    ///   - values: column-major, `kinds.count * labels.count` of them.
    ///   - weights: not negative, one a row, not all 0; a weight of 2 counts like the row twice.
    /// - Throws: ``GradientBoostingError`` for empty data, lengths that differ, labels or weights that are not finite,
    ///   and categories that are not whole numbers in range.
    public init(
        kinds: [FeatureKind], values: [Float], labels: [Double], weights: [Double]? = nil
    ) throws(GradientBoostingError) {
        guard !kinds.isEmpty else { throw .noFeatures }
        guard !labels.isEmpty else { throw .noRows }
        guard labels.count <= Self.largestRowCount else { throw .tooManyRows(labels.count) }
        guard values.count == kinds.count * labels.count else {
            throw .lengthMismatch(what: "values", expected: kinds.count * labels.count, found: values.count)
        }
        self.kinds = kinds
        self.rowCount = labels.count
        self.values = values
        self.labels = labels
        self.weights = weights
        if let row = labels.firstIndex(where: { !($0.magnitude <= Self.largestMagnitude) }) {
            throw .invalidLabel(row: row, value: labels[row])
        }
        if let weights { try checkWeights(weights) }
        for (feature, kind) in kinds.enumerated() where kind == .categorical { try checkCategories(feature) }
    }

    /// The same from row-major values: feature f of row r at `r * kinds.count + f`, as a ``TreeEnsemble`` reads rows.
    public init(
        kinds: [FeatureKind], rows: [Float], labels: [Double], weights: [Double]? = nil
    ) throws(GradientBoostingError) {
        guard rows.count == kinds.count * labels.count else {
            throw .lengthMismatch(what: "values", expected: kinds.count * labels.count, found: rows.count)
        }
        let (features, count) = (kinds.count, labels.count)
        let values = [Float](unsafeUninitializedCapacity: rows.count) { columns, initialized in
            rows.withUnsafeBufferPointer { rows in
                // In blocks of rows, so that the lines being read stay in cache while every column takes its share.
                for block in stride(from: 0, to: count, by: 64) {
                    for feature in 0..<features {
                        for row in block..<min(block + 64, count) {
                            columns[feature * count + row] = rows[row * features + feature]
                        }
                    }
                }
            }
            initialized = rows.count
        }
        try self.init(kinds: kinds, values: values, labels: labels, weights: weights)
    }

    private func checkWeights(_ weights: [Double]) throws(GradientBoostingError) {
        guard weights.count == rowCount else {
            throw .lengthMismatch(what: "weights", expected: rowCount, found: weights.count)
        }
        if let row = weights.firstIndex(where: { !($0 >= 0 && $0 <= Self.largestMagnitude) }) {
            throw .invalidWeight(row: row, value: weights[row])
        }
        guard weights.contains(where: { $0 > 0 }) else { throw .noWeight }
    }

    private func checkCategories(_ feature: Int) throws(GradientBoostingError) {
        let largest = Float(TreeEnsemble.largestCategory)
        let bad = values.withUnsafeBufferPointer { values in
            (0..<rowCount).first { row in
                let value = values[feature * rowCount + row]
                return !(value.isNaN || (value >= 0 && value <= largest && value == value.rounded(.towardZero)))
            }
        }
        if let bad {
            throw .invalidCategory(feature: feature, row: bad, value: values[feature * rowCount + bad])
        }
    }
}

extension TreeDataset {
    /// Replaces scores by the predictions of `ensemble`.
    func setPredictions(of ensemble: TreeEnsemble, to scores: UnsafeMutablePointer<Double>, _ forkJoin: ForkJoin) {
        let block = 256
        values.withUnsafeBufferPointer { values in
            forkJoin.run((rowCount + block - 1) / block) { piece in
                let rows = piece * block..<min((piece + 1) * block, rowCount)
                var table = [Float](repeating: 0, count: rows.count * featureCount)
                for feature in 0..<featureCount {
                    for (index, row) in rows.enumerated() {
                        table[index * featureCount + feature] = values[feature * rowCount + row]
                    }
                }
                ensemble.predict(rows: table, count: rows.count, into: scores + rows.lowerBound)
            }
        }
    }
}
