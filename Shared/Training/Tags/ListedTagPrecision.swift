import Listings
import Suggesters

/// How often a tag that a listing's text names is one of its tags, over the tags that training knows. Tags that it does not
/// know are taken to be alike.
struct ListedTagPrecision {
    /// Where nothing can be measured.
    static let unknown = 0.5
    /// Enough to know a share.
    private static let mostListings = 20_000

    private let names: [String]
    private let dictionary: AliasDictionary

    /// - Parameter tags: those that are learnt. Aliases of the list count for those that it holds too.
    init(list: TagList, tags: [String]) throws {
        var entries: [TagList.Entry] = []
        var aliases: [String: [String]] = [:]
        for entry in list.entries { aliases[entry.tag] = entry.aliases }
        // A tag without a letter or digit can't be named by a text.
        for tag in tags {
            let entry = TagList.Entry(tag: tag, aliases: aliases[tag] ?? [])
            if (try? TagList([entry])) != nil { entries.append(entry) }
        }
        names = entries.map(\.tag)
        dictionary = try AliasDictionary(copying: TagList(entries).aliases { _ in true })
    }

    /// The share, pulled towards one half as if one mention more had been right and one wrong.
    func measure(_ listings: ListingSource, _ survey: TagSurvey) throws -> Double {
        var reading = DraftReading()
        var (seen, mentions, hits) = (0, 0, 0)
        let stride = max(1, survey.usable / Self.mostListings)
        try listings.read { listing in
            guard survey.isUsable(listing) else { return }
            seen += 1
            guard seen % stride == 0 else { return }
            reading.read(listing.content)
            var named = Set<Int>()
            for alias in dictionary.aliases(in: reading) {
                dictionary.forEachPosting(of: alias) { named.insert($0.value) }
            }
            mentions += named.count
            hits += named.count { listing.content.tags.contains(names[$0]) }
        }
        return Double(hits + 1) / Double(mentions + 2)
    }
}
