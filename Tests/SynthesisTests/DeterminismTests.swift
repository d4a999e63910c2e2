import Listings
import Testing

@testable import Synthesis

@Suite struct DeterminismTests {
    @Test func firstThousandListingsAreAsRecorded() {
        #expect(digest(ListingSynthesizer(seed: 7).listings(count: 1_000)) == 18_189_261_909_744_906_579)
    }

    @Test func orderOfAccessDoesNotMatter() {
        let synthesizer = ListingSynthesizer(seed: 11)
        let forwards = (0..<400).map(synthesizer.listing)
        let backwards = (0..<400).reversed().map(synthesizer.listing)
        #expect(forwards == backwards.reversed())
        #expect(Array(synthesizer.listings(count: 400)) == forwards)
        #expect(ListingSynthesizer(seed: 11).listing(399) == forwards[399])
    }

    @Test func threadsDoNotMatter() async {
        let synthesizer = ListingSynthesizer(seed: 3)
        let expected = Array(synthesizer.listings(count: 600))
        let made = await withTaskGroup(of: (Int, [Listing]).self) { group in
            for part in 0..<6 {
                group.addTask { (part, (part * 100..<part * 100 + 100).map(synthesizer.listing)) }
            }
            return await group.reduce(into: [Int: [Listing]]()) { $0[$1.0] = $1.1 }
        }
        #expect((0..<6).flatMap { made[$0] ?? [] } == expected)
    }

    @Test func seedsDiffer() {
        let one = ListingSynthesizer(seed: 1)
        let two = ListingSynthesizer(seed: 2)
        #expect((0..<100).count { one.listing($0).content == two.listing($0).content } == 0)
        #expect(one.brands == two.brands)
    }

    @Test func ratesOfViolationsChangeNothingElse() {
        var none = SynthesisOptions()
        none.violationRate = 0
        let honest = ListingSynthesizer(seed: 5, options: none)
        let usual = ListingSynthesizer(seed: 5)
        for index in 0..<500 where usual.violation(index) == nil {
            #expect(usual.listing(index) == honest.listing(index))
        }
    }

    @Test func oddIndicesAndOptionsAreHarmless() {
        var options = SynthesisOptions()
        options.days = 0
        options.sellers = 0
        options.violationRate = 2
        let synthesizer = ListingSynthesizer(seed: .max, options: options)
        for index in [0, -1, .max, .min] {
            #expect(throws: Never.self) { try synthesizer.listing(index).validate() }
            #expect(synthesizer.listing(index).violation != nil)
        }
        #expect(Array(synthesizer.listings(count: -3)).isEmpty)
    }

    @Test func exponentialAndLogarithmAreInverse() {
        for x in stride(from: -20.0, through: 20, by: 0.37) {
            #expect(abs(naturalLogarithm(exponential(x)) - x) < 1e-11)
        }
        #expect(abs(exponential(1) - 2.718_281_828_459_045) < 1e-13)
        #expect(exponential(0) == 1)
    }

    @Test func monthsAreThoseOfJapan() {
        #expect(monthOfYear(1_751_241_600) == 6)
        #expect(monthOfYear(1_751_241_600 + 15 * 3_600) == 7)
        #expect(monthOfYear(1_709_132_400) == 2)
        #expect(monthOfYear(1_735_657_199) == 12)
        #expect(monthOfYear(1_735_657_200) == 1)
    }

    /// FNV-1a over every field.
    private func digest(_ listings: some Sequence<Listing>) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: String?) {
            for byte in (text ?? "\u{0}").utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
            digest = (digest ^ 0xFF) &* 0x100_0000_01B3
        }
        for listing in listings {
            let content = listing.content
            add(listing.id)
            add(content.title)
            add(content.description)
            add(content.category?.description)
            add(content.brand)
            add(content.condition?.name)
            add(content.shippingPayer?.rawValue)
            add(content.shippingMethod)
            add(content.size)
            add(content.color)
            add(content.tags.joined(separator: "|"))
            add(content.listedAt.map { String($0) })
            add(content.seller)
            add(listing.price.map { String($0.minorUnits) })
            add(listing.soldAt.map { String($0) })
            add(listing.violation)
        }
        return digest
    }
}
