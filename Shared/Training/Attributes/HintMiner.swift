import FeatureExtraction
import Listings
import Parallel

/// Finds runs of one to three words of titles that tend to go with one value: `airjordan` with Nike.
struct HintMiner {
    static let mostWords = 3
    static let mostBytes = 60

    let options: AttributeTrainingOptions

    private struct Run {
        var hash: UInt64
        var row: UInt32
        var start: UInt16
        var end: UInt16
    }

    /// - Parameters:
    ///   - titles: the folded title of each row, with where its words begin and end.
    ///   - values: the value of each row.
    /// - Returns: each run's folded text once.
    func mine(_ titles: [FoldedTitle], values: [Int32], listingsOfValue: [Int]) -> [[UInt8]] {
        var runs: [Run] = []
        for (row, title) in titles.enumerated() {
            for first in title.cuts.indices.dropLast() {
                for last in first + 1..<min(title.cuts.count, first + 1 + Self.mostWords) {
                    let (start, end) = (title.cuts[first], title.cuts[last])
                    guard end - start > 1, end - start <= Self.mostBytes else { continue }
                    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
                    for byte in title.bytes[Int(start)..<Int(end)] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
                    runs.append(Run(hash: hash, row: UInt32(row), start: start, end: end))
                }
            }
        }
        runs.sort { ($0.hash, $0.row, $0.start) < ($1.hash, $1.row, $1.start) }
        var found: [[UInt8]] = []
        var counts: [Int32: Int] = [:]
        var first = 0
        while first < runs.count {
            var end = first
            var listings = 0
            counts.removeAll(keepingCapacity: true)
            while end < runs.count, runs[end].hash == runs[first].hash {
                if end == first || runs[end].row != runs[end - 1].row {
                    counts[values[Int(runs[end].row)], default: 0] += 1
                    listings += 1
                }
                end += 1
            }
            let isHint = counts.contains { value, count in
                value >= 0 && isTelling(count, of: listings, base: listingsOfValue[Int(value)], all: titles.count)
            }
            if isHint {
                let run = runs[first]
                found.append(Array(titles[Int(run.row)].bytes[Int(run.start)..<Int(run.end)]))
            }
            first = end
        }
        return found
    }

    /// Whether `count` of the `listings` that hold a run say something about a value that `base` of `all` have.
    func isTelling(_ count: Int, of listings: Int, base: Int, all: Int) -> Bool {
        guard count >= options.fewestListingsOfHint else { return false }
        // The lower end of Wilson's interval (1927), two standard deviations wide to each side: rare runs need to be pure.
        let (listings, z) = (Double(max(1, listings)), 2.0)
        let share = Double(count) / listings
        let spread = z * (share * (1 - share) / listings + z * z / (4 * listings * listings)).squareRoot()
        let least = (share + z * z / (2 * listings) - spread) / (1 + z * z / listings)
        return least >= options.smallestShareOfHint && least * Double(all) >= options.smallestLiftOfHint * Double(base)
    }
}

/// A title's folded bytes and where its words, runs of one script, begin; the end last.
struct FoldedTitle: Sendable {
    var bytes: [UInt8]
    var cuts: [UInt16]

    init(_ text: FoldedText) {
        bytes = text.bytes
        cuts =
            text.bytes.isEmpty
            ? [] : text.boundaries.indices.filter { text.boundaries[$0] >= .script }.map { UInt16(clamping: $0) }
    }
}
