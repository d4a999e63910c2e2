import FeatureExtraction
import Listings

/// Suggests brand, shipping, size, colour and condition from a draft's text. Owned by one thread, as it holds a MeCab tagger
/// and buffers; the model behind it is shared.
///
/// Values that the text names, that its words hint at, or that a text classifier finds likely are ranked by what speaks for
/// each of them.
public final class AttributeSuggester {
    public let model: AttributeModel
    private let worker: HashedWorker
    private var reading = DraftReading()
    private var finder = CandidateFinder()
    private var logProbabilities: [Float] = []

    /// Values less likely than this are not worth showing.
    public static let smallestProbability = 0.01
    /// Spans of evidence of one suggestion, at the most.
    public static let mostEvidence = 4
    /// What a word must add to a classifier's margin to be evidence: it about doubles the odds.
    private static let smallestEffect: Float = 0.175

    public init(model: AttributeModel) throws(MeCabError) {
        self.model = model
        worker = try HashedWorker(features: model.features, dictionary: model.dictionary)
    }

    /// Values for those of `attributes` that the draft leaves empty: attribute by attribute, the likeliest value first. A
    /// probability is the share of listings, among those whose sellers fill the field, for which such a suggestion is right.
    ///
    /// The first 1,024 bytes of the title and 4,096 of the description are read.
    /// - Parameter maxValues: the most values of one attribute.
    /// - Throws: ``SuggestionError/notEnough`` when neither title nor description holds any text.
    public func suggest(
        _ draft: ListingDraft, attributes: Set<Attribute> = Set(Attribute.allCases), maxValues: Int = 3
    ) throws(SuggestionError) -> [AttributeSuggestion] {
        try read(draft)
        return model.heads
            .filter { attributes.contains($0.attribute) && $0.attribute.value(in: draft) == nil }
            .flatMap { head in
                let probabilities = head.ranker.probabilities(candidates(of: head))
                return finder.candidates.indices
                    .filter { probabilities[$0] >= Self.smallestProbability }
                    .sorted { (probabilities[$0], -$0) > (probabilities[$1], -$1) }
                    .prefix(max(0, maxValues))
                    .map { index in
                        AttributeSuggestion(
                            attribute: head.attribute,
                            value: finder.name(of: finder.candidates[index].value, head),
                            probability: probabilities[index],
                            evidence: evidence(for: finder.candidates[index], head))
                    }
            }
    }

    /// Reads the text that all heads work on.
    func read(_ draft: ListingDraft) throws(SuggestionError) {
        reading.read(draft)
        guard !reading.title.normalized.isEmpty || !reading.description.normalized.isEmpty else { throw .notEnough }
        worker.extract(Self.readable(draft))
    }

    /// What the classifiers read: fields that they suggest would give the answer away.
    package static func readable(_ draft: ListingDraft) -> ListingDraft {
        ListingDraft(title: draft.title, description: draft.description, category: draft.category)
    }

    /// The candidates of the draft last read.
    func candidates(of head: AttributeHead) -> [AttributeCandidate] {
        head.logProbabilities(ids: worker.ids, values: worker.values, into: &logProbabilities)
        finder.find(reading, head, logProbabilities: logProbabilities)
        return finder.candidates
    }

    private func evidence(for candidate: AttributeCandidate, _ head: AttributeHead) -> [TextSpan] {
        let open = candidate.value - head.dictionary.valueCount
        if finder.openValues.indices.contains(open) {
            let found = finder.openValues[open]
            let part = found.inTitle ? reading.title : reading.description
            return reading.span(normalized: found.range, in: part).map { [$0] } ?? []
        }
        var spans: [TextSpan] = []
        for index in candidate.mentions where spans.count < Self.mostEvidence {
            let mention = finder.mentions[index]
            let part = mention.inTitle ? reading.title : reading.description
            guard let span = reading.span(mention.range, in: part) else { continue }
            let isInside = spans.contains { $0.field == span.field && $0.start <= span.start && span.end <= $0.end }
            if !isInside { spans.append(span) }
        }
        if spans.isEmpty, let output = candidate.output { spans = tellingWords(output, head) }
        return spans
    }

    /// The words that moved the classifier most towards an output.
    private func tellingWords(_ output: Int, _ head: AttributeHead) -> [TextSpan] {
        guard let classifier = head.classifier else { return [] }
        struct Place: Hashable {
            var isTitle: Bool
            var position: Int
        }
        var effects: [Place: Float] = [:]
        for (index, id) in worker.ids.enumerated() {
            guard let position = worker.wordPosition(at: index) else { continue }
            let effect = classifier.weight(of: id, output: output) * worker.values[index]
            guard effect > 0 else { continue }
            effects[Place(isTitle: worker.origin(at: index) == .title, position: position), default: 0] += effect
        }
        return
            effects
            .filter { $0.value >= Self.smallestEffect }
            .sorted {
                ($0.value, $0.key.isTitle ? 1 : 0, -$0.key.position) > (
                    $1.value, $1.key.isTitle ? 1 : 0, -$1.key.position
                )
            }
            .prefix(2)
            .compactMap { place, _ in
                let origin: FeatureOrigin = place.isTitle ? .title : .description
                guard let range = worker.sourceRange(origin, place.position), !range.isEmpty else { return nil }
                let source = (place.isTitle ? reading.title : reading.description).source
                guard range.upperBound <= source.count,
                    reading.normalizer.normalized(String(decoding: source[range], as: UTF8.self))
                        == worker.word(origin, place.position)
                else { return nil }
                return TextSpan(
                    field: place.isTitle ? .title : .description, start: range.lowerBound, end: range.upperBound)
            }
    }
}
