import Foundation
import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite struct FeatureSpecTests {
    @Test func aSpecSurvivesJSON() throws {
        var spec = FeatureSpec.everything
        spec.titleBytes = 77
        spec.descriptionBytes = 99
        spec.groupShrinkage = 0.1
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(spec)
        #expect(try JSONDecoder().decode(FeatureSpec.self, from: json) == spec)
        #expect(try encoder.encode(JSONDecoder().decode(FeatureSpec.self, from: json)) == json)
        #expect(String(decoding: json, as: UTF8.self).contains("\"title_bytes\":77"))
    }

    @Test(arguments: [
        "{}", "[]", #"{"version":1}"#,
        #"{"version":1,"blocks":[{"kind":"no_such_block","minimum_listings":2}],"groups":[],"title_bytes":1,"description_bytes":1,"group_shrinkage":1}"#,
        #"{"version":1,"blocks":[],"groups":["no_such_group"],"title_bytes":1,"description_bytes":1,"group_shrinkage":1}"#,
    ])
    func aSpecThatNamesSomethingUnknownOrLacksSomethingIsRefused(_ json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(FeatureSpec.self, from: Data(json.utf8)) }
    }

    @Test func columnNamesAreDistinctAndLeadToTheirField() throws {
        let columns = FeatureSpec.everything.columns
        #expect(Set(columns.map(\.name)).count == columns.count)
        #expect(columns.allSatisfy { $0.kind == .numeric })
        for (name, origin) in [
            ("title_length", FeatureOrigin.title), ("description_commas", .description), ("gigabytes", .title),
            ("condition", .condition), ("shipping_payer", .shippingPayer), ("tag_count", .tags),
            ("category_depth", .category), ("top_category_mean", .category), ("second_category_count", .category),
            ("brand_condition_mean", .brand), ("model_number_count", .title),
        ] {
            #expect(columns.contains { $0.name == name }, "\(name)")
            #expect(FeatureOrigin(column: name) == origin, "\(name)")
        }
    }
}

@Suite(.needsMeCab) struct DraftsOfAllKindsTests {
    let worker: FeatureWorker

    init() throws { worker = try FittedSample.shared.get().worker() }

    private func column(_ name: String) throws -> Float {
        worker.dense[try #require(worker.features.spec.columns.firstIndex { $0.name == name })]
    }

    @Test func everyDraftFillsEveryColumn() {
        var random = SeededGenerator(51)
        for _ in 0..<500 {
            let draft = ListingDraft.random(&random)
            let isEnough = worker.extract(draft)
            #expect(worker.dense.count == worker.features.spec.columns.count)
            #expect(worker.ids.count == worker.values.count)
            #expect(worker.values.allSatisfy { $0.isFinite && $0 > 0 })
            #expect(worker.dense.allSatisfy { $0.isNaN || $0.isFinite })
            #expect(isEnough || draft.category == nil)
        }
    }

    @Test func aDraftWithNothingToGoOnSaysSo() throws {
        let nothing = [
            ListingDraft(), ListingDraft(title: "", description: "", brand: ""),
            ListingDraft(title: "\u{200B} \u{3000}"),
            ListingDraft(condition: .new, shippingPayer: .buyer, size: "L", color: "red", tags: ["a"], seller: "s"),
        ]
        for draft in nothing { #expect(!worker.extract(draft)) }
        let something = [
            ListingDraft(title: "a"), ListingDraft(description: "a"), ListingDraft(brand: "a"),
            ListingDraft(category: try CategoryPath(levels: ["a"])),
        ]
        for draft in something { #expect(worker.extract(draft)) }
    }

    @Test func anEmptyTextCountsAsMissing() {
        let missing = Extracted(worker, ListingDraft(title: "bag"))
        #expect(
            Extracted(worker, ListingDraft(title: "bag", description: "", brand: " ", size: "", color: "\u{200B}"))
                == missing)
    }

    @Test func columnsHoldWhatTheirNamesSay() throws {
        worker.extract(
            ListingDraft(
                title: "新品! NIKE 27cm 2019", description: "[送料込] a, b, c!",
                category: try CategoryPath(levels: ["a", "b"]),
                condition: .fair, shippingPayer: .buyer, tags: ["x", "y"]))
        for (name, value) in [
            ("title_length", 18), ("title_digits", 6), ("title_exclamations", 1), ("description_commas", 2),
            ("description_brackets", 1), ("description_exclamations", 1), ("centimetres", 27), ("year", 2019),
            ("first_number", 27), ("second_number", 2019), ("number_count", 2), ("condition", 4), ("shipping_payer", 0),
            ("tag_count", 2), ("category_depth", 2),
        ] as [(String, Float)] {
            #expect(try column(name) == value, "\(name)")
        }
        #expect(try column("gigabytes").isNaN && column("second_category_mean").isFinite)
    }

    @Test(arguments: ["あ", "a", "\u{301}", "1", "ー", "👨‍👩‍👧", "a1-", "=\u{338}", "\u{FDFA}", " b"])
    func megabytesOfTextAreCutNotChokedOn(_ unit: String) throws {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let draft = ListingDraft(title: text, description: text, brand: text, size: text, color: text)
        worker.extract(draft)
        #expect(worker.dense.count == worker.features.spec.columns.count)
        let spec = worker.features.spec
        let length = try column("title_length")
        #expect(length.isNaN || length <= Float(11 * spec.titleBytes))
        // What lies beyond the limits changes nothing.
        let some = Extracted(worker, ListingDraft(title: text, description: text))
        #expect(Extracted(worker, ListingDraft(title: text + "zzz", description: text + "zzz")) == some)
    }

    @Test func deepAndOddCategoriesAreRead() throws {
        for levels in [
            Array(repeating: "同じ", count: 16), ["\u{200B}", " "], ["a/b", "c"], [String(repeating: "長", count: 9_999)],
        ] {
            worker.extract(ListingDraft(category: try CategoryPath(levels: levels)))
            #expect(try column("category_depth") == Float(levels.count))
        }
    }
}
