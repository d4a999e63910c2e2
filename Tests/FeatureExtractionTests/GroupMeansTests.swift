import Foundation
import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct GroupMeansTests {
    let sample: FittedSample

    init() throws { sample = try FittedSample.shared.get() }

    /// Shrunk mean and count of the rows that share a key and that `counts` accepts.
    private func columns(_ keys: [UInt64?], row: Int, counting: (Int) -> Bool) -> (mean: Double, count: Double) {
        let overall = sample.targets.reduce(0, +) / Double(sample.targets.count)
        let others = keys.indices.filter { keys[$0] == keys[row] && counting($0) }
        let sum = others.reduce(0.0) { $0 + sample.targets[$1] - overall }
        return (sum / (Double(others.count) + FeatureSpec.everything.groupShrinkage), log1p(Double(others.count)))
    }

    @Test func groupColumnsAreShrunkMeansOverAllRowsAndOutOfFoldOverTheOtherFolds() throws {
        let tokenizing = try Tokenizing()
        let worker = try sample.worker()
        let analyses = sample.listings.map { tokenizing.analyze($0.content) }
        let keys = TargetGroup.allCases.map { group in analyses.map { group.key(in: $0) } }
        let start = try #require(worker.features.spec.columns.firstIndex { $0.name == "brand_mean" })
        let parts = (0..<FittedSample.foldCount).map { sample.outOfFold.fold($0) }
        var compared = 0
        for row in stride(from: 0, to: sample.listings.count, by: 3) {
            worker.extract(sample.listings[row].content)
            let inside = worker.dense
            var outside = inside
            sample.outOfFold.replace(row: row, fold: parts[sample.folds[row]], worker: worker, in: &outside)
            #expect(inside[..<start].map(\.bitPattern) == outside[..<start].map(\.bitPattern))
            for group in TargetGroup.allCases.indices {
                let column = start + 2 * group
                guard keys[group][row] != nil else {
                    #expect(
                        [inside[column], inside[column + 1], outside[column], outside[column + 1]].allSatisfy {
                            $0.isNaN
                        })
                    continue
                }
                let all = columns(keys[group], row: row) { _ in true }
                let others = columns(keys[group], row: row) { sample.folds[$0] != sample.folds[row] }
                #expect(abs(Double(inside[column]) - all.mean) < 1e-5)
                #expect(inside[column + 1] == Float(all.count))
                #expect(abs(Double(outside[column]) - others.mean) < 1e-5)
                #expect(outside[column + 1] == Float(others.count))
                if others.count == 0 { #expect(outside[column] == 0) }
                compared += 1
            }
        }
        #expect(compared > 800)
    }

    @Test func draftsCutShortKeepWhatTheyLackMissing() throws {
        let worker = try sample.worker()
        let start = try #require(worker.features.spec.columns.firstIndex { $0.name == "brand_mean" })
        let parts = (0..<FittedSample.foldCount).map { sample.outOfFold.fold($0) }
        for row in sample.listings.indices.prefix(80) {
            let part = parts[sample.folds[row]]
            worker.extract(sample.listings[row].content)
            var whole = worker.dense
            sample.outOfFold.replace(row: row, fold: part, worker: worker, in: &whole)
            for stage in DraftCompleteness.allCases {
                worker.extract(sample.listings[row].content.cut(to: stage))
                let before = worker.dense
                var after = before
                sample.outOfFold.replace(row: row, fold: part, worker: worker, in: &after)
                #expect(after.count == before.count)
                for column in start..<start + 2 * TargetGroup.allCases.count {
                    #expect(before[column].isNaN ? after[column].isNaN : after[column] == whole[column])
                }
            }
        }
    }

    /// Records of features against sums counted the plain way, over all rows and without each fold.
    @Test func statisticsOfFeaturesAreShrunkMeansAndVariances() throws {
        let worker = try sample.worker()
        let spec = worker.features.spec
        let overall = sample.targets.reduce(0, +) / Double(sample.targets.count)
        let residuals = sample.targets.map { $0 - overall }
        let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
        var rows: [UInt32: [Double]] = [:]
        for (row, listing) in sample.listings.enumerated() {
            worker.extract(listing.content)
            for id in worker.ids { rows[id, default: []].append(residuals[row]) }
        }
        for (id, found) in rows {
            let record = worker.features.record(of: id)
            let total = Double(found.count) + spec.statisticsShrinkage
            let mean = found.reduce(0, +) / total
            let squares = found.reduce(0) { $0 + $1 * $1 } + spec.statisticsShrinkage * variance
            #expect(record.count == Float(found.count))
            #expect(abs(Double(record.mean) - mean) < 1e-5)
            #expect(abs(Double(record.variance) - (squares / total - mean * mean)) < 1e-4)
        }
    }

    @Test func anUnknownKeyIsTheOverallMeanOfNoListings() throws {
        let worker = try sample.worker()
        worker.extract(ListingDraft(title: "zzqx", brand: "no brand of this name"))
        let columns = worker.features.spec.columns.map(\.name)
        for name in ["brand_mean", "brand_count", "title_mean", "title_head_count"] {
            let column = try #require(columns.firstIndex(of: name))
            #expect(worker.dense[column] == 0, "\(name)")
        }
        let missing = try #require(columns.firstIndex(of: "category_mean"))
        #expect(worker.dense[missing].isNaN)
    }
}
