import FeatureExtraction
import Foundation
import ListingFiles
import Listings
import Suggesters
import TestSupport
import Testing
import Training

@Suite(.needsMeCab, .needsListingData("us_vintage_prices.tsv", "jp_brands.csv")) struct RealBrandTests {
    /// Listings that have a brand, the first of the file.
    private func branded(_ most: Int) throws -> [Listing] {
        let url = try #require(ListingData.url("us_vintage_prices.tsv"))
        let columns = try ColumnMap(parsing: "id=product_id,title=name,brand=brand_name")
        let reader = try ListingReader(path: url.path, columns: columns)
        var listings: [Listing] = []
        while listings.count < most, let row = try reader.next() {
            if case .success(let listing) = row.result, listing.content.brand != nil { listings.append(listing) }
        }
        return listings
    }

    /// Far more brands are found than stand in their titles, and probabilities are near what comes true.
    @Test func brandsOfRealTitlesAreFound() throws {
        let listings = try branded(3_000)
        let (train, test) = (
            listings.enumerated().filter { $0.offset % 5 != 4 }.map(\.element),
            listings.enumerated().filter { $0.offset % 5 == 4 }.map(\.element)
        )
        let model = try AttributeSample.train(train)
        let figures = try #require(try AttributeEvaluation(test, model: model, threads: 2).byAttribute[.brand])
        let named = test.count { listing in
            let (title, brand) = (listing.content.title ?? "", listing.content.brand ?? "")
            return String(decoding: FoldedText.folded(title), as: UTF8.self)
                .contains(String(decoding: FoldedText.folded(brand), as: UTF8.self))
        }
        let share = Double(named) / Double(test.count)
        #expect(figures.top1 * figures.coverage > share + 0.15, "\(figures), \(share)")
        #expect(figures.expectedCalibrationError < 0.08)
    }

    @Test func aLongListOfBrandsIsKnown() throws {
        let url = try #require(ListingData.url("jp_brands.csv"))
        let brands = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().prefix(5_000)
            .compactMap { line -> BrandEntry? in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                return fields.count == 4 ? BrandEntry(name: fields[1], aliases: [fields[2], fields[3]]) : nil
            }
        let model = try AttributeSample.train(branded(600), brands: brands)
        var known = 0
        for brand in brands.prefix(500) where model.canonical(.brand, brand.name) != nil { known += 1 }
        #expect(known > 450)
    }
}
