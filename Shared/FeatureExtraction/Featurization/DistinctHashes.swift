/// A set of hashes with a count and the first label of each, in order of first occurrence; emptied in constant time.
struct DistinctHashes {
    private(set) var hashes: [UInt64] = []
    private(set) var counts: [UInt32] = []
    private(set) var labels: [OriginLabel] = []
    /// Open addressing; a cell is used when its stamp is the current one.
    private var cells: [(stamp: UInt32, position: UInt32)]
    private var stamp: UInt32 = 1

    init() {
        cells = Array(repeating: (0, 0), count: 512)
    }

    mutating func removeAll() {
        hashes.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        stamp &+= 1
        if stamp == 0 {
            for index in cells.indices { cells[index].stamp = 0 }
            stamp = 1
        }
    }

    /// Counts `hash` once more; returns how often it has been seen.
    @inline(__always)
    @discardableResult
    mutating func insert(_ hash: UInt64, _ label: OriginLabel = OriginLabel(.title)) -> UInt32 {
        if hashes.count * 2 >= cells.count { grow() }
        var index = Int(truncatingIfNeeded: hash >> 20) & (cells.count - 1)
        while cells[index].stamp == stamp {
            let position = Int(cells[index].position)
            if hashes[position] == hash {
                counts[position] += 1
                return counts[position]
            }
            index = (index + 1) & (cells.count - 1)
        }
        cells[index] = (stamp, UInt32(hashes.count))
        hashes.append(hash)
        counts.append(1)
        labels.append(label)
        return 1
    }

    /// Where `hash` stands in ``hashes``, if it does.
    func position(of hash: UInt64) -> Int? {
        var index = Int(truncatingIfNeeded: hash >> 20) & (cells.count - 1)
        while cells[index].stamp == stamp {
            let position = Int(cells[index].position)
            if hashes[position] == hash { return position }
            index = (index + 1) & (cells.count - 1)
        }
        return nil
    }

    private mutating func grow() {
        cells = Array(repeating: (0, 0), count: cells.count * 2)
        stamp = 1
        for (position, hash) in hashes.enumerated() {
            var index = Int(truncatingIfNeeded: hash >> 20) & (cells.count - 1)
            while cells[index].stamp == stamp { index = (index + 1) & (cells.count - 1) }
            cells[index] = (stamp, UInt32(position))
        }
    }
}
