import CTrees

/// What rows of a sample tell about the first tree: the sum of their gradients, and their weight.
struct BinningGradient: BitwiseCopyable {
    var sum: Double
    var weight: Double

    static func += (one: inout Self, other: Self) {
        one.sum += other.sum
        one.weight += other.weight
    }
}

/// The values of a numeric feature in a sample of rows, each once, ascending.
struct DistinctValues {
    private(set) var values: [Float] = []
    private(set) var counts: [Int] = []
    private let total: Int

    /// - Parameter sample: NaN is left out.
    init(_ sample: [Float]) {
        var sorted = sample
        let room = NumberBuffer<UInt32>(2 * sorted.count, repeating: 0)
        total = sorted.withUnsafeMutableBufferPointer { la_sort_numbers($0.baseAddress, $0.count, room.base) }
        for value in sorted.prefix(total) {
            if let last = values.last, last == value {
                counts[counts.count - 1] += 1
            } else {
                values.append(value)
                counts.append(1)
            }
        }
    }

    /// Whether rows share values so much that each value's mean gradient says something.
    var areShared: Bool { values.count <= 16_384 && total >= 32 * values.count }

    /// Cuts between all values.
    var everyCut: [Float] { values.indices.dropFirst().map { cut(before: $0) } }

    /// Cuts that make bins with about equally many rows, while a value frequent enough for a bin of its own gets it (as
    /// LightGBM does; Ke et al., 2017).
    func evenCuts(_ maxBins: Int) -> [Float] {
        var cuts: [Float] = []
        let frequent = counts.map { $0 * maxBins >= total }
        var rowsLeft = zip(counts, frequent).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
        var binsLeft = maxBins - frequent.count { $0 }
        var size = Double(rowsLeft) / Double(max(binsLeft, 1))
        var inBin = 0
        for index in 0..<values.count - 1 where cuts.count < maxBins - 1 {
            inBin += counts[index]
            if !frequent[index] { rowsLeft -= counts[index] }
            let isFull = Double(inBin) >= size || frequent[index]
            guard isFull || (frequent[index + 1] && Double(inBin) >= max(1, size / 2)) else { continue }
            cuts.append(cut(before: index + 1))
            if !frequent[index] {
                binsLeft -= 1
                size = Double(rowsLeft) / Double(max(binsLeft, 1))
            }
            inBin = 0
        }
        return cuts
    }

    /// Cuts that keep apart what the gradients of the sample's rows tell apart: neighbours whose union loses least are
    /// merged until `maxBins` are left (Ward, 1963). Codes without order, where bins of equal size mix unlike
    /// neighbours, gain most.
    func tellingCuts(_ maxBins: Int, _ sample: [Float], _ gradients: [BinningGradient]) -> [Float] {
        var groups = [BinningGradient](repeating: BinningGradient(sum: 0, weight: 0), count: values.count)
        for (value, gradient) in zip(sample, gradients) where !value.isNaN { groups[place(of: value)] += gradient }
        var starts = Array(values.indices)
        func loss(_ left: Int) -> Double {
            let (one, other) = (groups[left], groups[left + 1])
            guard one.weight > 0, other.weight > 0 else { return 0 }
            let difference = one.sum / one.weight - other.sum / other.weight
            return one.weight * other.weight / (one.weight + other.weight) * difference * difference
        }
        var losses = (0..<groups.count - 1).map(loss)
        while groups.count > maxBins {
            let least = losses.withUnsafeBufferPointer { losses in
                losses.indices.reduce(0) { losses[$1] < losses[$0] ? $1 : $0 }
            }
            groups[least] += groups[least + 1]
            groups.remove(at: least + 1)
            starts.remove(at: least + 1)
            losses.remove(at: least)
            if least > 0 { losses[least - 1] = loss(least - 1) }
            if least < losses.count { losses[least] = loss(least) }
        }
        return starts.dropFirst().map { cut(before: $0) }
    }

    private func place(of value: Float) -> Int {
        var (low, high) = (0, values.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A finite number from the value before `index` up to but not including the one there, midway where there is room.
    private func cut(before index: Int) -> Float {
        let (low, high) = (values[index - 1], values[index])
        let least = max(low, -Float.greatestFiniteMagnitude)
        let middle = Float((Double(least) + Double(high)) / 2)
        return middle.isFinite && middle < high ? middle : least
    }
}
