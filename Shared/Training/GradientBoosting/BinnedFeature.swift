import CTrees
import GradientBoosting

/// How the values of one feature map to bins: bin 0 is for missing values.
///
/// Numeric: bin b holds values above cut b-2 and up to cut b-1, both ends open. Categorical: bin 1 holds every level
/// that has no bin of its own, bin 2 the most frequent level, and so on.
enum BinnedFeature {
    case numeric(cuts: [Float])
    case categorical(levels: [Int])

    /// All bins, missing and other included, must fit 16 bits.
    static let largestCategoryCount = 65_534

    /// Bins, the one for missing values included.
    var binCount: Int {
        switch self {
        case .numeric(let cuts): cuts.count + 2
        case .categorical(let levels): levels.count + 2
        }
    }

    /// The threshold that parts bins up to `bin` from those above.
    func threshold(upTo bin: Int) -> Float {
        guard case .numeric(let cuts) = self, bin <= cuts.count else { return .infinity }
        return cuts[bin - 1]
    }

    /// The level that has categorical bin `bin`, which is 2 or more.
    func level(of bin: Int) -> Int? {
        guard case .categorical(let levels) = self, levels.indices.contains(bin - 2) else { return nil }
        return levels[bin - 2]
    }

    /// Cuts for numeric values: few distinct values get a bin each, values that many rows share are merged by what their
    /// gradients tell, and others are parted evenly.
    static func numeric(sample: [Float], gradients: [BinningGradient], maxBins: Int) -> BinnedFeature {
        let distinct = DistinctValues(sample)
        guard distinct.values.count > maxBins else { return .numeric(cuts: distinct.everyCut) }
        return .numeric(
            cuts: distinct.areShared
                ? distinct.tellingCuts(maxBins, sample, gradients) : distinct.evenCuts(maxBins))
    }

    /// The most frequent levels first; ties in level order.
    static func categorical(sample: [Float], maxCategories: Int) -> BinnedFeature {
        var counts = [Int](repeating: 0, count: TreeEnsemble.largestCategory + 1)
        for value in sample where !value.isNaN { counts[Int(value)] += 1 }
        let levels = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        return .categorical(levels: Array(levels.prefix(maxCategories)))
    }

    /// Writes the bin of every value of a column.
    func fill<Bin: FixedWidthInteger>(_ column: UnsafeBufferPointer<Float>, into bins: UnsafeMutablePointer<Bin>) {
        switch self {
        case .numeric(let cuts):
            // At most 254 cuts; those added are above every value.
            let padded = cuts + [Float](repeating: .infinity, count: 256 - cuts.count)
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4_096) { part in
                guard let bytes = part.baseAddress, let values = column.baseAddress else { return }
                for start in stride(from: 0, to: column.count, by: 4_096) {
                    let count = min(4_096, column.count - start)
                    la_fill_bins(values + start, count, padded, bytes)
                    for row in 0..<count { bins[start + row] = Bin(truncatingIfNeeded: bytes[row]) }
                }
            }
        case .categorical(let levels):
            var binOfLevel = [Int](repeating: 1, count: TreeEnsemble.largestCategory + 1)
            for (index, level) in levels.enumerated() { binOfLevel[level] = index + 2 }
            for row in 0..<column.count {
                let value = column[row]
                bins[row] = Bin(truncatingIfNeeded: value.isNaN ? 0 : binOfLevel[Int(value)])
            }
        }
    }
}
