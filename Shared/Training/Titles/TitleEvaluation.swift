import Listings
import Parallel
import Suggesters

/// How many keystrokes completions save.
public struct TitleEvaluation: Codable, Sendable, Equatable {
    /// Titles typed, and their characters as a person counts them.
    public var rows: Int
    public var characters: Int
    public var keystrokes: Int
    /// 1 - keystrokes / characters.
    public var saved: Double { characters == 0 ? 0 : 1 - Double(keystrokes) / Double(characters) }

    enum CodingKeys: String, CodingKey { case rows, characters, keystrokes, saved }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(rows, forKey: .rows)
        try fields.encode(characters, forKey: .characters)
        try fields.encode(keystrokes, forKey: .keystrokes)
        try fields.encode(saved, forKey: .saved)
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        rows = try fields.decode(Int.self, forKey: .rows)
        characters = try fields.decode(Int.self, forKey: .characters)
        keystrokes = try fields.decode(Int.self, forKey: .keystrokes)
    }

    /// Types every title of `listings` with the same code as the service, knowing nothing else of the listing.
    public init(_ listings: [Listing], index: TitleIndex, threads: Int) {
        let titles = listings.compactMap { $0.content.title }.filter { !$0.isEmpty }
        let lanes = ForkJoin(threads: threads)
        nonisolated(unsafe) let suggesters = (0..<lanes.threads).map { _ in TitleSuggester(index: index) }
        let typists = lanes.map(titles.count) { lane, number in
            var typist = Typist()
            typist.type(titles[number]) { suggesters[lane].complete($0).map(\.title) }
            return typist
        }
        rows = titles.count
        characters = typists.reduce(0) { $0 + $1.characters }
        keystrokes = typists.reduce(0) { $0 + $1.keystrokes }
    }
}

/// A seller who types a title and takes help where it is right. Before each keystroke they look at the five completions of
/// what is typed; the longest one that the intended title begins with is accepted at the cost of one keystroke, else one
/// character is typed.
public struct Typist: Sendable {
    public private(set) var characters = 0
    public private(set) var keystrokes = 0
    public private(set) var accepted = 0
    public var saved: Double { characters == 0 ? 0 : 1 - Double(keystrokes) / Double(characters) }

    public init() {}

    /// - Parameter complete: the completions of what is typed.
    public mutating func type(_ title: String, _ complete: (String) -> [String]) {
        var typed = ""
        var rest = Substring(title)
        characters += title.count
        while !rest.isEmpty {
            let right = complete(typed).filter {
                $0.utf8.count > typed.utf8.count && title.utf8.starts(with: $0.utf8)
            }
            keystrokes += 1
            let best = right.max { $0.utf8.count < $1.utf8.count }
            if let best,
                let end = title.utf8.index(title.startIndex, offsetBy: best.utf8.count, limitedBy: title.endIndex)
            {
                accepted += 1
                typed = best
                rest = title[end...]
            } else {
                typed.append(rest.removeFirst())
            }
        }
    }
}
