import Foundation
import Listings
import Synthesis
import TestSupport
import Testing

@testable import FeatureExtraction

/// Neighbours against a comparison of the draft with every listing.
@Suite(.needsMeCab) struct NeighbourTests {
    let sample: FittedSample
    let worker: FeatureWorker

    init() throws {
        sample = try FittedSample.shared.get()
        worker = try sample.worker()
    }

    private func query(_ draft: ListingDraft) -> [UInt32: Float] {
        worker.extract(draft)
        let query = worker.neighbourQuery()
        return Dictionary(uniqueKeysWithValues: zip(query.ids, query.values))
    }

    /// The columns, computed from the cosine with each of `rows`.
    private func expected(_ draft: ListingDraft, rows: [Int], known: [[UInt32: Float]]) -> [Double]? {
        let own = query(draft)
        let overall = sample.targets.reduce(0, +) / Double(sample.targets.count)
        let similar = rows.map { row -> (score: Double, target: Double) in
            let score = own.reduce(0.0) { $0 + Double($1.value) * Double(known[row][$1.key] ?? 0) }
            return (score, sample.targets[row] - overall)
        }.filter { $0.score > 0 }.sorted { $0.score > $1.score }
        let nearest = similar.prefix(worker.features.spec.neighbours.count)
        guard let best = nearest.first else { return nil }
        // Where the last taken and the first left out are equal, which is taken is a matter of rounding.
        if similar.count > nearest.count, let last = nearest.last, last.score - similar[nearest.count].score < 1e-5 {
            return nil
        }
        let weights = nearest.map { pow($0.score, 4) }
        let total = weights.reduce(0, +)
        let mean = zip(weights, nearest).reduce(0) { $0 + $1.0 * $1.1.target } / total
        let variance = zip(weights, nearest).reduce(0) { $0 + $1.0 * pow($1.1.target - mean, 2) } / total
        let targets = nearest.map(\.target).sorted()
        return [mean, variance.squareRoot(), best.score, total, targets[targets.count / 2]]
    }

    private func found(_ dense: [Float]) -> [Double] {
        let columns = dense.suffix(NeighbourIndex.names.count).map { Double($0) }
        // Without the columns of those equally alike, whose bound is a matter of rounding.
        return [columns[0], columns[1], columns[2], columns[4], columns[6]]
    }

    @Test func neighboursAreTheListingsMostAlike() {
        let known = sample.listings.map { query($0.content) }
        let synthesizer = ListingSynthesizer(seed: 3)
        let parts = (0..<FittedSample.foldCount).map { sample.outOfFold.fold($0) }
        var compared = 0
        for index in 0..<80 {
            let fresh = synthesizer.listing(400 + index).content.cut(to: DraftCompleteness.allCases[index % 4])
            if let expected = expected(fresh, rows: Array(sample.listings.indices), known: known) {
                worker.extract(fresh)
                compared += isClose(found(worker.dense), expected)
            }
            // A training row does not see its own fold, itself least of all.
            let others = sample.listings.indices.filter { sample.folds[$0] != sample.folds[index] }
            if let expected = expected(sample.listings[index].content, rows: others, known: known) {
                worker.extract(sample.listings[index].content)
                var dense = worker.dense
                sample.outOfFold.replace(row: index, fold: parts[sample.folds[index]], worker: worker, in: &dense)
                compared += isClose(found(dense), expected)
            }
        }
        #expect(compared > 60)
    }

    private func isClose(_ found: [Double], _ expected: [Double]) -> Int {
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 2e-3, "\(found) where \(expected)") }
        return 1
    }

    @Test func aDraftLikeNoneHasNoNeighbours() {
        worker.extract(ListingDraft(title: "zzqx qqzv"))
        #expect(worker.dense.suffix(NeighbourIndex.names.count).allSatisfy { $0.isNaN })
    }
}
