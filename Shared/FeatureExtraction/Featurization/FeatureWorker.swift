import Glibc
import Listings

/// Turns drafts into features. Owned by one thread: it holds a MeCab tagger and buffers that are used again and again.
public final class FeatureWorker {
    public let features: FittedFeatures
    /// The sparse features of the last draft: ids of ``FittedFeatures``, block after block, each once.
    public var ids: [UInt32] { sparse.ids }
    /// TF-IDF of each id; every block has unit length (the field block: all ones).
    public var values: [Float] { sparse.values }
    private var sparse = SparseRow()
    /// The dense columns of the last draft, in the order of ``FeatureSpec/columns``; NaN is missing.
    public private(set) var dense: [Float] = []

    let analysis = DraftAnalysis()
    private let normalizer = TextNormalizer()
    private let segmenter: MeCabSegmenter
    private var hasher = BlockHasher()
    private var measures = Measures()
    private var search: NeighbourSearch
    /// The end of each block's features in ``ids``.
    private(set) var blockEnds: [Int] = []
    private var queryValues: [Float] = []

    public init(features: FittedFeatures, dictionary: MeCabDictionary) throws(MeCabError) {
        self.features = features
        segmenter = try MeCabSegmenter(dictionary: dictionary)
        search = NeighbourSearch(listingCount: features.neighbours.listingCount)
    }

    /// Computes the features of `draft`. Returns whether the draft holds anything that features can be made of.
    @discardableResult
    public func extract(_ draft: ListingDraft) -> Bool {
        analyze(draft)
        sparse.removeAll()
        blockEnds.removeAll(keepingCapacity: true)
        for (block, definition) in features.spec.blocks.enumerated() {
            hasher.collect(definition.kind, of: analysis)
            sparse.append(
                hasher.found, kind: definition.kind,
                known: features.blockStarts[block]..<features.blockStarts[block + 1], features: features)
            blockEnds.append(sparse.ids.count)
        }
        fillDense(tagCount: draft.tags.count)
        return !analysis.isEmpty
    }

    private func fillDense(tagCount: Int) {
        dense.removeAll(keepingCapacity: true)
        let title = analysis.title
        let description = analysis.description
        dense.append(title.isEmpty ? .nan : Float(title.scalarCount))
        dense.append(title.isEmpty ? .nan : Float(analysis.titleWords.count))
        dense.append(title.isEmpty ? .nan : count(title) { $0 &- 0x30 < 10 })
        dense.append(title.isEmpty ? .nan : count(title) { $0 == UInt8(ascii: "!") })
        dense.append(description.isEmpty ? .nan : Float(description.scalarCount))
        dense.append(description.isEmpty ? .nan : Float(analysis.descriptionWords.count))
        dense.append(description.isEmpty ? .nan : count(description) { $0 &- 0x30 < 10 })
        dense.append(description.isEmpty ? .nan : count(description) { $0 == UInt8(ascii: ",") })
        dense.append(description.isEmpty ? .nan : count(description) { $0 == UInt8(ascii: "!") })
        dense.append(description.isEmpty ? .nan : count(description) { $0 == UInt8(ascii: "[") })
        measures.read(title)
        dense += measures.values
        dense += [measures.year, measures.firstNumber, measures.secondNumber]
        dense.append(title.isEmpty ? .nan : Float(measures.numberCount))
        dense.append(analysis.condition.map { Float($0.rawValue) } ?? .nan)
        dense.append(analysis.payer.map { $0 == .seller ? 1 : 0 } ?? .nan)
        dense.append(Float(tagCount))
        dense.append(analysis.categoryPrefixes.isEmpty ? .nan : Float(analysis.categoryPrefixes.count))
        for group in features.spec.groups {
            if let key = group.key(in: analysis) {
                let (mean, count) = features.groups.find(key) ?? (0, 0)
                dense.append(Float(bitPattern: mean))
                dense.append(Float(bitPattern: count))
            } else {
                dense.append(.nan)
                dense.append(.nan)
            }
        }
        appendStatistics(of: ids[...], ends: blockEnds, to: &dense) { features.record(of: $0) }
        appendNeighbours()
    }

    /// Appends the statistics columns of every block that has some.
    func appendStatistics(
        of ids: ArraySlice<UInt32>, ends: [Int], to columns: inout [Float], record: (UInt32) -> FeatureRecord
    ) {
        for (block, end) in zip(features.spec.blocks.indices, ends) where features.spec.blocks[block].hasStatistics {
            var statistics = TokenStatistics()
            for id in ids[(block == 0 ? 0 : ends[block - 1])..<end] {
                statistics.add(record(id), shrinkage: Float(features.spec.statisticsShrinkage))
            }
            statistics.append(to: &columns)
        }
    }

    private func appendNeighbours() {
        let query = neighbourQuery()
        search.append(
            to: &dense, ids: query.ids, values: query.values, index: features.neighbours,
            spec: features.spec.neighbours)
    }

    /// The features of the last draft that take part in looking up neighbours, weighted by block, of unit length.
    func neighbourQuery() -> (ids: ArraySlice<UInt32>, values: [Float]) {
        queryValues.removeAll(keepingCapacity: true)
        var squares: Float = 0
        var start = 0
        let (ids, values) = (ids, values)
        for (block, end) in zip(features.spec.blocks, blockEnds) {
            guard block.neighbourWeight > 0 else { break }
            for index in start..<end {
                let value = values[index] * block.neighbourWeight
                queryValues.append(value)
                squares += value * value
            }
            start = end
        }
        if squares > 0 {
            let scale = 1 / squares.squareRoot()
            for index in queryValues.indices { queryValues[index] *= scale }
        }
        return (ids[..<start], queryValues)
    }

    @inline(__always)
    private func count(_ text: AnalyzedText, _ matches: (UInt8) -> Bool) -> Float {
        var total: Float = 0
        for byte in text.bytes where matches(byte) { total += 1 }
        return total
    }

    // MARK: Explanations

    /// Each sparse feature, its value, the part of the draft that it was made of, and the position of its word; `nil` for
    /// features of other fields.
    public func forEachFeature(
        _ body: (_ id: UInt32, _ value: Float, _ origin: FeatureOrigin, _ word: Int?) -> Void
    ) {
        // Once out of this object, as each access of it is checked.
        let row = sparse
        for (index, label) in row.labels.enumerated() {
            body(row.ids[index], row.values[index], label.origin, label.wordPosition)
        }
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

    // MARK: Fitting

    /// The hashes of one block of the draft last analysed, each once.
    func blockHashes(_ kind: TextBlock.Kind) -> [UInt64] {
        hasher.collect(kind, of: analysis)
        return hasher.found.hashes
    }

    func analyze(_ draft: ListingDraft) {
        let spec = features.spec
        analysis.analyze(
            draft, titleBytes: spec.titleBytes, descriptionBytes: spec.descriptionBytes, normalizer: normalizer,
            segmenter: segmenter)
    }
}
