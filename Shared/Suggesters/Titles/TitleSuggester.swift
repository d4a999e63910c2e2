import Listings

/// Proposes titles: ways to go on with what a seller typed, and better wordings of a draft. Owned by one thread, as it
/// holds buffers; the index behind it is shared.
public final class TitleSuggester {
    public let index: TitleIndex
    var typed = TypedTitle()
    var search: TitleSearch
    var selection = TitleSelection()

    public init(index: TitleIndex) {
        self.index = index
        search = TitleSearch(index: index)
    }

    /// Titles that begin with `typed`, byte for byte, and go on as sellers do; the best first, no two alike.
    ///
    /// What is added is an n-gram that several sellers wrote. They are chosen together, so that accepting the longest
    /// that is right saves most keystrokes: a rank is worth what it adds to those above.
    /// - Parameters:
    ///   - category: the draft's, if it is known; prefers what the category's listings say.
    ///   - brand: the draft's, if it is known.
    ///   - limit: the most titles; none for 0 and below.
    ///   - maxCharacters: the most characters of a title. What is longer already gets none.
    ///   - declined: titles that were shown for the same draft and not taken: neither they nor what goes on from them is
    ///     proposed again. For a form that shows new ideas at each keystroke; without it answers stay as they were.
    public func complete(
        _ typed: String, category: CategoryPath? = nil, brand: String? = nil, limit: Int = 5, maxCharacters: Int = 40,
        declined: [String] = []
    ) -> [TitleSuggestion] {
        guard limit > 0, typed.utf8.count <= Self.mostBytes, typed.count < maxCharacters else { return [] }
        candidates(typed, category: category, brand: brand, maxCharacters: min(maxCharacters, Self.mostBytes))
        let rests = declined.lazy.filter { $0.utf8.count > typed.utf8.count && $0.utf8.starts(with: typed.utf8) }.map {
            Array($0.utf8.dropFirst(typed.utf8.count))
        }
        let chosen = selection.choose(min(limit, search.candidates.count), from: search, declined: Array(rests))
        return chosen.compactMap { candidate, worth in
            let title = typed + String(decoding: search.text(of: candidate), as: UTF8.self)
            guard title.count <= maxCharacters else { return nil }
            return TitleSuggestion(
                title: title, kind: .completion, score: Double(worth),
                support: Int(search.candidates[candidate].support))
        }
    }

    /// What is longer is no title.
    static let mostBytes = 4_096

    /// Fills ``search`` with the ways to go on with `typed`.
    package func candidates(_ typed: String, category: CategoryPath?, brand: String?, maxCharacters: Int) {
        self.typed.read(typed, index)
        let contexts = TitleContext.hashes(category: category, brand: brand).compactMap { index.context($0) }
        search.run(self.typed, contexts: contexts, room: maxCharacters - typed.count)
    }

    /// The text and the ranker's features of each way to go on that ``candidates(_:category:brand:maxCharacters:)`` found.
    package func withCandidates(_ body: (_ text: ArraySlice<UInt8>, _ features: ArraySlice<Float>) -> Void) {
        for candidate in search.candidates.indices {
            body(search.text(of: candidate), search.features(of: candidate))
        }
    }
}

/// The pseudo words that stand for a category or a brand at the head of n-grams.
package enum TitleContext {
    package static func category(_ path: CategoryPath) -> UInt64 {
        var bytes: [UInt8] = []
        for level in path.levels {
            bytes += level.utf8
            bytes.append(0)
        }
        return TitleBytes.hash(bytes, seed: 1)
    }

    package static func top(_ path: CategoryPath) -> UInt64 {
        TitleBytes.hash(path.levels[0].utf8, seed: 2)
    }

    package static func brand(_ name: String) -> UInt64 {
        TitleBytes.hash(name.lowercased().utf8, seed: 3)
    }

    /// The leaf or, failing that, the top category's, and the brand's.
    static func hashes(category: CategoryPath?, brand: String?) -> [UInt64] {
        var hashes: [UInt64] = []
        if let category { hashes += [Self.top(category), Self.category(category)] }
        if let brand, !brand.isEmpty { hashes.append(Self.brand(brand)) }
        return hashes
    }
}
