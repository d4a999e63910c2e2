/// How well probabilities agree with what happens: forecasts in the order of their probability, in 15 bins of equal numbers
/// (a reliability diagram; Niculescu-Mizil and Caruana 2005).
public struct Reliability: Codable, Sendable, Equatable {
    public struct Bin: Codable, Sendable, Equatable {
        public var rows: Int
        /// Mean forecast.
        public var probability: Double
        /// Share that came true.
        public var accuracy: Double
    }

    /// Those with rows.
    public var bins: [Bin]

    static let binCount = 15

    init(_ forecasts: [(probability: Double, isTrue: Bool)]) {
        let sorted = forecasts.sorted { $0.probability < $1.probability }
        bins = (0..<Self.binCount).compactMap { bin in
            let rows = sorted[bin * sorted.count / Self.binCount..<(bin + 1) * sorted.count / Self.binCount]
            guard !rows.isEmpty else { return nil }
            let count = Double(rows.count)
            return Bin(
                rows: rows.count, probability: rows.reduce(0) { $0 + $1.probability } / count,
                accuracy: Double(rows.count(where: \.isTrue)) / count)
        }
    }

    /// Expected calibration error: mean |accuracy - probability| over all rows' bins (Naeini, Cooper and Hauskrecht 2015).
    public var expectedError: Double {
        let rows = bins.reduce(0) { $0 + $1.rows }
        guard rows > 0 else { return 0 }
        return bins.reduce(0) { $0 + abs($1.accuracy - $1.probability) * Double($1.rows) } / Double(rows)
    }
}
