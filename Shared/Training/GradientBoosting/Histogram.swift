import CTrees
import Parallel

/// Sums of gradients and hessians by bin, for all features of a table: an `Int64` a bin, whose upper half is the
/// gradient and whose lower half the hessian, as whole numbers. One addition sums both, and its result does not depend
/// on order.
typealias HistogramCells = UnsafeMutablePointer<Int64>

/// The features of a table in groups whose cells fit the nearest cache; a group is one piece of work. Bins that fit a
/// byte are laid out by row, so that a row's bins come with one load.
final class HistogramGroups: @unchecked Sendable {
    // Written only while being made.

    struct Group {
        var features: [Int]
        /// By feature of the group: where its cells begin, counted from `firstCell`.
        var offsets: [UInt32]
        var firstCell: Int
        var cellCount: Int
        /// Row-major bytes, `features.count` a row; nil for a single wide feature.
        var rows: NumberBuffer<UInt8>?
    }

    private static let cellsPerGroup = 5_600
    private static let featuresPerGroup = 64

    let groups: [Group]
    let cellCount: Int
    /// By feature: where its cells begin; nil for a feature with one bin in use.
    let firstCell: [Int?]
    let table: BinnedTable

    init(_ table: BinnedTable, _ forkJoin: ForkJoin) {
        self.table = table
        var isSplittable = [Bool](repeating: false, count: table.features.count)
        isSplittable.withUnsafeMutableBufferPointer { flags in
            forkJoin.run(flags.count) { feature in
                let column = table.columns[feature]
                flags[feature] =
                    table.features[feature].binCount > 2
                    || (1..<table.rowCount).contains { column[$0] != column[0] }
            }
        }
        var (narrow, wide) = ([Int](), [Int]())
        for feature in table.features.indices where isSplittable[feature] {
            switch table.columns[feature] {
            case .bytes: narrow.append(feature)
            case .words: wide.append(feature)
            }
        }
        var parts = Self.parts(narrow, table, forkJoin.threads)
        parts += wide.map { [$0] }
        var (groups, firstCell) = ([Group](), [Int?](repeating: nil, count: table.features.count))
        var next = 0
        for features in parts {
            var (offsets, used) = ([UInt32](), 0)
            for feature in features {
                offsets.append(UInt32(used))
                firstCell[feature] = next + used
                used += table.features[feature].binCount
            }
            groups.append(
                Group(features: features, offsets: offsets, firstCell: next, cellCount: used, rows: nil))
            next += used
        }
        for index in groups.indices {
            groups[index].rows = Self.rows(groups[index].features, table, forkJoin)
        }
        (self.groups, self.firstCell, cellCount) = (groups, firstCell, next)
    }

    /// Parts with about as many cells each, their number a multiple of the threads.
    private static func parts(_ features: [Int], _ table: BinnedTable, _ threads: Int) -> [[Int]] {
        let total = features.reduce(0) { $0 + table.features[$1].binCount }
        let least = max(
            (total + cellsPerGroup - 1) / cellsPerGroup, (features.count + featuresPerGroup - 1) / featuresPerGroup)
        let wanted = min(features.count, (max(1, least) + threads - 1) / threads * threads)
        guard wanted > 0 else { return [] }
        // The largest features are dealt out first, each to the smallest part that has room.
        var parts = [[Int]](repeating: [], count: wanted)
        var sizes = [Int](repeating: 0, count: wanted)
        for feature in features.sorted(by: {
            (table.features[$1].binCount, $0) < (table.features[$0].binCount, $1)
        }) {
            let open = parts.indices.filter { parts[$0].count < featuresPerGroup }
            // Every added feature costs a row's visit, its cells only cache.
            let part = open.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
            parts[part].append(feature)
            sizes[part] += table.features[feature].binCount + 100
        }
        return parts.map { $0.sorted() }
    }

    private static func rows(
        _ features: [Int], _ table: BinnedTable, _ forkJoin: ForkJoin
    ) -> NumberBuffer<UInt8>? {
        var columns: [UnsafePointer<UInt8>] = []
        for feature in features {
            guard case .bytes(let bins) = table.columns[feature] else { return nil }
            columns.append(bins)
        }
        let rows = NumberBuffer<UInt8>(table.rowCount * features.count, repeating: 0)
        let block = 1024
        columns.withUnsafeBufferPointer { columns in
            forkJoin.run((table.rowCount + block - 1) / block) { piece in
                for (index, column) in columns.enumerated() {
                    for row in piece * block..<min((piece + 1) * block, table.rowCount) {
                        rows.base[row * columns.count + index] = column[row]
                    }
                }
            }
        }
        return rows
    }

    /// What a tree asks of a group: all its features, or some.
    struct Choice {
        var group: Int
        var features: [Int]
        /// Of the chosen features' bytes in a row; nil when all are chosen.
        fileprivate var places: [UInt8]?
        fileprivate var offsets: [UInt32]
    }

    /// The groups that hold some of `features`.
    func choose(_ features: [Int]) -> [Choice] {
        var isChosen = [Bool](repeating: false, count: table.features.count)
        for feature in features { isChosen[feature] = true }
        return groups.indices.compactMap { index in
            let group = groups[index]
            let places = group.features.indices.filter { isChosen[group.features[$0]] }
            guard !places.isEmpty else { return nil }
            return Choice(
                group: index, features: places.map { group.features[$0] },
                places: places.count == group.features.count ? nil : places.map { UInt8($0) },
                offsets: places.map { group.offsets[$0] })
        }
    }

    /// Sets the chosen features' cells to the sums over `count` rows, all of the first ones where `rows` is nil.
    func sum(
        _ choice: Choice, _ rows: UnsafePointer<UInt32>?, _ count: Int, _ gradients: UnsafePointer<Int64>,
        into cells: HistogramCells
    ) {
        let group = groups[choice.group]
        let own = cells + group.firstCell
        own.update(repeating: 0, count: group.cellCount)
        if let bins = group.rows {
            let (stride, features) = (group.features.count, choice.offsets.count)
            if let places = choice.places {
                la_add_rows(bins.base, stride, places, choice.offsets, features, rows, count, gradients, own)
            } else {
                la_add_rows(bins.base, stride, nil, choice.offsets, features, rows, count, gradients, own)
            }
        } else if case .words(let bins) = table.columns[group.features[0]] {
            la_add_wide_rows(bins, rows, count, gradients, own)
        }
    }

    func subtract(_ choice: Choice, _ part: HistogramCells, from whole: HistogramCells) {
        let (first, count) = (groups[choice.group].firstCell, groups[choice.group].cellCount)
        la_subtract_cells(whole + first, part + first, count)
    }
}

/// Histograms that are not in use, to be used again.
struct HistogramPool {
    let cellCount: Int
    private var free: [NumberBuffer<Int64>] = []

    init(cellCount: Int) { self.cellCount = cellCount }

    mutating func take() -> NumberBuffer<Int64> { free.popLast() ?? NumberBuffer(cellCount, repeating: 0) }
    mutating func give(_ histogram: NumberBuffer<Int64>) { free.append(histogram) }
}
