import Foundation
import Listings
import TestSupport
import Testing
import Training

@testable import Suggesters

@Suite(.needsMeCab) struct AttributeTrainerTests {
    @Test func filesDoNotDependOnTheNumberOfThreads() throws {
        let listings = Array(AttributeSample.commonWordListings.prefix(300))
        let one = try AttributeSample.files(
            listings, brands: AttributeSample.commonWordBrands, options: AttributeSample.options(threads: 1))
        let three = try AttributeSample.files(
            listings, brands: AttributeSample.commonWordBrands, options: AttributeSample.options(threads: 3))
        #expect(one.keys.sorted() == three.keys.sorted())
        for (name, bytes) in one { #expect(three[name] == bytes, "\(name)") }
    }

    @Test func fieldsThatFewListingsFillAreLeftOut() throws {
        let trained = try AttributeTrainer(
            dictionary: AttributeSample.dictionary.get(), options: AttributeSample.options()
        ).train(listings: AttributeSample.commonWordListings)
        #expect(trained.skipped[.size] == 0 && trained.skipped[.brand] == nil)
        #expect(trained.model.attributes == [.brand, .color])
    }

    @Test func tooFewListingsAreRefused() throws {
        let trainer = try AttributeTrainer(dictionary: AttributeSample.dictionary.get())
        for count in [0, 1, 99] {
            #expect(throws: TrainingError.self) {
                try trainer.train(listings: Array(AttributeSample.commonWordListings.prefix(count)))
            }
        }
    }

    @Test func oneListingAgainAndAgainIsLearnt() throws {
        let listings = (0..<150).map { Listing(id: "\($0)", content: ListingDraft(title: "GAP coat", brand: "GAP")) }
        let model = try AttributeSample.train(listings)
        let first = try AttributeSuggester(model: model).suggest(ListingDraft(title: "gap coat")).first
        #expect(first?.value == "GAP" && first?.attribute == .brand)
    }

    @Test func aPartThatIsMissingOrOfAnotherModelIsRefused() throws {
        let files = try AttributeSample.files(AttributeSample.commonWordListings)
        let dictionary = try AttributeSample.dictionary.get()
        for name in files.keys {
            for bytes in [nil, [], Array("{}".utf8), Array((files[name] ?? []).dropLast())] {
                var damaged = files
                damaged[name] = bytes
                #expect(throws: ModelPartsError.self, "\(name)") {
                    try AttributeModel(dictionary: dictionary, files: damaged)
                }
            }
        }
        var swapped = files
        swapped["attributes-brand.linear"] = files["attributes-color.linear"] ?? []
        #expect(throws: ModelPartsError.self) { try AttributeModel(dictionary: dictionary, files: swapped) }
        let json = String(decoding: files["attributes.json"] ?? [], as: UTF8.self)
        for (from, to) in [
            ("\"brand\"", "\"color\""), ("\"outputs\" : [", "\"outputs\" : [ -1,"), ("\"none\"", "\"nun\""),
        ] {
            swapped = files
            swapped["attributes.json"] = Array(json.replacingOccurrences(of: from, with: to).utf8)
            #expect(throws: ModelPartsError.self, "\(to)") {
                try AttributeModel(dictionary: dictionary, files: swapped)
            }
        }
    }

    @Test func theEvaluationCountsWhatIsRight() throws {
        let model = try AttributeSample.commonWords.get()
        let right = [
            Listing(id: "1", content: ListingDraft(title: "GAP denim jacket 3", brand: "gap")),
            Listing(id: "2", content: ListingDraft(title: "ナイキ スニーカー 4", brand: "Nike")),
        ]
        let wrong = Listing(id: "3", content: ListingDraft(title: "GAP denim jacket 3", brand: "Some Other"))
        let evaluation = try AttributeEvaluation(right + right + [wrong], model: model, threads: 2)
        let figures = try #require(evaluation.byAttribute[.brand])
        #expect(figures.rows == 5 && figures.coverage == 1)
        #expect(abs(figures.top1 - 0.8) < 1e-9)
        #expect((0...1).contains(figures.expectedCalibrationError))
        let json = String(decoding: try JSONEncoder().encode(evaluation), as: UTF8.self)
        #expect(json.contains("\"brand\":{") && json.contains("expected_calibration_error"))
        #expect(throws: TrainingError.self) { try AttributeEvaluation([], model: model) }
    }

    @Test func brandsOfHeldOutListingsAreFound() throws {
        let evaluation = try AttributeEvaluation(
            AttributeSample.heldOut, model: AttributeSample.japanese.get(), threads: 2)
        let brand = try #require(evaluation.byAttribute[.brand])
        #expect(brand.top1 > 0.4)
        let payer = try #require(evaluation.byAttribute[.shippingPayer])
        #expect(payer.top1 > 0.85 && payer.expectedCalibrationError < 0.15)
    }
}
