import FeatureExtraction
import Foundation
import Listings
import Suggesters

/// Tags with other ways to say them, made by hand: a line each, the tag, a tab, and its aliases parted by `|`. A line may
/// hold the tag alone; one that begins with `#` is a remark.
public struct TagList: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var tag: String
        public var aliases: [String]

        public init(tag: String, aliases: [String] = []) {
            self.tag = tag
            self.aliases = aliases
        }
    }

    public let entries: [Entry]
    /// More than this is no list made by hand.
    static let mostEntries = 1 << 20

    /// - Throws: ``TagListError``, for an empty tag, one that occurs twice, or a name without a letter or digit.
    public init(_ entries: [Entry]) throws(TagListError) {
        try self.init(entries.enumerated().map { ($0 + 1, $1) })
    }

    /// Reads the bytes of a list.
    /// - Throws: ``TagListError``.
    public init(reading bytes: [UInt8]) throws(TagListError) {
        var entries: [(line: Int, entry: Entry)] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let text = String(validating: line, as: UTF8.self) else { throw .notUTF8(line: index + 1) }
            if text.hasPrefix("#") || text.allSatisfy(\.isWhitespace) { continue }
            let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count <= 2 else { throw .tooManyFields(line: index + 1) }
            let trim = { (part: Substring) in part.trimmingCharacters(in: .whitespacesAndNewlines) }
            let aliases = fields.count > 1 ? fields[1].split(separator: "|").map(trim).filter { !$0.isEmpty } : []
            entries.append((index + 1, Entry(tag: trim(fields[0]), aliases: aliases)))
        }
        try self.init(entries)
    }

    private init(_ numbered: [(line: Int, entry: Entry)]) throws(TagListError) {
        var seen = Set<String>()
        for (line, entry) in numbered {
            guard !entry.tag.isEmpty else { throw .noTag(line: line) }
            guard seen.insert(entry.tag).inserted else { throw .twice(line: line, tag: entry.tag) }
            for name in [entry.tag] + entry.aliases where FoldedText.folded(name).isEmpty {
                throw .unreadable(line: line, name: name)
            }
        }
        guard numbered.count <= Self.mostEntries else { throw .tooLong }
        entries = numbered.map(\.entry)
    }

    /// Reads a file.
    /// - Throws: ``TagListError``.
    public static func read(_ path: String) throws(TagListError) -> TagList {
        guard let data = FileManager.default.contents(atPath: path) else { throw .missing(path: path) }
        return try TagList(reading: Array(data))
    }

    /// The bytes of an ``AliasDictionary`` of the tags that `isWanted`, which are its values, in order.
    func aliases(where isWanted: (String) -> Bool) -> [UInt8] {
        let wanted = entries.filter { isWanted($0.tag) }
        var named: [[UInt8]: [Int]] = [:]
        for (value, entry) in wanted.enumerated() {
            for name in Set(([entry.tag] + entry.aliases).map { FoldedText.folded($0) }) {
                named[name, default: []].append(value)
            }
        }
        return AliasDictionary.serialized(
            values: wanted.map { ($0.tag, 0) },
            aliases: named.map { name, values in
                AliasDictionary.Alias(
                    text: name, mentions: 0, postings: values.map { .init(value: $0, kind: .name, listings: 0) })
            }, listings: 0)
    }
}

/// Why a list of tags was refused.
public enum TagListError: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case notUTF8(line: Int)
    case tooManyFields(line: Int)
    case noTag(line: Int)
    case twice(line: Int, tag: String)
    case unreadable(line: Int, name: String)
    case tooLong

    public var description: String {
        switch self {
        case .missing(let path): "there is no list of tags at \(path)"
        case .notUTF8(let line): "line \(line) of the list of tags is not UTF-8; save the list as UTF-8"
        case .tooManyFields(let line):
            "line \(line) of the list of tags has over one tab; write the tag, a tab, and aliases parted by |"
        case .noTag(let line): "line \(line) of the list of tags has no tag before the tab"
        case .twice(let line, let tag):
            "line \(line) of the list of tags names \"\(tag)\" again; put all aliases in one line"
        case .unreadable(let line, let name):
            "line \(line) of the list of tags has the name \"\(name)\", which no text can be searched for: give it a letter "
                + "or a digit"
        case .tooLong: "the list of tags has over \(TagList.mostEntries) entries"
        }
    }
}
