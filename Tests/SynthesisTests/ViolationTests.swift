import Listings
import Testing

@testable import Synthesis

@Suite struct ViolationTests {
    private func violations(_ wording: ViolationWording, rate: Double = 1, count: Int = 6_000) -> [(
        Listing, SynthesizedViolation
    )] {
        var options = SynthesisOptions()
        options.violationWording = wording
        options.violationRate = rate
        let synthesizer = ListingSynthesizer(seed: 13, options: options)
        return (0..<count).compactMap { index in synthesizer.violation(index).map { (synthesizer.listing(index), $0) } }
    }

    @Test(arguments: [0, 0.03, 0.2, 1]) func rateIsThatOfTheOptions(rate: Double) {
        let share = Double(violations(.known, rate: rate).count) / 6_000
        #expect(abs(share - rate) < 0.012)
    }

    @Test func labelAndDescriptionOfAViolationAgree() throws {
        for (listing, violation) in violations(.known) + violations(.heldOut) {
            try listing.validate()
            #expect(listing.violation == violation.kind)
            #expect(violation.inTitle || violation.inDescription)
            if violation.inTitle { #expect(holds(listing.content.title, violation.written)) }
            if violation.inDescription { #expect(holds(listing.content.description, violation.written)) }
            #expect((violation.disguise == .plain) == (violation.written == violation.term))
        }
    }

    @Test func everyKindAndDisguiseOccurs() {
        for wording in ViolationWording.allCases {
            let made = violations(wording)
            #expect(Set(made.map(\.1.kind)) == Set(SynthesizedViolation.kinds))
            #expect(Set(made.map(\.1.disguise)) == Set([.plain] + Disguise.used(by: wording)))
            let disguised = Double(made.count { $0.1.disguise != .plain }) / Double(made.count)
            #expect(0.35...0.55 ~= disguised)
        }
        #expect(SynthesizedViolation.kinds.count >= 10)
        #expect(ViolationKind.all(wording: .heldOut).map(\.name) == SynthesizedViolation.kinds)
    }

    @Test func heldOutWordsAndDisguisesAreAbsentFromTheDefault() {
        let known = ViolationKind.all(wording: .known).flatMap(\.terms).map(\.text)
        let heldOut = ViolationKind.all(wording: .heldOut).flatMap(\.terms).map(\.text)
        #expect(Set(known).isDisjoint(with: heldOut))
        #expect(Set(Disguise.used(by: .known)).isDisjoint(with: Disguise.used(by: .heldOut)))
        #expect(Disguise.used(by: .known).count + Disguise.used(by: .heldOut).count + 1 == Disguise.allCases.count)
        let texts = violations(.known).map { ($0.0.content.title ?? "") + ($0.0.content.description ?? "") }
        for term in heldOut where !known.contains(where: { $0.contains(term) }) {
            #expect(!texts.contains { $0.contains(term) }, "\(term) is held out")
        }
        #expect(!texts.contains { $0.unicodeScalars.contains { [0x200B, 0x200C, 0x2060].contains($0.value) } })
    }

    @Test func honestListingsHaveWordsThatOnlyLookForbidden() {
        var options = SynthesisOptions()
        options.violationRate = 0
        let rows = ListingSynthesizer(seed: 13, options: options).listings(count: 20_000)
        let texts = rows.map { ($0.content.title ?? "") + ($0.content.description ?? "") }
        for word in ["コピー品ではありません", "レプリカユニフォーム", "ナイフ", "コピー用紙"] {
            #expect(texts.contains { $0.contains(word) }, "no \(word)")
        }
    }

    @Test func disguisesDoWhatTheySay() {
        var random = RandomStream(1)
        func disguised(_ disguise: Disguise, _ term: String, _ reading: String = "") -> String {
            disguise.applied(to: term, reading: reading, &random)
        }
        #expect(disguised(.widths, "レプリカ品") == "ﾚﾌﾟﾘｶ品")
        #expect(disguised(.widths, "R18") == "Ｒ１８")
        #expect(disguised(.kanaSwap, "スタンガン") == "すたんがん")
        #expect(disguised(.lookAlikes, "エロ") == "工口")
        #expect(disguised(.leetspeak, "LINE") == "11N3")
        #expect(disguised(.reversed, "処方薬") == "薬方処")
        #expect(disguised(.kanjiNumbers, "18禁") == "一八禁")
        #expect(WidthForms.latinized("べっこうニュース") == "bekkounyusu")
        #expect(WidthForms.halfWidthKana("ヴィンテージ パーカー") == "ｳﾞｨﾝﾃｰｼﾞ ﾊﾟｰｶｰ")
        let spaced = disguised(.spaces, "子犬")
        #expect(spaced == "子 犬" || spaced == "子　犬")
    }

    /// Whether `text` has `part`, scalar for scalar: a zero-width mark is no character of its own.
    private func holds(_ text: String?, _ part: String) -> Bool {
        let text = Array((text ?? "").utf8)
        let part = Array(part.utf8)
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
