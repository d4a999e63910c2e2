import FeatureExtraction
import Listings
import Parallel
import Suggesters

/// Mines a ``TitleIndex`` from listings, fed one at a time. The same listings in the same order give the same bytes.
///
/// Titles are kept as numbers, about 40 bytes each; spellings of words as long as there is room for them
/// (``TitleMiningOptions/maximumWords``).
public struct TitleIndexBuilder {
    public let options: TitleMiningOptions
    /// Titles given, and those of them that may be mined.
    public private(set) var titlesSeen = 0
    public private(set) var titlesMined = 0
    private var corpus: TitleCorpus
    private let filter: TitleFilter
    private let normalizer = TextNormalizer()
    private var normalized: [UInt8] = []
    private var examples: [(priority: UInt64, example: TitleRankerLearner.Example)] = []
    private var fields = TitleFieldCounts()

    public init(options: TitleMiningOptions = TitleMiningOptions()) {
        self.options = options
        corpus = TitleCorpus(maximumTitles: options.maximumTitles, maximumWords: options.maximumWords)
        filter = TitleFilter(blockedTerms: options.blockedTerms)
    }

    /// Adds a listing's title; none, or of a listing with a violation, adds nothing.
    public mutating func add(_ listing: Listing) {
        guard let title = listing.content.title else { return }
        let content = listing.content
        add(
            title, category: content.category, brand: content.brand, size: content.size, color: content.color,
            seller: content.seller, isViolation: listing.violation != nil)
    }

    /// Adds a title. Violations, personal data, titles reserved for a buyer and blocked terms are left out.
    /// - Parameter seller: without one, each listing counts as a seller of its own.
    public mutating func add(
        _ title: String, category: CategoryPath? = nil, brand: String? = nil, size: String? = nil,
        color: String? = nil, seller: String? = nil, isViolation: Bool = false
    ) {
        titlesSeen += 1
        guard !isViolation, !title.isEmpty, title.utf8.count <= 2_000 else { return }
        var title = title
        normalized.removeAll(keepingCapacity: true)
        title.withUTF8 { normalizer.normalize($0, into: &normalized) }
        guard !normalized.isEmpty, filter.allows(normalized) else { return }
        let number = titlesMined
        titlesMined += 1
        let own = TitleBytes.hash(withUnsafeBytes(of: UInt64(number).littleEndian, Array.init), seed: 5)
        let brand = brand.flatMap { $0.isEmpty ? nil : $0 }
        title.withUTF8 {
            corpus.add(
                $0, seller: seller.map { TitleBytes.hash($0.utf8, seed: 6) } ?? own,
                contexts: (
                    category.map(TitleContext.category) ?? 0, category.map(TitleContext.top) ?? 0,
                    brand.map(TitleContext.brand) ?? 0
                ), number: number)
        }
        fields.add(normalized, category: category, brand: brand, size: size, color: color)
        setAside(
            TitleRankerLearner.Example(title: title, category: category, brand: brand, number: number),
            priority: TitleBytes.hash([], seed: own ^ options.seed))
    }

    /// A reservoir: the titles with the lowest priorities.
    private mutating func setAside(_ example: TitleRankerLearner.Example, priority: UInt64) {
        let most = max(1, options.heldOutTitles)
        if examples.count == most * 2 {
            examples.sort { ($0.priority, $0.example.number) < ($1.priority, $1.example.number) }
            examples.removeSubrange(most...)
        }
        if examples.count < most || priority < examples[most - 1].priority || examples.count > most {
            examples.append((priority, example))
        }
    }

    /// The bytes of the index.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` below 20 usable titles.
    public mutating func finish() throws -> [UInt8] {
        guard titlesMined >= 20 else {
            throw TrainingError.tooFewListings(
                usable: titlesMined, needed: 20, why: "titles without violations or personal data")
        }
        let writer = TitleIndexWriter(corpus: corpus, options: options)
        examples.sort { ($0.priority, $0.example.number) < ($1.priority, $1.example.number) }
        let heldOut = examples.prefix(min(options.heldOutTitles, titlesMined / 10)).map(\.example)
        let numbers = Set(heldOut.map(\.number))
        // Without the titles set aside, to train the ranker; and with all of them.
        let (corpus, options) = (corpus, options)
        let tries = ForkJoin(threads: options.threads).map(heldOut.isEmpty ? 1 : 2) { _, place in
            TitleTrie(corpus, options: options) { place == 0 || !numbers.contains($0) }
        }
        var ranker = TitleRanker.untrained
        if !heldOut.isEmpty {
            let index = try TitleIndex(copying: writer.serialized(tries[1], ranker: ranker, fieldOrders: []))
            let examples = heldOut.sorted { $0.number < $1.number }
            ranker = TitleRanker(weights: TitleRankerLearner(options: options).weights(examples, index: index))
        }
        return writer.serialized(tries[0], ranker: ranker, fieldOrders: fields.orders())
    }
}
