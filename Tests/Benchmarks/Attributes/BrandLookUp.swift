import FeatureExtraction
import Foundation
import Listings
import Suggesters

/// The baseline: the longest training brand name that stands in the title, word for word; the most frequent of equal ones.
struct BrandLookUp {
    private var counts: [String: [String: Int]] = [:]
    private let normalizer = TextNormalizer()
    private static let mostWords = 8

    init(_ listings: [Listing]) {
        for listing in listings {
            guard let brand = listing.content.brand else { continue }
            counts[words(brand).joined(separator: " "), default: [:]][brand, default: 0] += 1
        }
        counts[""] = nil
    }

    func brand(of title: String) -> String? {
        let words = words(title)
        var best: (length: Int, count: Int, name: String)?
        for start in words.indices {
            for end in start + 1...max(start + 1, min(words.count, start + Self.mostWords)) {
                let key = words[start..<end].joined(separator: " ")
                guard let found = counts[key]?.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
                let candidate = (key.utf8.count, found.value, found.key)
                if best.map({ candidate > ($0.length, $0.count, $0.name) }) ?? true { best = candidate }
            }
        }
        return best?.name
    }

    /// Prints accuracy beside a model's, for listings that have a brand; spellings of one brand count as that brand.
    func compare(on test: [Listing], model: AttributeModel) {
        guard let suggester = try? AttributeSuggester(model: model) else { return }
        var (rows, found, right) = (0, 0, 0)
        var ours: [(probability: Double, isRight: Bool)] = []
        for listing in test {
            guard let brand = listing.content.brand else { continue }
            rows += 1
            var draft = listing.content
            draft.brand = nil
            if let first = try? suggester.suggest(draft, attributes: [.brand], maxValues: 1).first {
                ours.append((first.probability, first.value == model.canonical(.brand, brand)))
            }
            guard let guess = self.brand(of: listing.content.title ?? "") else { continue }
            found += 1
            let same = (model.canonical(.brand, guess) ?? guess) == (model.canonical(.brand, brand) ?? brand)
            if same { right += 1 }
        }
        guard rows > 0 else { return }
        print(
            String(
                format: "brand look-up:  rows %6d  coverage %.4f  top-1 %.4f  right of all rows %.4f", rows,
                Double(found) / Double(rows), Double(right) / Double(max(1, found)), Double(right) / Double(rows)))
        let surest = ours.sorted { $0.probability > $1.probability }.prefix(found)
        print(
            String(
                format: "as many surest suggestions:     coverage %.4f  top-1 %.4f",
                Double(surest.count) / Double(rows),
                Double(surest.count { $0.isRight }) / Double(max(1, surest.count))))
    }

    /// Runs of letters, and of digits; marks and Japanese letters one by one.
    private func words(_ text: String) -> [String] {
        var words: [String] = []
        var last = 0
        for scalar in normalizer.normalized(text).unicodeScalars {
            let kind =
                scalar.properties.isAlphabetic && scalar.value < 0x3000
                ? 1 : (0x30...0x39).contains(scalar.value) ? 2 : 0
            if kind != 0, kind == last, !words.isEmpty {
                words[words.count - 1].unicodeScalars.append(scalar)
            } else if scalar != " " {
                words.append(String(scalar))
            }
            last = kind
        }
        return words
    }
}
