import FeatureExtraction
import Glibc
import Listings
import Suggesters

/// Learns how sizes with numbers are written, and how often what a text holds of them is the listing's size.
struct PatternLearner {
    static let mostPatterns = 24
    static let fewestListings = 8
    static let fewestValues = 3
    /// Listings that the odds are counted over, at the most.
    static let mostCounted = 10_000

    let options: AttributeTrainingOptions

    func learn(_ values: AttributeValues, _ drafts: [ListingDraft], rows: [Int]) -> [ValuePattern] {
        guard values.attribute == .size else { return [] }
        let normalizer = TextNormalizer()
        let normalized = rows.map { normalizer.normalized(values.attribute.value(in: drafts[$0]) ?? "") }
        var found: [String: (listings: Int, values: Set<String>)] = [:]
        for value in normalized {
            guard let pattern = ValuePattern.text(of: Array(value.utf8)) else { continue }
            found[pattern, default: (0, [])].listings += 1
            found[pattern]?.values.insert(value)
        }
        let texts = found.filter {
            $0.value.listings >= Self.fewestListings && $0.value.values.count >= Self.fewestValues
        }
        .sorted { ($0.value.listings, $1.key) > ($1.value.listings, $0.key) }
        .prefix(Self.mostPatterns).map(\.key)
        guard !texts.isEmpty else { return [] }
        let matcher = PatternMatcher(texts.map { ValuePattern(text: $0, logOdds: 0) })
        var (right, held) = ([Double](repeating: 0, count: texts.count), [Double](repeating: 0, count: texts.count))
        var reading = DraftReading()
        let step = max(1, rows.count / Self.mostCounted)
        for position in stride(from: 0, to: rows.count, by: step) {
            reading.read(drafts[rows[position]])
            let matches =
                matcher.matches(in: reading.title.normalized) + matcher.matches(in: reading.description.normalized)
            for match in matches {
                held[match.pattern] += 1
                if normalized[position].utf8.elementsEqual(match.value) { right[match.pattern] += 1 }
            }
        }
        return texts.indices.map { index in
            ValuePattern(text: texts[index], logOdds: log((right[index] + 0.5) / (held[index] - right[index] + 0.5)))
        }
    }
}
