import Listings
import TestSupport

@testable import FeatureExtraction

/// Analyses text with the machine's MeCab dictionary.
struct Tokenizing {
    static let dictionary = Result { try MeCabDictionary(path: MeCabFolder.path) }

    let segmenter: MeCabSegmenter
    let normalizer = TextNormalizer()

    init() throws {
        segmenter = try MeCabSegmenter(dictionary: Self.dictionary.get())
    }

    func analyze(_ text: String, limit: Int = 1 << 20) -> AnalyzedText {
        var analyzed = AnalyzedText()
        analyzed.analyze(text, limit: limit, normalizer: normalizer, segmenter: segmenter)
        return analyzed
    }

    func analyze(_ draft: ListingDraft, spec: FeatureSpec = .everything) -> DraftAnalysis {
        let analysis = DraftAnalysis()
        analysis.analyze(
            draft, titleBytes: spec.titleBytes, descriptionBytes: spec.descriptionBytes, normalizer: normalizer,
            segmenter: segmenter)
        return analysis
    }

    func words(_ text: String) -> [String] { analyze(text).words }
}

extension AnalyzedText {
    /// The text of each token.
    var words: [String] {
        tokens.map { String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self) }
    }
}

extension FeatureSpec {
    /// Every block and group; the first blocks have statistics, and say which listings are alike.
    static let everything = FeatureSpec(
        blocks: TextBlock.Kind.allCases.enumerated().map { index, kind in
            TextBlock(
                kind, minimumListings: 2, hasStatistics: index < 3, neighbourWeight: [1, 0.7][safe: index] ?? 0)
        }, groups: TargetGroup.allCases)
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
