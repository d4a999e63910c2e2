import FeatureExtraction
import Listings
import Suggesters

/// Sums up where titles hold their listing's fields, for all listings, each top category and each category.
struct TitleFieldCounts {
    private struct Sums {
        var places = [Double](repeating: 0, count: TitleFieldOrder.fields)
        var held = [Double](repeating: 0, count: TitleFieldOrder.fields)
        var given = [Double](repeating: 0, count: TitleFieldOrder.fields)

        mutating func add(_ other: Sums) {
            for place in 0..<TitleFieldOrder.fields {
                places[place] += other.places[place]
                held[place] += other.held[place]
                given[place] += other.given[place]
            }
        }
    }

    /// Categories of fewer listings follow the ones above them.
    private static let fewest = 50.0
    private var sums: [UInt64: Sums] = [:]
    private let normalizer = TextNormalizer()
    private var isField: [Bool] = []
    private var field: [UInt8] = []

    /// - Parameter title: normalised.
    mutating func add(_ title: [UInt8], category: CategoryPath?, brand: String?, size: String?, color: String?) {
        var own = Sums()
        isField = Array(repeating: false, count: title.count)
        for (place, text) in [(0, brand), (2, size), (3, color)] {
            guard var text, !text.isEmpty else { continue }
            field.removeAll(keepingCapacity: true)
            text.withUTF8 { normalizer.normalize($0, into: &field) }
            guard !field.isEmpty else { continue }
            own.given[place] = 1
            guard let found = TitleWords.find(field, in: title) else { continue }
            own.held[place] = 1
            own.places[place] = (Double(found) + Double(field.count) / 2) / Double(title.count)
            for covered in found..<found + field.count { isField[covered] = true }
        }
        // What is no other field is the item.
        var (sum, count) = (0.0, 0.0)
        for place in title.indices where !isField[place] && title[place] > 0x20 {
            sum += Double(place) + 0.5
            count += 1
        }
        own.given[1] = 1
        if count > 0 {
            own.held[1] = 1
            own.places[1] = sum / count / Double(title.count)
        }
        var categories: [UInt64] = [0]
        if let category { categories += [TitleContext.top(category), TitleContext.category(category)] }
        for hash in categories {
            sums[hash, default: Sums()].add(own)
        }
    }

    func orders() -> [TitleFieldOrder] {
        sums.filter { $0.key == 0 || $0.value.given[1] >= Self.fewest }.sorted { $0.key < $1.key }.map { hash, sums in
            TitleFieldOrder(
                category: hash,
                // A field that no title holds goes last.
                places: (0..<TitleFieldOrder.fields).map {
                    sums.held[$0] > 0 ? Float(sums.places[$0] / sums.held[$0]) : 1
                },
                shares: (0..<TitleFieldOrder.fields).map {
                    sums.given[$0] > 0 ? Float(sums.held[$0] / sums.given[$0]) : 0
                })
        }
    }
}
