import TestSupport
import Testing

@testable import FeatureExtraction

@Suite struct MergedRowTests {
    @Test func idsComeInOrderEqualOnesAsGiven() {
        var random = SeededGenerator(12)
        var sorter = IDSorter()
        for (count, limit) in [(0, 1), (1, 1), (50, 10), (1_000, 255), (1_000, 256), (3_000, 70_000), (500, 1 << 26)] {
            let ids = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(limit), using: &random) }
            sorter.sort(ids, below: limit)
            let expected = ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
            #expect(sorter.order.map { Int($0) } == expected, "\(count) ids below \(limit)")
        }
    }
}
