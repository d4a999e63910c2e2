import Foundation
import ListingFiles
import Testing

@Suite struct CSVTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func quotesLineBreaksAndDoubledQuotes() throws {
        let path = try folder.file(
            "a.csv",
            "id,title,brand\r\n1,\"a, b\",x\r\n2,\"line\r\nbreak \"\"q\"\"\",\"\"\r\n3,stray\"quote,\n\"4\",\"\"\"\",\"y\""
        )
        let rows = try rows(path)
        #expect(rows.map(\.line) == [2, 3, 5, 6])
        #expect(rows.map(\.listing?.content.title) == ["a, b", "line\r\nbreak \"q\"", "stray\"quote", "\""])
        #expect(rows.map(\.listing?.content.brand) == ["x", nil, nil, "y"])
    }

    @Test func aQuoteThatNeverClosesCostsItsOwnLineOnly() throws {
        let path = try folder.file("open.csv", "id,title\n1,\"open\n2,b\n3,c\n")
        let rows = try rows(path)
        #expect(rows.map(\.error?.kind) == [.malformedCSV, nil, nil])
        #expect(rows.compactMap(\.listing?.id) == ["2", "3"])
    }

    @Test func textBehindAClosingQuoteIsABadRow() throws {
        let path = try folder.file("junk.csv", "id,title\n1,\"a\"b\n2,c\n")
        let rows = try rows(path)
        #expect(rows.map(\.error?.kind) == [.malformedCSV, nil])
    }

    /// Python's csv module writes and reads the same rows: a peer with another implementation of the rules.
    @Test(arguments: [1, 2, 3]) func readsWhatPythonWrites(seed: Int) throws {
        let path = folder.path + "/python.csv"
        let script = """
            import csv, random, sys
            r = random.Random(\(seed))
            parts = ['"', '""', ',', '\\n', '\\r\\n', 'あ', 'x', ' ', '\\t', '\\u2028', '😀', "'"]
            rows = [[str(i)] + [''.join(r.choices(parts, k=r.randint(0, 6))) for _ in range(2)] for i in range(400)]
            with open(sys.argv[1], 'w', newline='', encoding='utf-8') as f:
                w = csv.writer(f, quoting=\(seed == 1 ? "csv.QUOTE_ALL" : "csv.QUOTE_MINIMAL"))
                w.writerow(['id', 'title', 'brand'])
                w.writerows(rows)
            with open(sys.argv[1], newline='', encoding='utf-8') as f:
                for row in list(csv.reader(f))[1:]:
                    sys.stdout.buffer.write(('\\0'.join(row) + '\\0').encode())
            """
        let expected = try #require(try output(of: ["python3", "-c", script, path]), "python3 is needed")
        var found: [UInt8] = []
        for row in try rows(path) {
            let listing = try row.result.get()
            for text in [listing.id, listing.content.title ?? "", listing.content.brand ?? ""] {
                found += Array(text.utf8) + [0]
            }
        }
        #expect(found == expected)
    }
}
