import FeatureExtraction
import Listings
import Parallel
import Suggesters

/// What the category models learn from: every usable listing as a title alone and as it is, and more rows that say the
/// same in other words.
struct CategoryExamples {
    /// Rows for one of the models.
    struct View {
        let rows: TrainingRows
        /// The leaf of each row.
        fileprivate(set) var leaves: [Int] = []
        /// Listings, of which each has one row that a service could be asked for.
        fileprivate(set) var listingCount = 0
        /// A number for drawing lots; rows of one listing have the same.
        private var lots: [UInt64] = []
        private var kinds: [Kind] = []

        fileprivate enum Kind { case listing, variant, leaf }

        fileprivate init() throws(TrainingError) { rows = try TrainingRows() }

        fileprivate mutating func append(
            _ kind: Kind, leaf: Int, lot: UInt64, ids: [UInt32], values: [Float]
        ) throws(TrainingError) {
            try rows.append(ids: ids, values: values)
            leaves.append(leaf)
            lots.append(lot)
            kinds.append(kind)
            if kind == .listing { listingCount += 1 }
        }

        /// Rows to learn from and listings held out. A leaf whose listings are all held out is not learnt of at all, as
        /// it would be with a category that training never saw.
        func split(_ isHeld: (UInt64) -> Bool) -> (learnt: [Int], held: [Int]) {
            let held = leaves.indices.filter { kinds[$0] == .listing && isHeld(lots[$0]) }
            var known = Set<Int>()
            for row in leaves.indices where kinds[row] == .listing && !isHeld(lots[row]) { known.insert(leaves[row]) }
            let learnt = leaves.indices.filter {
                kinds[$0] == .leaf ? known.contains(leaves[$0]) : !isHeld(lots[$0])
            }
            return (learnt, held)
        }
    }

    private(set) var title: View
    /// `nil` where no listing has more than a title.
    private(set) var whole: View?

    private typealias Row = (ids: [UInt32], values: [Float])

    init(
        _ listings: ListingSource, where isUsable: (Listing) -> Bool, usable: Int, tree: CategoryTree,
        features: HashedFeatures, dictionary: MeCabDictionary, options: CategoryTrainingOptions,
        progress: (Double) -> Void
    ) throws {
        title = try View()
        var whole = try View()
        var hasMore = false
        nonisolated(unsafe) let workers = try (0..<options.threads).map { _ in
            try HashedWorker(features: features, dictionary: dictionary)
        }
        var known: [CategoryPath: Int] = [:]
        for leaf in tree.leaves { if let path = tree.path(of: leaf) { known[path] = leaf } }
        let describes = usable <= options.mostFoldedListings ? options.descriptionWords : 0
        try listings.forEachBatch(where: isUsable) { batch, share in
            let rows = ForkJoin(threads: options.threads).map(batch.count) { lane, index in
                Self.rows(of: batch[index].content, describes: describes, worker: workers[lane])
            }
            for (listing, row) in zip(batch, rows) {
                guard let leaf = listing.content.category.flatMap({ known[$0] }) else { continue }
                let lot = Folds.hash(of: listing.id, seed: options.seed)
                try title.append(.listing, leaf: leaf, lot: lot, ids: row.title.ids, values: row.title.values)
                try whole.append(.listing, leaf: leaf, lot: lot, ids: row.whole.ids, values: row.whole.values)
                hasMore = hasMore || row.isWhole
                if let more = row.described {
                    try title.append(.variant, leaf: leaf, lot: lot, ids: more.ids, values: more.values)
                }
            }
            progress(share)
        }
        for (leaf, draft) in zip(tree.leaves, Self.leafDrafts(tree)) {
            let row = Self.rows(of: draft, describes: 0, worker: workers[0])
            // Twice: they weigh as much as two listings.
            for _ in 0..<2 {
                try title.append(.leaf, leaf: leaf, lot: 0, ids: row.title.ids, values: row.title.values)
                try whole.append(.leaf, leaf: leaf, lot: 0, ids: row.whole.ids, values: row.whole.values)
            }
        }
        try title.rows.seal()
        try whole.rows.seal()
        self.whole = hasMore ? whole : nil
    }

    /// - Parameter describes: words of the description that a title of its own is made with.
    private static func rows(
        of draft: ListingDraft, describes: Int, worker: HashedWorker
    ) -> (title: Row, whole: Row, isWhole: Bool, described: Row?) {
        let draft = uncategorized(draft)
        worker.extract(ListingDraft(title: draft.title))
        let title = (worker.ids, worker.values)
        guard draft.has(.description) || draft.has(.brand) else { return (title, title, false, nil) }
        worker.extract(draft)
        let whole = (worker.ids, worker.values)
        guard describes > 0, let description = draft.description else { return (title, whole, true, nil) }
        let words = description.split(separator: " ", maxSplits: describes).prefix(describes).joined(separator: " ")
        worker.extract(ListingDraft(title: "\(draft.title ?? "") \(words.prefix(6 * describes))"))
        return (title, whole, true, (worker.ids, worker.values))
    }

    static func uncategorized(_ draft: ListingDraft) -> ListingDraft {
        var draft = draft
        draft.category = nil
        return draft
    }

    /// For each leaf a draft that says no more than its path does: sellers use the names of categories, and a leaf with
    /// few listings has little else to be known by.
    static func leafDrafts(_ tree: CategoryTree) -> [ListingDraft] {
        tree.leaves.map { leaf in
            let words = tree.path(of: leaf)?.levels.joined(separator: " ")
            return ListingDraft(title: words, description: words)
        }
    }
}
