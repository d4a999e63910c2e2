import Memory

/// Collects training listings and makes a ``NeighbourIndex`` of all, or of all but a fold.
struct NeighbourIndexBuilder: Sendable {
    let featureCount: Int
    private let targets: [Double]
    private let folds: [Int]
    /// Only every so-manieth listing is indexed.
    private let step: Int
    private var rowStarts = [0]
    private var ids: [UInt32] = []
    private var values: [Float] = []

    init(featureCount: Int, targets: [Double], folds: [Int], most: Int) {
        self.featureCount = featureCount
        self.targets = targets
        self.folds = folds
        step = (targets.count + most - 1) / max(1, most)
    }

    /// Adds the next listing.
    mutating func add(ids: [UInt32], values: [Float]) {
        if (rowStarts.count - 1) % step == 0 {
            self.ids += ids
            self.values += values
        }
        rowStarts.append(self.ids.count)
    }

    /// The parts of an index as bytes: starts, entries and targets, and how many entries and listings there are.
    struct Built: Sendable {
        var bytes: [UInt8]
        var entries: Int
        var listings: Int
    }

    func build(leavingOut fold: Int?) -> Built {
        let rows = targets.indices.filter { $0 % step == 0 && folds[$0] != fold }
        var starts = [UInt32](repeating: 0, count: featureCount + 1)
        for row in rows {
            for id in ids[rowStarts[row]..<rowStarts[row + 1]] { starts[Int(id) + 1] += 1 }
        }
        for feature in 0..<featureCount { starts[feature + 1] += starts[feature] }
        let count = Int(starts[featureCount])
        let entriesAt = 4 * starts.count
        let targetsAt = entriesAt + 8 * count
        var bytes = [UInt8](repeating: 0, count: targetsAt + 4 * rows.count)
        bytes.withUnsafeMutableBytes { bytes in
            for (index, start) in starts.enumerated() {
                bytes.storeBytes(of: start.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            var next = starts
            for (listing, row) in rows.enumerated() {
                for index in rowStarts[row]..<rowStarts[row + 1] {
                    let at = entriesAt + 8 * Int(next[Int(ids[index])])
                    bytes.storeBytes(of: UInt32(listing).littleEndian, toByteOffset: at, as: UInt32.self)
                    bytes.storeBytes(of: values[index].bitPattern.littleEndian, toByteOffset: at + 4, as: UInt32.self)
                    next[Int(ids[index])] += 1
                }
                let target = Float(targets[row]).bitPattern.littleEndian
                bytes.storeBytes(of: target, toByteOffset: targetsAt + 4 * listing, as: UInt32.self)
            }
        }
        return Built(bytes: bytes, entries: count, listings: rows.count)
    }

    /// An index of all listings but those of `fold`, in memory; `owner` keeps it alive.
    func index(leavingOut fold: Int) -> (index: NeighbourIndex, owner: OwnedBytes) {
        let built = build(leavingOut: fold)
        let owner = OwnedBytes(built.bytes)
        // Allocated bytes always have an address.
        let base = owner.base
        let entries = 4 * (featureCount + 1)
        let index = NeighbourIndex(
            featureCount: featureCount, listingCount: built.listings, entryCount: built.entries, starts: base,
            entries: base + entries, targets: base + entries + 8 * built.entries)
        return (index, owner)
    }
}
