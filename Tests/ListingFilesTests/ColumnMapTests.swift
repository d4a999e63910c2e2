import ListingFiles
import Testing

@Suite struct ColumnMapTests {
    @Test func readsColumnsJoinsAndConstants() throws {
        let map = try ColumnMap(
            parsing: #"title=name+model, price=price_jpy,currency:=JPY,brand=a\,b\+c,price_unit:=minor"#)
        #expect(map[.title] == .columns(["name", "model"]))
        #expect(map[.price] == .columns(["price_jpy"]))
        #expect(map[.currency] == .constant("JPY"))
        #expect(map[.brand] == .columns(["a,b+c"]))
        #expect(map[.size] == nil)
        #expect(map.priceUnit == .minor)
        #expect(map.columns == ["name", "model", "a,b+c", "price_jpy"])
    }

    @Test(arguments: [
        ("", ColumnMapError.malformed("")), ("title", .malformed("title")), ("title=", .malformed("title=")),
        ("title=a++b", .malformed("title=a++b")), ("=a", .malformed("=a")), ("title=a,", .malformed("")),
        ("name=a", .unknownField("name")), ("title=a,title=b", .duplicateField("title")),
        ("price_unit:=major,price_unit:=minor", .duplicateField("price_unit")),
    ])
    func namesWhatIsWrong(text: String, error: ColumnMapError) {
        #expect(throws: error) { try ColumnMap(parsing: text) }
    }

    @Test(arguments: [
        "currency:=YENS", "condition:=7", "listed_at:=soon", "price_unit:=cents", "price_unit=minor", "id:=1",
        "category:=A//B", "shipping_payer:=me", "price:=-1",
    ])
    func refusesConstantsThatNoRowCouldUse(text: String) {
        #expect { try ColumnMap(parsing: text) } throws: { error in
            guard case .badConstant(let field, _) = error as? ColumnMapError else { return false }
            return text.hasPrefix(field)
        }
    }

    @Test func unknownFieldsAreAnsweredWithTheKnownOnes() {
        #expect(ColumnMapError.unknownField("x").description.contains("shipping_payer, shipping_method, size"))
    }

    @Test func joinedColumnsSkipEmptyOnes() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("j.tsv", "a\tb\tc\nx\t\tz\n\t\t\n\ty\t\n")
        let titles = try rows(path, "title=a+b+c,size:=M").map { ($0.listing?.content.title, $0.listing?.content.size) }
        #expect(titles.map(\.0) == ["x z", nil, "y"])
        #expect(titles.map(\.1) == ["M", "M", "M"])
    }

    @Test func aColumnThatStandsTwiceIsRefusedWhenItIsUsed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("d.tsv", "a\ta\tb\n1\t2\t3\n")
        #expect(throws: ListingFileError.columnMap(path: path, .repeatedColumn("a", columns: ["a", "a", "b"]))) {
            try rows(path, "title=a")
        }
        #expect(try rows(path, "title=b")[0].listing?.content.title == "3")
    }
}
