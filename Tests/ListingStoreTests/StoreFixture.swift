import Foundation
import GRDB
import ListingFiles
import ListingStore
import Listings

/// A folder of a test's own, with stores and files in it, removed with it.
final class StoreFixture {
    let folder: String
    var path: String { folder + "/listings.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "listing-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// `count` rows, every tenth of them bad when `hasBadRows`.
    func rows(_ count: Int, name: String = "rows.tsv", hasBadRows: Bool = false) throws -> String {
        let rows = (0..<count).map { index in
            let price = hasBadRows && index % 10 == 9 ? "free" : "\(index % 977 + 1)"
            return "r\(index &* 7_919 % 1_000_003)\tタイトル \(index)\t\(price)\tA/B\(index % 5)\tJPY\n"
        }
        return try file(name, "id\ttitle\tprice\tcategory\tcurrency\n" + rows.joined())
    }

    /// Every cell of the listings of a store, row numbers too.
    static func contents(_ path: String) throws -> [String] {
        try DatabaseQueue(path: path).read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM listings ORDER BY seq").map(\.description)
        }
    }
}

extension ListingStore {
    @discardableResult
    func importFile(
        _ path: String, columns: String? = nil, options: ListingImporter.Options = .init(),
        progress: ((ImportProgress) throws -> Void)? = nil
    ) throws -> ImportSummary {
        let map = try columns.map { try ColumnMap(parsing: $0) }
        return try ListingImporter(store: self, options: options).run(
            ListingReader(path: path, columns: map), progress: progress)
    }

    func all(_ filter: ListingFilter = .init(), order: ListingOrder = .id) throws -> [Listing] {
        var all: [Listing] = []
        try forEachListing(filter, order: order) { all.append($0) }
        return all
    }
}
