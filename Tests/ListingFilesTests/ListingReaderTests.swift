import ListingFiles
import Listings
import Testing

@Suite struct ListingReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func tsvSplitsOnTabsAndLineFeedsOnly() throws {
        let path = try folder.file(
            "a.tsv",
            "\u{FEFF}id\ttitle\tbrand\r\n1\ta \"stray\u{2028} quote\t\"NIKE\r\n\r\n2\tb\u{0B}c\u{85}\t\n3\tlast\tGU")
        let rows = try rows(path)
        #expect(rows.map(\.line) == [2, 4, 5])
        #expect(rows.compactMap(\.listing?.content.title) == ["a \"stray\u{2028} quote", "b\u{0B}c\u{85}", "last"])
        #expect(rows.map(\.listing?.content.brand) == ["\"NIKE", nil, "GU"])
    }

    @Test func badRowsAreToldAndPassedOver() throws {
        var bytes = Array("id\ttitle\n1\tgood\n2\ttoo\tmany\n3\n".utf8)
        bytes += Array("4\t".utf8) + [0xFF, 0xFE, 0x0A]
        bytes +=
            Array("5\tnul\u{0}byte\n6\t".utf8) + Array(repeating: 0x61, count: 300) + Array("\n7\tgood again\n".utf8)
        var options = ListingReader.Options()
        options.maximumLineLength = 200
        let path = try folder.file("bad.tsv", bytes)
        let rows = try rows(path, options: options)
        #expect(rows.map(\.line) == Array(2...8))
        #expect(
            rows.map(\.error?.kind)
                == [nil, .columnCount, .columnCount, .invalidUTF8, .nulByte, .lineTooLong, nil])
        #expect(rows.last?.listing?.content.title == "good again")
    }

    @Test func aVeryLongLineIsSkippedInConstantMemoryAndItsBeginningKept() throws {
        let long = Array("1\t".utf8) + Array(repeating: 0x61, count: 3_000_000)
        let path = try folder.file("long.tsv", Array("id\ttitle\n".utf8) + long + Array("\n2\tafter\n".utf8) + long)
        var options = ListingReader.Options()
        options.maximumLineLength = 1_000_000
        let reader = try ListingReader(path: path, options: options)
        #expect(try reader.next()?.error?.kind == .lineTooLong)
        #expect(reader.rawRow == Array(long.prefix(1_024)))
        let after = try reader.next()
        #expect(after?.line == 3)
        #expect(after?.listing?.content.title == "after")
        #expect(try reader.next()?.error?.line == 4)
        #expect(try reader.next() == nil)
        #expect(reader.bytesRead == reader.totalBytes)
    }

    @Test func aTitleOfAMegabyteIsABadRow() throws {
        let title = String(repeating: "あ", count: 350_000)
        let path = try folder.file("title.tsv", "id\ttitle\n1\t\(title)\n2\tshort\n")
        let rows = try rows(path)
        #expect(rows.map(\.error?.kind) == [.fieldTooLong, nil])
        #expect(rows[0].error?.description == "line 2: title is 1050000 bytes of UTF-8; shorten it to 4096")
    }

    @Test func rowsWithoutAnIDGetTheSameOneEachTime() throws {
        let path = try folder.file("noid.tsv", "title\na\na\nb\n")
        let first = try rows(path).map(\.listing?.id)
        #expect(try rows(path).map(\.listing?.id) == first)
        #expect(Set(first).count == 3)
        #expect(first.allSatisfy { $0?.utf8.count == 16 })
    }

    @Test(arguments: [
        ("10", "USD", 1_000 as Int64), ("0.5", "USD", 50), (".5", "USD", 50), ("12.345", "USD", 1_235),
        ("8.005", "USD", 801),
        ("1e3", "JPY", 1_000), ("1200.5", "JPY", 1_201), ("1000000000", "JPY", 1_000_000_000), (" 7 ", "KWD", 7_000),
        ("0", "JPY", 0),
    ])
    func pricesAreExact(text: String, currency: String, minorUnits: Int64) throws {
        let path = try folder.file("p.tsv", "id\ttitle\tprice\n1\tt\t\(text)\n")
        let price = try rows(path, "id=id,price=price,currency:=\(currency)")[0].listing?.price
        #expect(price == Money(minorUnits: minorUnits, currency: try Currency(currency)))
    }

    @Test(arguments: [
        "-1", "NaN", "nan", "inf", "-inf", "1e300", "99999999999999999999999999", "1000000001", "1,000", "¥100", "0x10",
        "ten", ".", "1.2.3", "--1", "+",
    ])
    func badPricesAreRefused(text: String) throws {
        let path = try folder.file("p.tsv", "id\tprice\n1\t\(text)\n")
        #expect(try rows(path, "id=id,price=price,currency:=JPY")[0].error?.kind == .price)
    }

    @Test func minorUnitPricesAreWhole() throws {
        let path = try folder.file("p.tsv", "id\tprice\n1\t1250\n2\t12.50\n3\t12.00\n")
        let rows = try rows(path, "id=id,price=price,currency:=USD,price_unit:=minor")
        #expect(rows.map(\.listing?.price?.minorUnits) == [1_250, nil, 12])
        #expect(rows[1].error?.kind == .price)
    }

    @Test func aPriceNeedsACurrency() throws {
        let path = try folder.file("p.tsv", "id\tprice\tcurrency\n1\t5\t\n2\t\t\n3\t5\tjpy\n4\t5\tYEN!\n")
        let rows = try rows(path)
        #expect(rows.map(\.error?.kind) == [.currencyMissing, nil, nil, .currency])
        #expect(rows[2].listing?.price == Money(minorUnits: 5, currency: .jpy))
        #expect(rows[0].error?.message.contains("currency:=JPY") == true)
    }

    @Test(arguments: [
        ("1714523400", 1_714_523_400 as Int64), ("2024-05-01", 1_714_521_600), ("2024-05-01T00:30:00Z", 1_714_523_400),
        ("2024-05-01 09:30:00+09:00", 1_714_523_400), ("2024-05-01T09:30+0900", 1_714_523_400), ("-1", -1),
        ("1969-12-31T23:59:59.25", -1), ("2000-02-29", 951_782_400), ("0001-01-01", -62_135_596_800),
        ("1714523400.0", 1_714_523_400),
    ])
    func times(text: String, seconds: Int64) throws {
        let path = try folder.file("t.tsv", "id\tlisted_at\n1\t\(text)\n")
        #expect(try rows(path)[0].listing?.content.listedAt == seconds)
    }

    @Test(arguments: [
        "yesterday", "2023-02-29", "2024-13-01", "1714523400000", "2024-05-01T25:00", "2024-05",
        "2024-05-01T09:30:00+25:00",
        "1e9", "2024-05-01Tx", "99999999999999999999",
    ])
    func badTimesAreRefused(text: String) throws {
        let path = try folder.file("t.tsv", "id\tlisted_at\n1\t\(text)\n")
        #expect(try rows(path)[0].error?.kind == .time)
    }

    @Test(arguments: [
        ("condition", "0", RowError.Kind.condition), ("condition", "7", .condition), ("condition", "-1", .condition),
        ("condition", "mint", .condition), ("shipping_payer", "2", .shippingPayer), ("category", "A//B", .category),
    ])
    func valuesOfOtherScalesAreRefused(field: String, text: String, kind: RowError.Kind) throws {
        let path = try folder.file("c.tsv", "id\t\(field)\n1\t\(text)\n")
        #expect(try rows(path)[0].error?.kind == kind)
    }

    @Test func aListingThatSoldBeforeItWasListedIsRefused() throws {
        let path = try folder.file("s.tsv", "id\tlisted_at\tsold_at\n1\t100\t99\n")
        #expect(try rows(path)[0].error?.kind == .timeOrder)
    }

    @Test func jsonLinesTakeTextsNumbersAndArrays() throws {
        let path = try folder.file(
            "a.jsonl",
            #"""
            {"id": 12, "title": "caf\u00e9 \ud83d\ude00 \"q\"\n\/", "tags": ["a|b", "c"], "category": ["A/B", "C"], "x": {"y": [1, "]"]}, "price": 12.5, "currency": "USD", "brand": null}
            {"title": "plain", "category": "A/B", "tags": "a|b", "condition": 2, "shipping_payer": "buyer"}

            {"other": 1}
            """#)
        let rows = try rows(path)
        let first = try #require(rows[0].listing)
        #expect(first.id == "12")
        #expect(first.content.title == "café 😀 \"q\"\n/")
        #expect(first.content.tags == ["a|b", "c"])
        #expect(first.content.category?.levels == ["A/B", "C"])
        #expect(first.price == Money(minorUnits: 1_250, currency: .usd))
        #expect(first.content.brand == nil)
        let second = try #require(rows[1].listing)
        #expect(second.content.category?.levels == ["A", "B"])
        #expect(second.content.tags == ["a", "b"])
        #expect(second.content.condition == .likeNew)
        #expect(second.content.shippingPayer == .buyer)
        #expect(rows[2].error?.kind == .noField)
        #expect(rows[2].line == 4)
    }

    @Test(arguments: [
        #"{"title": "a""#, #"{"title": a}"#, #"["title"]"#, #"{"title": "a"} x"#, #"{"title": "\ud83d"}"#,
        #"{"title": "\x"}"#, #"{"title": "a",}"#, #"{"title": ["a"]}"#, #"{"title": {"a": 1}}"#, #"{"price": NaN}"#,
        #"{"price": 01}"#, #"{"title": "a"#, "{\"title\": \"a\tb\"}", #"{"x": [1, 2}"#, "{", #"{"title"}"#, "\"",
        #"{"a":"\u12"#,
    ])
    func malformedJSONIsABadRow(line: String) throws {
        let path = try folder.file("bad.jsonl", line + "\n{\"title\": \"next\"}\n")
        let rows = try rows(path)
        #expect(rows[0].error?.kind == .malformedJSON)
        #expect(rows[1].listing?.content.title == "next")
    }

    @Test func misspeltJSONKeysAreTold() throws {
        let path = try folder.file("a.jsonl", "{\"title\": \"a\"}\n")
        let reader = try ListingReader(path: path, columns: ColumnMap(parsing: "title=title,brand=brandname"))
        while try reader.next() != nil {}
        #expect(reader.unseenColumns == ["brandname"])
    }

    @Test func filesThatCannotBeReadAreToldBeforeAnyRow() throws {
        #expect(throws: ListingFileError.self) { try ListingReader(path: folder.path + "/none.tsv") }
        #expect(throws: ListingFileError.self) { try ListingReader(path: folder.path, format: .tsv) }
        let empty = try folder.file("empty.csv", "")
        #expect(throws: ListingFileError.missingHeader(path: empty)) { try ListingReader(path: empty) }
        let unknown = try folder.file("a.txt", "title\n")
        #expect(throws: ListingFileError.unknownFormat(path: unknown)) { try ListingReader(path: unknown) }
        #expect(try rows(unknown, format: .tsv).isEmpty)
        let foreign = try folder.file("foreign.tsv", "name\tcost\n")
        #expect(throws: ListingFileError.columnMap(path: foreign, .noKnownColumn(columns: ["name", "cost"]))) {
            try ListingReader(path: foreign)
        }
        #expect(
            throws: ListingFileError.columnMap(path: foreign, .unknownColumn("nam", columns: ["name", "cost"]))
        ) { try ListingReader(path: foreign, columns: ColumnMap(parsing: "title=nam")) }
    }
}
