import Listings

/// Training listings that can be read again and again in the same order, without being in memory together.
public struct ListingSource {
    /// How many there are.
    public let count: Int
    private let source: ((Listing) throws -> Void) throws -> Void

    /// - Parameter read: calls its argument with every listing, in the same order each time.
    public init(count: Int, _ read: @escaping ((Listing) throws -> Void) throws -> Void) {
        self.count = count
        source = read
    }

    public init(_ listings: [Listing]) {
        self.init(count: listings.count) { body in for listing in listings { try body(listing) } }
    }

    /// All of them, in memory.
    public func all() throws -> [Listing] {
        var all: [Listing] = []
        all.reserveCapacity(count)
        try read { all.append($0) }
        return all
    }

    /// Calls `body` with every listing.
    func read(_ body: (Listing) throws -> Void) throws {
        try source(body)
    }

    /// Calls `body` with the listings that `condition` chooses, some thousands at a time, and the share read so far.
    func forEachBatch(
        where condition: (Listing) -> Bool, _ body: (_ batch: [Listing], _ share: Double) throws -> Void
    ) throws {
        var batch: [Listing] = []
        var seen = 0
        try read { listing in
            seen += 1
            guard condition(listing) else { return }
            batch.append(listing)
            guard batch.count == 4_096 else { return }
            try body(batch, Double(seen) / Double(max(1, count)))
            batch.removeAll(keepingCapacity: true)
        }
        if !batch.isEmpty { try body(batch, 1) }
    }
}
