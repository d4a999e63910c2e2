import Foundation
import Listings
import Suggesters
import TestSupport
import Testing
import ViolationRules

@Suite struct RuleSetTests {
    static let kinds = [RuleKind(name: "k", title: "", description: "")]

    static func hits(_ rule: Rule, _ draft: ListingDraft) throws -> [RuleHit] {
        var worker = RuleWorker()
        return try RuleSet(kinds: kinds, rules: [rule]).match(draft: draft, worker: &worker)
    }

    private func finds(_ rule: Rule, _ title: String) throws -> Bool {
        try !Self.hits(rule, .init(title: title)).isEmpty
    }

    @Test(arguments: [
        ("新品 スーパーコピー 時計", "スーパーコピー"), ("ス★ー★パ★ー★コ★ピ★ーです", "ス★ー★パ★ー★コ★ピ★ー"), ("これはsupakopi です", "supakopi"),
        ("ブランドスーパー・コピー", "スーパー・コピー"), ("（ーピコーパース）", "ーピコーパース"), ("スーパー(笑)コピー", "スーパー(笑)コピー"),
        ("スーパーコピ一品", "スーパーコピ一"), ("スパコピコピコピ", ""),
    ])
    func theSpanIsTheSellersOwnWording(_ title: String, _ span: String) throws {
        let found = try Self.hits(
            Rule(id: "r", kind: "k", phrases: ["スーパーコピー"].map { Rule.Phrase($0) }), .init(title: title))
        let cut = found.first.map { String(decoding: Array(title.utf8)[$0.span.start..<$0.span.end], as: UTF8.self) }
        if span.isEmpty { return }
        #expect(cut == span || (span.hasPrefix("ー") && cut == String(span.dropFirst())))
        #expect(found.first?.term == "スーパーコピー")
    }

    @Test(arguments: [
        ("現金", "表現 金色のフレーム"), ("現金", "再現♡金具つき"), ("heroin", "her oin the"), ("heroin", "hero in the story"),
        ("line", "online"),
        ("gun", "begun gunmetal"), ("rat", "separate rated"), ("ice", "nice"), ("スパ", "スーパ"), ("カード", "カド"),
        ("18", "R180"), ("シャブ", "おしゃぶり"), ("デパス", "途中でパス"), ("デパス", "メールでパスワード"), ("デパス", "駅前のスパで"), ("つがい", "匂いがつく"),
        ("タバコ", "tabacos"), ("とうひん", "カット ひんやり"), ("lsd", "150"),
    ])
    func otherWordsAreLeftAlone(_ phrase: String, _ title: String) throws {
        #expect(try !finds(Rule(id: "r", kind: "k", phrases: [.init(phrase)]), title))
    }

    /// A few kana are in many words: pronunciations count where they stand by themselves and are as long as they are.
    @Test(arguments: [
        ("大麻", "たいま", "キッチンタイマー"), ("大麻", "たいま", "見たいまんが"), ("外貨", "がいか", "方がいいか"), ("火薬", "かやく", "カヤック"),
        ("日本刀", "にほんとう", "精神的にホント"), ("農薬", "のうやく", "夏のやくみ"), ("葉巻", "はまき", "今回はまきスカート"), ("孵化", "ふか", "ユーザーにふか"),
    ])
    func shortPronunciationsStandAlone(_ phrase: String, _ reading: String, _ title: String) throws {
        let rule = Rule(id: "r", kind: "k", phrases: [.init(phrase, reading: reading)])
        #expect(try !finds(rule, title))
        for found in [reading, "美品 \(reading)です", "【\(reading)】"] { #expect(try finds(rule, found), "\(found)") }
    }

    @Test func fewKanaAreFoundByThemselves() throws {
        let rule = Rule(id: "r", kind: "k", phrases: [.init("シャブ"), .init("デパス")])
        for title in ["シャブあります", "本物のシャブ", "デパス 0.5mg", "余ったデパスです", "シ ャ ブ", "デ★パ★ス"] {
            #expect(try finds(rule, title), "\(title)")
        }
    }

    @Test func withoutDisguiseOnlyTheSpellingCounts() throws {
        let rule = Rule(id: "r", kind: "k", seesThroughDisguise: false, phrases: [.init("ライン交換"), .init("威力")])
        for title in ["ライン交換", "らいん交換", "ﾗｲﾝ交換", "高威力です"] { #expect(try finds(rule, title), "\(title)") }
        for title in ["ラ イ ン 交 換", "ラ1ン交換", "換交ンイラ", "rain交換", "威カ"] { #expect(try !finds(rule, title), "\(title)") }
    }

    @Test func allowedWordingCancels() throws {
        let rule = Rule(id: "r", kind: "k", phrases: [.init("シャブ"), .init("コピー品")], allow: ["しゃぶしゃぶ", "コピー品では"])
        #expect(try !finds(rule, "しゃぶしゃぶ鍋"))
        #expect(try !finds(rule, "コピー品ではありません"))
        #expect(try finds(rule, "しゃぶしゃぶ鍋とシャブ"))
        let near = Rule(id: "r", kind: "k", phrases: [.init("拳銃")], allow: ["おもちゃ"], allowWithin: 4)
        #expect(try !finds(near, "拳銃（おもちゃ）"))
        #expect(try finds(near, "拳銃です。子どものおもちゃも売ります"))
    }

    @Test func categoriesAndFieldsLimitARule() throws {
        let books = try CategoryPath(levels: ["本", "漫画"])
        let rule = Rule(
            id: "r", kind: "k", phrases: [.init("大麻")], onlyIn: [try CategoryPath(levels: ["本"])],
            fields: [.title, .tag])
        #expect(try Self.hits(rule, .init(title: "大麻", category: books)).count == 1)
        #expect(try Self.hits(rule, .init(title: "大麻")).isEmpty)
        #expect(try Self.hits(rule, .init(description: "大麻", category: books)).isEmpty)
        let tagged = try Self.hits(rule, .init(category: books, tags: ["草", "大 麻"]))
        #expect(tagged.map(\.span) == [TextSpan(field: .tag, element: 1, start: 0, end: 7)])
        let outside = Rule(id: "r", kind: "k", phrases: [.init("大麻")], notIn: [try CategoryPath(levels: ["本"])])
        #expect(try Self.hits(outside, .init(title: "大麻", category: books)).isEmpty)
        #expect(try Self.hits(outside, .init(title: "大麻")).count == 1)
    }

    @Test func numbersAreReadHoweverTheyAreWritten() throws {
        let rule = Rule(id: "r", kind: "k", patterns: ["<0[789]0-####-####>", "(tel|電話) ~3 <0#########>"])
        for title in [
            "09012345678", "090-1234-5678", "０９０（１２３４）５６７８", "〇九〇一二三四五六七八", "零八〇・一二三四・五六七八", "0 9 0 1 2 3 4 5 6 7 8",
            "O9012345678 o9o-1234-5678 090-l234-5678", "⓿80 ①234 080-①②③④-5678", "0★9★0★1★2★3★4★5★6★7★8",
            "電話は03-1234-5678",
        ] {
            #expect(try finds(rule, title), "\(title)")
        }
        for title in ["0901234567", "1090123456789", "090797.28684", "03-1234-5678", "090 円", "4901234567894"] {
            #expect(try !finds(rule, title), "\(title)")
        }
        #expect(try Self.hits(rule, .init(title: "〇九〇-1234-5678")).first?.term == "09012345678")
    }

    @Test func addressesAreFound() throws {
        let rule = Rule(id: "r", kind: "k", patterns: ["<email>", "<url>"])
        for title in ["a.b+c@mail.example.co.jp まで", "ＴＡＲＯ＠ＥＸＡＭＰＬＥ．ＣＯＭ", "見て→https://example.com/x", "www.example.jp"] {
            #expect(try finds(rule, title), "\(title)")
        }
        for title in ["@handle", "a@b", "a@b.c", "単価@100.00", "http", "www", "a@.com"] {
            #expect(try !finds(rule, title), "\(title)")
        }
    }

    @Test func hitsAreFewSortedAndTheSameEveryTime() throws {
        let rules = try RuleSet(
            kinds: Self.kinds,
            rules: [
                Rule(id: "a", kind: "k", phrases: [.init("現金"), .init("現金書留")]),
                Rule(id: "b", kind: "k", weight: 2, phrases: [.init("書留")]),
            ])
        var worker = RuleWorker()
        let draft = ListingDraft(title: "現金書留", description: String(repeating: "現金 ", count: 1_000))
        let hits = rules.match(draft: draft, worker: &worker)
        #expect(hits.count == 2 + RuleWorker.mostHits)
        #expect(hits.prefix(2).map(\.term) == ["現金書留", "書留"])
        var other = RuleWorker()
        #expect(rules.match(draft: draft, worker: &worker) == rules.match(draft: draft, worker: &other))
    }

    @Test(arguments: [
        (Rule(id: "", kind: "k", phrases: [.init("x")]), RuleError.malformedID("")),
        (Rule(id: "r", kind: "z", phrases: [.init("x")]), .unknownKind("z")),
        (Rule(id: "r", kind: "k"), .noWording),
        (Rule(id: "r", kind: "k", weight: .infinity, phrases: [.init("x")]), .weight(.infinity)),
        (Rule(id: "r", kind: "k", phrases: [.init("★")]), .noLetters("★")),
        (Rule(id: "r", kind: "k", patterns: ["(a"]), .pattern("(a", at: 3, .unclosed)),
        (Rule(id: "r", kind: "k", patterns: ["a ~99 b"]), .pattern("a ~99 b", at: 6, .gap)),
        (Rule(id: "r", kind: "k", patterns: ["<0>"]), .pattern("<0>", at: 1, .template)),
        (Rule(id: "r", kind: "k", patterns: ["(a)? (b)?"]), .pattern("(a)? (b)?", at: 10, .allOptional)),
        (Rule(id: "r", kind: "k", patterns: [""]), .pattern("", at: 1, .empty)),
        (Rule(id: "r", kind: "k", patterns: ["(a|)"]), .pattern("(a|)", at: 4, .emptyAlternative)),
        (
            Rule(id: "r", kind: "k", phrases: [.init("x")], fields: [.shippingMethod]),
            .unreadableField("shipping_method")
        ),
    ])
    func wrongRulesAreRefused(_ rule: Rule, _ reason: RuleError) {
        #expect(throws: RuleRefusal(rule: 0, id: rule.id, reason: reason)) {
            try RuleSet(kinds: Self.kinds, rules: [rule])
        }
    }
}
