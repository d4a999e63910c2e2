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

    /// Cuts for numeric values. Few distinct values get a bin each; many are parted so that bins have about equally
    /// many rows, while a value frequent enough for a bin of its own gets it (as LightGBM does; Ke et al., 2017).
    static func numeric(sample: [Float], maxBins: Int) -> BinnedFeature {
        var values = sample
        let room = NumberBuffer<UInt32>(2 * values.count, repeating: 0)
        let count = values.withUnsafeMutableBufferPointer { la_sort_numbers($0.baseAddress, $0.count, room.base) }
        values.removeLast(values.count - count)
        var distinct: [Float] = []
        var counts: [Int] = []
        for value in values {
            if let last = distinct.last, last == value {
                counts[counts.count - 1] += 1
            } else {
                distinct.append(value)
                counts.append(1)
            }
        }
        guard distinct.count > 1 else { return .numeric(cuts: []) }
        if distinct.count <= maxBins {
            return .numeric(cuts: (1..<distinct.count).map { cut(distinct[$0 - 1], distinct[$0]) })
        }
        var cuts: [Float] = []
        let frequent = counts.map { $0 * maxBins >= values.count }
        var rowsLeft = zip(counts, frequent).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
        var binsLeft = maxBins - frequent.count { $0 }
        var size = Double(rowsLeft) / Double(max(binsLeft, 1))
        var inBin = 0
        for index in 0..<distinct.count - 1 where cuts.count < maxBins - 1 {
            inBin += counts[index]
            if !frequent[index] { rowsLeft -= counts[index] }
            let isFull = Double(inBin) >= size || frequent[index]
            guard isFull || (frequent[index + 1] && Double(inBin) >= max(1, size / 2)) else { continue }
            cuts.append(cut(distinct[index], distinct[index + 1]))
            if !frequent[index] {
                binsLeft -= 1
                size = Double(rowsLeft) / Double(max(binsLeft, 1))
            }
            inBin = 0
        }
        return .numeric(cuts: cuts)
    }

    /// A finite number from `low` up to but not including `high`, midway where there is room.
    private static func cut(_ low: Float, _ high: Float) -> Float {
        let least = max(low, -Float.greatestFiniteMagnitude)
        let middle = Float((Double(least) + Double(high)) / 2)
        return middle.isFinite && middle < high ? middle : least
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
