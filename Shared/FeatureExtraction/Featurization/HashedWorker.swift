import Listings

/// Turns drafts into the hashed features of a classifier. Owned by one thread: it holds a MeCab tagger and buffers that
/// are used again and again.
public final class HashedWorker: BucketReader {
    public let features: HashedFeatures
    /// The last draft's features: ids below ``HashedFeatures/featureCount``, block after block. Two features of a draft
    /// may share a bucket; both then stand here.
    public var ids: [UInt32] { row.ids }
    /// TF-IDF of each id; every block has the length that its weight says.
    public var values: [Float] { row.values }

    /// Whether the last draft had neither description nor brand.
    public var isTitleOnly: Bool { analysis.description.isEmpty && analysis.brand.isEmpty }

    let analysis = DraftAnalysis()
    private let normalizer = TextNormalizer()
    private let segmenter: MeCabSegmenter
    private var hasher = BlockHasher()
    private var row = HashedRow()

    public init(features: HashedFeatures, dictionary: MeCabDictionary) throws(MeCabError) {
        self.features = features
        segmenter = try MeCabSegmenter(dictionary: dictionary)
    }

    /// Computes the features of `draft`. Returns whether any of them was seen in training.
    @discardableResult
    public func extract(_ draft: ListingDraft) -> Bool {
        analyze(draft)
        return weigh()
    }

    /// Weighs the features of the draft that ``analyze(_:)`` read.
    func weigh() -> Bool {
        row.removeAll()
        for block in blocks {
            hasher.collect(block.kind, of: analysis)
            row.append(hasher.found, weight: block.weight, features: features)
        }
        return !row.ids.isEmpty
    }

    private var blocks: [HashedSpec.Block] {
        isTitleOnly && !features.spec.titleBlocks.isEmpty ? features.spec.titleBlocks : features.spec.blocks
    }

    func analyze(_ draft: ListingDraft) {
        let spec = features.spec
        analysis.analyze(
            draft, titleBytes: spec.titleBytes, descriptionBytes: spec.descriptionBytes, normalizer: normalizer,
            segmenter: segmenter)
    }

    func buckets(of draft: ListingDraft, into buckets: inout [UInt32]) {
        analyze(draft)
        buckets.removeAll(keepingCapacity: true)
        for block in blocks {
            hasher.collect(block.kind, of: analysis)
            for hash in hasher.found.hashes {
                buckets.append(UInt32(HashedFeatures.bucket(hash, bits: features.spec.bits)))
            }
        }
    }

    // MARK: Explanations

    /// The part of the draft that the feature at `index` of ``ids`` was made of.
    public func origin(at index: Int) -> FeatureOrigin { row.labels[index].origin }

    /// The position of the word that the feature at `index` was made of; `nil` for features of other fields.
    public func wordPosition(at index: Int) -> Int? {
        row.labels[index].wordPosition
    }

    /// A word of the last draft's title or description, as normalised; empty where there is none at `position`.
    public func word(_ origin: FeatureOrigin, _ position: Int) -> String {
        analysis.word(origin, position)
    }

    /// Where in the last draft's title or description, as the seller wrote it, the word at `position` stands: bytes of its
    /// UTF-8, between scalars. `nil` where there is no such word.
    public func sourceRange(_ origin: FeatureOrigin, _ position: Int) -> Range<Int>? {
        analysis.sourceRange(origin, position, normalizer: normalizer)
    }
}
