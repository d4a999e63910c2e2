import TestSupport
import Testing

@testable import Training

@Suite struct TagListTests {
    private func read(_ text: String) throws -> TagList { try TagList(reading: Array(text.utf8)) }

    @Test func linesAreTagsAndAliases() throws {
        let list = try read("# remark\n猫\tねこ| ネコ |\n\n限定品\n 新品 \t未使用\r\n")
        #expect(
            list.entries == [
                .init(tag: "猫", aliases: ["ねこ", "ネコ"]), .init(tag: "限定品"), .init(tag: "新品", aliases: ["未使用"]),
            ])
        #expect(try read("").entries.isEmpty)
    }

    @Test func linesThatAreNoneAreNamed() throws {
        let refused: [(String, TagListError)] = [
            ("a\tb\tc", .tooManyFields(line: 1)), ("a\n\tb", .noTag(line: 2)),
            ("a\nb\na\tc", .twice(line: 3, tag: "a")),
            ("☆", .unreadable(line: 1, name: "☆")), ("ok\n星\t★|☆", .unreadable(line: 2, name: "★")),
        ]
        for (text, error) in refused { #expect(throws: error) { try read(text) } }
        #expect(throws: TagListError.notUTF8(line: 2)) { try TagList(reading: Array("a\n".utf8) + [0xFF, 0xFE]) }
        #expect(throws: TagListError.missing(path: "/none/tags.tsv")) { try TagList.read("/none/tags.tsv") }
    }

    @Test func anyBytesAreAListOrARefusal() {
        var random = SeededGenerator(3)
        for _ in 0..<500 {
            let text = RandomText.text(&random) + ["\t", "\n", "|", ""][Int.random(in: 0..<4, using: &random)]
            if let list = try? read(text + RandomText.text(&random)) { _ = list.aliases { _ in true } }
        }
    }
}
