import FeatureExtraction
import Listings
import Suggesters

/// The values of one field, spellings of one value together, and which of them each listing has.
struct AttributeValues {
    let attribute: Attribute
    /// Sorted by their bytes.
    private(set) var names: [String] = []
    /// Folded texts that name each value.
    private(set) var keys: [[[UInt8]]] = []
    /// Whether a reviewed list holds the value, so that it is known though no listing has it.
    private(set) var isListed: [Bool] = []
    /// The value of each listing; -1 for none.
    private(set) var ofListing: [Int32] = []

    init(
        _ attribute: Attribute, of drafts: [ListingDraft], brands: [BrandEntry], options: AttributeTrainingOptions
    ) {
        self.attribute = attribute
        let normalizer = TextNormalizer()
        // By folded name: how often each spelling occurs.
        var spellings: [[UInt8]: [String: Int]] = [:]
        let keyOfListing = drafts.map { draft -> [UInt8] in
            guard let text = attribute.value(in: draft) else { return [] }
            let key = FoldedText.folded(text, normalizer: normalizer)
            if !key.isEmpty { spellings[key, default: [:]][text, default: 0] += 1 }
            return key
        }
        let listed = attribute == .brand ? Self.listed(brands, normalizer) : (names: [:], aliases: [:])
        // A spelling that the list knows as another brand's alias is that brand.
        var nameOfKey: [[UInt8]: String] = listed.names
        for (key, counts) in spellings where nameOfKey[key] == nil {
            if let names = listed.aliases[key], names.count == 1, let name = names.first {
                nameOfKey[key] = name
            } else if counts.values.reduce(0, +) >= options.fewestListingsOfValue {
                nameOfKey[key] = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            }
        }
        names = Set(nameOfKey.values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let idOfName = Dictionary(uniqueKeysWithValues: zip(names, 0...))
        keys = names.map { _ in [] }
        isListed = names.map { _ in false }
        for (key, name) in nameOfKey { idOfName[name].map { keys[$0].append(key) } }
        for name in listed.names.values { idOfName[name].map { isListed[$0] = true } }
        for (key, aliased) in listed.aliases {
            for name in aliased {
                if let id = idOfName[name], !keys[id].contains(key) { keys[id].append(key) }
            }
        }
        for id in keys.indices { keys[id].sort { $0.lexicographicallyPrecedes($1) } }
        ofListing = keyOfListing.map { key in nameOfKey[key].flatMap { idOfName[$0] }.map { Int32($0) } ?? -1 }
    }

    /// The list's names by folded name, the first of equal ones; and the names that each alias may stand for.
    private static func listed(
        _ brands: [BrandEntry], _ normalizer: TextNormalizer
    ) -> (names: [[UInt8]: String], aliases: [[UInt8]: Set<String>]) {
        var names: [[UInt8]: String] = [:]
        var aliases: [[UInt8]: Set<String>] = [:]
        for brand in brands {
            let key = FoldedText.folded(brand.name, normalizer: normalizer)
            guard isNaming(key) else { continue }
            let name = names[key] ?? brand.name
            names[key] = name
            for alias in brand.aliases {
                let other = FoldedText.folded(alias, normalizer: normalizer)
                if other != key, isNaming(other) { aliases[other, default: []].insert(name) }
            }
        }
        return (names, aliases)
    }

    /// Whether folded text can name a brand: not a lone letter, not a number alone.
    private static func isNaming(_ key: [UInt8]) -> Bool {
        key.count > 1 && !key.allSatisfy { $0 &- 0x30 < 10 || $0 == 0x2E }
    }
}
