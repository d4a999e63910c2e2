import Listings
import Suggesters
import Synthesis
import Training

/// An index mined from a few thousand invented listings, once for all tests.
struct TitleSample {
    static let shared = Result { try TitleSample() }

    let listings: [Listing]
    let heldOut: [Listing]
    let bytes: [UInt8]
    let index: TitleIndex

    private init() throws {
        let synthesizer = ListingSynthesizer(seed: 3)
        listings = Array(synthesizer.listings(count: 1_500))
        heldOut = (2_000..<2_060).map { synthesizer.listing($0) }
        bytes = try Self.mine(listings)
        index = try TitleIndex(copying: bytes)
    }

    static func mine(_ listings: [Listing], threads: Int = 1) throws -> [UInt8] {
        var options = TitleMiningOptions()
        options.heldOutTitles = 60
        options.prefixesPerTitle = 3
        options.threads = threads
        var builder = TitleIndexBuilder(options: options)
        for listing in listings { builder.add(listing) }
        return try builder.finish()
    }

    /// An index of `titles`, each of a seller of its own, `copies` times.
    static func index(
        _ titles: [String], copies: Int = 3, options: TitleMiningOptions = TitleMiningOptions()
    ) throws -> TitleIndex {
        var options = options
        options.heldOutTitles = 0
        var builder = TitleIndexBuilder(options: options)
        for copy in 0..<copies {
            for (number, title) in titles.enumerated() { builder.add(title, seller: "seller \(copy) \(number)") }
        }
        for number in 0..<20 { builder.add("filler \(number)", seller: "other \(number)") }
        return try TitleIndex(copying: builder.finish())
    }
}
