/// Finds the training listings that resemble a draft most, by the cosine of their features, and what they sold for: an
/// inverted index, read for the rarest features of a draft only, so that the work for a draft is bounded.
struct NeighbourIndex: @unchecked Sendable {
    static let names = [
        "neighbours_mean", "neighbours_deviation", "neighbours_similarity", "neighbours_nearest", "neighbours_weight",
        "neighbours_equal", "neighbours_median",
    ]

    /// Features that are indexed: ids below it.
    let featureCount: Int
    let listingCount: Int
    let entryCount: Int
    /// `featureCount + 1` entry numbers, u32.
    let starts: UnsafeRawPointer
    /// Entries of 8 bytes: u32 listing, f32 value; listings rise within a feature.
    let entries: UnsafeRawPointer
    /// f32 target of each listing, less the overall mean.
    let targets: UnsafeRawPointer

    @inline(__always)
    func range(of feature: UInt32) -> Range<Int> {
        let from = starts.loadUnaligned(fromByteOffset: Int(feature) * 4, as: UInt32.self)
        let to = starts.loadUnaligned(fromByteOffset: Int(feature) * 4 + 4, as: UInt32.self)
        let end = min(Int(to), entryCount)
        return min(Int(from), end)..<end
    }

    @inline(__always)
    func entry(_ index: Int) -> (listing: Int, value: Float) {
        (
            Int(entries.loadUnaligned(fromByteOffset: index * 8, as: UInt32.self)),
            entries.loadUnaligned(fromByteOffset: index * 8 + 4, as: Float.self)
        )
    }

    @inline(__always)
    func target(_ listing: Int) -> Float { targets.loadUnaligned(fromByteOffset: listing * 4, as: Float.self) }
}

/// Looks up neighbours, with scratch memory that is used again.
struct NeighbourSearch {
    private var scores: [Float]
    /// Listings with a score, the first `touchedCount`.
    private var touched: [UInt32] = []
    private var touchedCount = 0
    /// Features by how common they are: that in the high half, their place in the low one.
    private var order: [UInt64] = []
    private var nearest: [(score: Float, listing: Int)] = []
    private var found: [Float] = []

    init(listingCount: Int) {
        scores = Array(repeating: 0, count: listingCount)
    }

    /// Appends the columns of ``NeighbourIndex/names``: weighted mean and deviation of the neighbours' targets, highest
    /// similarity, mean target of the most alike, sum of weights, how many are equally alike, and the median target.
    mutating func append(
        to columns: inout [Float], ids: ArraySlice<UInt32>, values: [Float], index: NeighbourIndex, spec: NeighbourSpec
    ) {
        accumulate(ids, values, index, spec)
        select(spec.count)
        guard let best = nearest.first?.score else {
            for _ in NeighbourIndex.names { columns.append(.nan) }
            return
        }
        var (weights, sum, equal, equalSum): (Float, Float, Float, Float) = (0, 0, 0, 0)
        found.removeAll(keepingCapacity: true)
        for neighbour in nearest {
            let target = index.target(neighbour.listing)
            let weight = Self.weight(neighbour.score)
            weights += weight
            sum += weight * target
            if neighbour.score >= best - 1e-4 {
                equal += 1
                equalSum += target
            }
            found.append(target)
        }
        let mean = sum / weights
        var squares: Float = 0
        for (neighbour, target) in zip(nearest, found) {
            squares += Self.weight(neighbour.score) * (target - mean) * (target - mean)
        }
        found.sort()
        columns.append(mean)
        columns.append((squares / weights).squareRoot())
        columns.append(best)
        columns.append(equalSum / equal)
        columns.append(weights)
        columns.append(equal)
        columns.append(found[found.count / 2])
    }

    /// The fourth power: the few that are really alike outweigh the many that share a word.
    @inline(__always)
    private static func weight(_ score: Float) -> Float {
        let square = score * score
        return max(square * square, 1e-20)
    }

    private mutating func accumulate(
        _ ids: ArraySlice<UInt32>, _ values: [Float], _ index: NeighbourIndex, _ spec: NeighbourSpec
    ) {
        for listing in touched.prefix(touchedCount) { scores[Int(listing)] = 0 }
        touchedCount = 0
        order.removeAll(keepingCapacity: true)
        for position in ids.indices {
            let count = index.range(of: ids[position]).count
            if count > 0 { order.append(UInt64(count) << 32 | UInt64(position)) }
        }
        order.sort()
        // The last feature may go past the budget; and one place is written before it is known to be needed.
        let most = spec.budget + spec.entriesPerFeature + 1
        if touched.count < most { touched = Array(repeating: 0, count: most) }
        var (budget, filled) = (spec.budget, 0)
        scores.withUnsafeMutableBufferPointer { scores in
            touched.withUnsafeMutableBufferPointer { touched in
                for feature in order {
                    guard budget > 0 else { break }
                    let (count, position) = (Int(feature >> 32), Int(feature & 0xFFFF_FFFF))
                    let first = index.range(of: ids[position]).lowerBound
                    let value = values[position]
                    let taken = min(count, spec.entriesPerFeature)
                    // Of a feature that is too common an even sample, entry step * count / taken without the division.
                    let (stride, remainder) = count.quotientAndRemainder(dividingBy: taken)
                    var (place, rest) = (first, 0)
                    for _ in 0..<taken {
                        let entry = index.entry(place)
                        place += stride
                        rest += remainder
                        if rest >= taken {
                            rest -= taken
                            place += 1
                        }
                        guard entry.listing < scores.count else { continue }
                        let score = scores[entry.listing]
                        touched[filled] = UInt32(entry.listing)
                        filled += score == 0 ? 1 : 0
                        scores[entry.listing] = score + value * entry.value
                    }
                    budget -= taken
                }
            }
        }
        touchedCount = filled
    }

    /// The `count` highest scores, the highest first; of equals, the earlier listing.
    private mutating func select(_ count: Int) {
        nearest.removeAll(keepingCapacity: true)
        for listing in touched.prefix(touchedCount).lazy.map({ Int($0) }) {
            let score = scores[listing]
            guard score > 0 else { continue }
            if nearest.count == count, let last = nearest.last,
                score < last.score || (score == last.score && listing > last.listing)
            {
                continue
            }
            var place = nearest.count
            nearest.append((score, listing))
            while place > 0 {
                let above = nearest[place - 1]
                guard above.score < score || (above.score == score && above.listing > listing) else { break }
                nearest[place] = above
                place -= 1
            }
            nearest[place] = (score, listing)
            if nearest.count > count { nearest.removeLast() }
        }
    }
}
