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
        var japanese = 0
        try listings.read { listing in
            guard isUsable(listing), let category = listing.content.category else { return }
            counts[category, default: 0] += 1
            if listing.content.title?.unicodeScalars.contains(where: Self.isJapanese) ?? false { japanese += 1 }
        }
        let usable = counts.values.reduce(0, +)
        guard usable >= Self.fewestListings else {
            throw TrainingError.tooFewListings(
                usable: usable, needed: Self.fewestListings, why: "a category and a title are needed")
        }
        let tree = try CategoryTree(counts)
        let spec = options.spec(listings: usable, isJapanese: japanese > usable / 2)
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: options.threads)
        try listings.forEachBatch(where: isUsable) { batch, share in
            fitter.add(batch.map { CategoryExamples.uncategorized($0.content) })
            report("features", share)
        }
        fitter.add(CategoryExamples.leafDrafts(tree))
        let state = fitter.serialized()
        let features = try HashedFeatures(spec: spec, copying: state)
        let examples = try CategoryExamples(
            listings, where: isUsable, usable: usable, tree: tree, features: features, dictionary: dictionary,
            options: options
        ) { report("drafts", $0) }

        let title = try learn(examples.title, tree, features.featureCount, step: "titles")
        let whole = try examples.whole.map { try learn($0, tree, features.featureCount, step: "whole drafts") }
        let calibration = CategoryCalibration(title: title.blend, whole: whole?.blend ?? title.blend)
        return try TrainedCategories(
            spec: spec, state: state, tree: tree, title: title.bytes, whole: whole?.bytes, calibration: calibration,
            metrics: [
                "category_listings": Double(usable), "category_leaves": Double(tree.leaves.count),
                "category_nll_title": title.loss, "category_nll_whole": whole?.loss ?? title.loss,
            ])
    }

    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        (0x3041...0x30FF).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value)
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    private struct Part {
        var bytes: [UInt8]
        var blend: CategoryCalibration.Blend
        /// Mean negative log-likelihood out of fold.
        var loss: Double
    }

    private func learn(
        _ view: CategoryExamples.View, _ tree: CategoryTree, _ featureCount: Int, step: String
    ) throws -> Part {
        // In a tree of one level, the choice at its root is the flat one.
        let hasFlat = tree.leaves.count <= options.mostFlatLeaves && !tree.isFlat
        var blender = BlendCalibrator(tree: tree, threads: options.threads)
        // What is held out in each round, and whether a last one learns from everything.
        let isFolded = view.listingCount <= options.mostFoldedListings
        let drawn = max(view.listingCount / options.mostHeldOut, 10)
        let rounds = isFolded ? options.folds : 1
        let steps = Double(isFolded ? rounds + 1 : rounds)
        var bytes: [UInt8] = []
        for round in 0..<rounds {
            let isHeld = { (lot: UInt64) in isFolded ? lot % UInt64(rounds) == UInt64(round) : lot % UInt64(drawn) == 0
            }
            let (learnt, held) = view.split(isHeld)
            guard !held.isEmpty, !learnt.isEmpty else { continue }
            bytes = classifier(learnt, view, tree, featureCount, hasFlat: hasFlat) { share in
                report(step, (Double(round) + share) / steps)
            }
            try blender.add(held, learnt: learnt, view: view, classifier: SparseClassifier(copying: bytes))
        }
        if isFolded {
            let all = Array(view.leaves.indices)
            bytes = classifier(all, view, tree, featureCount, hasFlat: hasFlat) { share in
                report(step, (Double(rounds) + share) / steps)
            }
        }
        let fitted = blender.fit(hasFlat: hasFlat)
        return Part(bytes: bytes, blend: fitted.blend, loss: fitted.loss)
    }

    private func classifier(
        _ chosen: [Int], _ view: CategoryExamples.View, _ tree: CategoryTree, _ featureCount: Int, hasFlat: Bool,
        progress: (Double) -> Void
    ) -> [UInt8] {
        let edges = tree.nodes.count - 1
        var learner = OneVersusRestLearner()
        learner.maxEpochs = options.maxEpochs
        learner.seed = options.seed
        learner.pruning = view.listingCount > options.mostFoldedListings ? options.pruning : 0
        // The rows below each node and which child they are below.
        var members = [[UInt32]](repeating: [], count: tree.nodes.count)
        var labels = [[UInt16]](repeating: [], count: tree.nodes.count)
        for row in chosen {
            var node = view.leaves[row]
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
                firstOutput: tree.nodes[node].children.lowerBound - 1,
                loss: tree.isFlat ? options.flatLoss(leaves: tree.leaves.count) : options.treeLoss)
        }
        if hasFlat, tree.leaves.count > 1 {
            var positions = [Int: UInt16]()
            for (position, leaf) in tree.leaves.enumerated() { positions[leaf] = UInt16(position) }
            problems.append(
                OneVersusRestLearner.Problem(
                    rows: chosen.map { UInt32($0) }, labels: chosen.map { positions[view.leaves[$0]] ?? 0 },
                    outputCount: tree.leaves.count, firstOutput: edges,
                    loss: options.flatLoss(leaves: tree.leaves.count)))
        }
        return learner.learn(
            problems, rows: view.rows, featureCount: featureCount,
            outputCount: edges + (hasFlat ? tree.leaves.count : 0), threads: options.threads, progress: progress)
    }
}
