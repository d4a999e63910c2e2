/// Key and value pairs beside a payload, in the order they travel. A key may occur more than once.
public struct RPCMetadata: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    public var entries: [Entry]

    public init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// The first value under `key`; keys are compared byte for byte.
    public subscript(key: String) -> String? {
        for entry in entries where entry.key == key { return entry.value }
        return nil
    }

    public mutating func append(_ value: String, forKey key: String) {
        entries.append(Entry(key: key, value: value))
    }
}

extension RPCMetadata: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Entry(key: $0.0, value: $0.1) })
    }
}
