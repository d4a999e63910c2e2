import FeatureExtraction
import Foundation
import LinearModels
import Listings
import Parallel
import Suggesters

/// Trains the category suggester: at every node of the category tree, linear classifiers tell the children apart (a label
/// tree, Bengio, Weston and Grangier 2010); where there are few leaves, a flat choice between all of them is mixed in.
public struct CategoryTrainer {
    public let options: CategoryTrainingOptions
    public let dictionary: MeCabDictionary
    public var progress: (TrainingProgress) -> Void = { _ in }

    /// Fewer listings with a category than this teach nothing that could be checked.
    public static let fewestListings = 50

    public init(options: CategoryTrainingOptions, dictionary: MeCabDictionary) {
        self.options = options
        self.dictionary = dictionary
    }

    /// - Parameter listings: those with a category and some text are used.
    /// - Throws: ``TrainingError`` for too few listings, ``CategoryTreeError``.
    public func train(_ listings: ListingSource) throws -> TrainedCategories {
        let isUsable = { (listing: Listing) in listing.content.category != nil && listing.content.has(.title) }
        var counts: [CategoryPath: Int] = [:]
        try listings.forEach { listing in
            if isUsable(listing), let category = listing.content.category { counts[category, default: 0] += 1 }
        }
        let usable = counts.values.reduce(0, +)
        guard usable >= Self.fewestListings else {
            throw TrainingError.tooFewListings(
                usable: usable, needed: Self.fewestListings, why: "a category and a title are needed")
        }
        let tree = try CategoryTree(counts)
        let spec = options.spec(listings: usable)
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: options.threads)
        try listings.forEachBatch(where: isUsable, progress: { report("features", $0) }) { batch in
            fitter.add(batch.map { Self.uncategorized($0.content) })
        }
        let state = fitter.serialized()
        let features = try HashedFeatures(spec: spec, copying: state)
        let examples = try Examples(
            listings, where: isUsable, tree: tree, features: features, dictionary: dictionary, options: options
        ) { report("drafts", $0) }

        let title = try learn(examples.title, examples, tree, features.featureCount, step: "titles")
        let whole = try learn(examples.whole, examples, tree, features.featureCount, step: "whole drafts")
        let calibration = CategoryCalibration(title: title.blend, whole: whole.blend)
        return try TrainedCategories(
            spec: spec, state: state, tree: tree, title: title.bytes, whole: whole.bytes, calibration: calibration,
            metrics: [
                "category_listings": Double(usable), "category_leaves": Double(tree.leaves.count),
                "category_nll_title": title.loss, "category_nll_whole": whole.loss,
            ])
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    static func uncategorized(_ draft: ListingDraft) -> ListingDraft {
        var draft = draft
        draft.category = nil
        return draft
    }

    private struct Part {
        var bytes: [UInt8]
        var blend: CategoryCalibration.Blend
        /// Mean negative log-likelihood out of fold.
        var loss: Double
    }

    private func learn(
        _ rows: TrainingRows, _ examples: Examples, _ tree: CategoryTree, _ featureCount: Int, step: String
    ) throws -> Part {
        let all = Array(examples.leaves.indices)
        let hasFlat = tree.leaves.count <= options.mostFlatLeaves
        let learn = { (chosen: [Int], share: @escaping (Double) -> Void) in
            self.classifier(chosen, rows, examples, tree, featureCount, hasFlat: hasFlat, progress: share)
        }
        var blender = BlendCalibrator(tree: tree, leaves: examples.leaves)
        if examples.leaves.count <= options.mostFoldedListings {
            for fold in 0..<options.folds {
                let held = all.filter { examples.folds[$0] == fold }
                guard !held.isEmpty, held.count < all.count else { continue }
                let bytes = learn(all.filter { examples.folds[$0] != fold }) { share in
                    report(step, (Double(fold) + share) / Double(options.folds + 1))
                }
                try blender.add(held, rows: rows, classifier: SparseClassifier(copying: bytes))
            }
            let bytes = learn(all) { share in
                report(step, (Double(options.folds) + share) / Double(options.folds + 1))
            }
            let fitted = blender.fit(hasFlat: hasFlat)
            return Part(bytes: bytes, blend: fitted.blend, loss: fitted.loss)
        }
        let stride = max(all.count / options.mostHeldOut, 10)
        let held = all.filter { examples.order[$0] % UInt64(stride) == 0 }
        let bytes = learn(all.filter { examples.order[$0] % UInt64(stride) != 0 }) { report(step, $0) }
        try blender.add(held, rows: rows, classifier: SparseClassifier(copying: bytes))
        let fitted = blender.fit(hasFlat: hasFlat)
        return Part(bytes: bytes, blend: fitted.blend, loss: fitted.loss)
    }

    private func classifier(
        _ chosen: [Int], _ rows: TrainingRows, _ examples: Examples, _ tree: CategoryTree, _ featureCount: Int,
        hasFlat: Bool, progress: (Double) -> Void
    ) -> [UInt8] {
        let edges = tree.nodes.count - 1
        var learner = OneVersusRestLearner()
        learner.maxEpochs = options.maxEpochs
        learner.seed = options.seed
        learner.cost = options.treeCost
        learner.pruning = examples.leaves.count > options.mostFoldedListings ? options.pruning : 0
        // The rows below each node and which child they are below.
        var members = [[UInt32]](repeating: [], count: tree.nodes.count)
        var labels = [[UInt16]](repeating: [], count: tree.nodes.count)
        for row in chosen {
            var node = examples.leaves[row]
            while node != 0 {
                let parent = tree.nodes[node].parent
                if tree.nodes[parent].children.count > 1 {
                    members[parent].append(UInt32(row))
                    labels[parent].append(UInt16(node - tree.nodes[parent].children.lowerBound))
                }
                node = parent
            }
        }
        var problems = tree.nodes.indices.filter { !members[$0].isEmpty }.map { node in
            OneVersusRestLearner.Problem(
                rows: members[node], labels: labels[node], outputCount: tree.nodes[node].children.count,
                firstOutput: tree.nodes[node].children.lowerBound - 1)
        }
        if hasFlat, tree.leaves.count > 1 {
            var positions = [Int: UInt16]()
            for (position, leaf) in tree.leaves.enumerated() { positions[leaf] = UInt16(position) }
            problems.append(
                OneVersusRestLearner.Problem(
                    rows: chosen.map { UInt32($0) }, labels: chosen.map { positions[examples.leaves[$0]] ?? 0 },
                    outputCount: tree.leaves.count, firstOutput: edges))
        }
        return learner.learn(
            problems, rows: rows, featureCount: featureCount,
            outputCount: edges + (hasFlat ? tree.leaves.count : 0), threads: options.threads, progress: progress)
    }
}

/// The features of all usable listings, as titles alone and as they are.
private struct Examples {
    let title: TrainingRows
    let whole: TrainingRows
    private(set) var leaves: [Int] = []
    private(set) var folds: [Int] = []
    /// A hash of each listing's id, for drawing lots.
    private(set) var order: [UInt64] = []

    init(
        _ listings: ListingSource, where isUsable: (Listing) -> Bool, tree: CategoryTree, features: HashedFeatures,
        dictionary: MeCabDictionary, options: CategoryTrainingOptions, progress: (Double) -> Void
    ) throws {
        title = try TrainingRows()
        whole = try TrainingRows()
        nonisolated(unsafe) let workers = try (0..<options.threads).map { _ in
            try HashedWorker(features: features, dictionary: dictionary)
        }
        var known: [CategoryPath: Int] = [:]
        for leaf in tree.leaves { if let path = tree.path(of: leaf) { known[path] = leaf } }
        typealias Row = (ids: [UInt32], values: [Float])
        try listings.forEachBatch(where: isUsable, progress: progress) { batch in
            let rows = ForkJoin(threads: options.threads).map(batch.count) { lane, index -> (title: Row, whole: Row) in
                let worker = workers[lane]
                let draft = CategoryTrainer.uncategorized(batch[index].content)
                worker.extract(ListingDraft(title: draft.title))
                let title = (worker.ids, worker.values)
                guard draft.hasMoreThanTitle else { return (title, title) }
                worker.extract(draft)
                return (title, (worker.ids, worker.values))
            }
            for (listing, row) in zip(batch, rows) {
                guard let leaf = listing.content.category.flatMap({ known[$0] }) else { continue }
                try title.append(ids: row.title.ids, values: row.title.values)
                try whole.append(ids: row.whole.ids, values: row.whole.values)
                leaves.append(leaf)
                folds.append(Folds.fold(of: listing.id, seed: options.seed, count: options.folds))
                order.append(UInt64(Folds.fold(of: listing.id, seed: ~options.seed, count: 1 << 40)))
            }
        }
        try title.seal()
        try whole.seal()
    }
}
