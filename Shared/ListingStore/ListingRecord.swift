import GRDB
import ListingFiles
import Listings

/// How a listing lies in the table `listings`.
enum ListingRecord {
    /// The order in which columns are written and read.
    static let columns = [
        "id", "content_hash", "title", "description", "category", "brand", "condition", "shipping_payer",
        "shipping_method", "size", "color", "tags", "violation", "price", "currency", "listed_at", "sold_at", "seller",
    ]

    /// Inserts a row, or updates the row of that id when its content differs.
    static let upsert = """
        INSERT INTO listings (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        WHERE content_hash <> excluded.content_hash
        """

    private static let slash = UInt8(ascii: "/")
    private static let bar = UInt8(ascii: "|")

    static func bind(_ listing: Listing, to statement: PreparedStatement) throws {
        let content = listing.content
        let category = content.category.map { EscapedList.encode($0.levels, separator: slash) }
        let tags = content.tags.isEmpty ? nil : EscapedList.encode(content.tags, separator: bar)
        let currency = (listing.price?.currency ?? content.currency)?.code
        let texts = [
            content.title, content.description, category, content.brand, content.shippingPayer?.rawValue,
            content.shippingMethod, content.size, content.color, tags, listing.violation, currency, content.seller,
        ]
        let numbers = [
            content.condition.map { Int64($0.rawValue) }, listing.price?.minorUnits, content.listedAt, listing.soldAt,
        ]
        try statement.bind(listing.id, at: 0)
        try statement.bind(hash(id: listing.id, texts: texts, numbers: numbers), at: 1)
        for (text, column) in zip(texts, [2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 17] as [Int32]) {
            try statement.bind(text, at: column)
        }
        for (number, column) in zip(numbers, [6, 13, 15, 16] as [Int32]) {
            try statement.bind(number, at: column)
        }
    }

    /// The listing in the statement's current row, whose first columns are ``columns``.
    static func listing(_ row: PreparedStatement) throws -> Listing {
        let currency = try row.text(14).map { try Currency($0) }
        let content = ListingDraft(
            title: row.text(2), description: row.text(3),
            category: try row.bytes(4).map { try CategoryPath(levels: EscapedList.decode($0, separator: slash)) },
            brand: row.text(5), condition: row.number(6).flatMap { Condition(rawValue: Int($0)) },
            shippingPayer: row.text(7).flatMap { ShippingPayer(rawValue: $0) }, shippingMethod: row.text(8),
            size: row.text(9), color: row.text(10),
            tags: row.bytes(11).map { EscapedList.decode($0, separator: bar) } ?? [], currency: currency,
            listedAt: row.number(15), seller: row.text(17))
        let price = row.number(13).flatMap { units in currency.map { Money(minorUnits: units, currency: $0) } }
        return Listing(
            id: row.text(0) ?? "", content: content, price: price, soldAt: row.number(16), violation: row.text(12))
    }

    private static func hash(id: String, texts: [String?], numbers: [Int64?]) -> Int64 {
        var hash = StableHash()
        hash.combine(id)
        // An empty text counts as missing, in the table as everywhere.
        for text in texts { hash.combine(text ?? "") }
        for number in numbers {
            hash.combine(UInt8(number == nil ? 0 : 1))
            hash.combine(number ?? 0)
        }
        return Int64(bitPattern: hash.value)
    }
}
