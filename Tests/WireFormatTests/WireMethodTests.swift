import CListingAssistProtos
import Listings
import Testing

@testable import WireFormat

@Suite struct WireMethodTests {
    @Test func methodsAreThoseOfTheProtos() {
        let services = [
            listing_assist__v1__price_service__descriptor, listing_assist__v1__category_title_service__descriptor,
            listing_assist__v1__tag_service__descriptor, listing_assist__v1__violation_service__descriptor,
            listing_assist__v1__feedback_service__descriptor,
        ]
        let declared = services.flatMap { service in
            (0..<Int(service.n_methods)).map {
                "\(String(cString: service.name))/\(String(cString: service.methods[$0].name))"
            }
        }
        #expect(Set(declared) == Set(WireMethod.allCases.map(\.description)))
        #expect(declared.count == WireMethod.allCases.count)
    }

    @Test(arguments: WireMethod.allCases) func namesAreRead(method: WireMethod) throws {
        let short = method.service.split(separator: ".").last ?? ""
        for text in [method.name, "\(short)/\(method.name)", "\(short).\(method.name)", "\(method)"] {
            #expect(try WireMethod(parsing: text) == method)
        }
        #expect(WireMethod(service: method.service, name: method.name) == method)
        #expect(WireMethod(service: "listing_assist.v2.PriceService", name: method.name) == nil)
    }

    @Test(arguments: ["", "/", "Suggest", "suggestprice", "TagService/SuggestPrice", "x.SuggestPrice", "SuggestPrice/"])
    func otherNamesAreRefused(text: String) {
        #expect(throws: WireError.unknownMethod(text)) { try WireMethod(parsing: text) }
    }

    @Test func draftMayStandAtTheTopOrInDraft() throws {
        let arena = try WireArena()
        let expected = SuggestPriceRequest(
            draft: ListingDraft(title: "靴", category: try CategoryPath(parsing: "Men/Shoes"), condition: .good),
            maxReasons: 2)
        for json in [
            #"{"title": "靴", "category": "Men/Shoes", "condition": "good", "max_reasons": 2}"#,
            #"{"draft": {"title": "靴", "category": ["Men", "Shoes"], "condition": 3}, "max_reasons": 2}"#,
        ] {
            let bytes = try WireMethod.suggestPrice.request(fromJSON: json, arena: arena)
            #expect(try SuggestPriceRequest(decoding: bytes, arena: arena) == expected)
        }
        let features = try WireMethod.extractFeatures.request(fromJSON: #"{"title": "靴"}"#, arena: arena)
        #expect(try ExtractFeaturesRequest(decoding: features, arena: arena).draft.title == "靴")
    }

    @Test func keysOfADraftAreAllKnown() throws {
        let full = ListingDraft(
            title: "a", description: "b", category: try CategoryPath(levels: ["c"]), brand: "d", condition: .new,
            shippingPayer: .buyer, shippingMethod: "e", size: "f", color: "g", tags: ["h"], currency: .usd, listedAt: 0,
            seller: "i")
        let keys = try JSON.object(of: full).keys
        #expect(Set(keys) == Set(draftKeys))
        let bytes = try WireMethod.suggestPrice.request(fromJSON: JSON.text(of: full), arena: WireArena())
        #expect(try SuggestPriceRequest(decoding: bytes, arena: WireArena()).draft == full)
    }

    @Test(arguments: [
        (#"{"titel": "a"}"#, "unknown key \"titel\"; the known ones are title, description"),
        (#"{"draft": {"titel": "a"}}"#, "unknown key \"titel\""),
        (#"{"draft": {}, "title": "a"}"#, "unknown key \"title\"; the known ones are draft, max_reasons"),
        (#"{"title": 3}"#, "wrong at title: expected a text"),
        (#"{"draft": {"tags": "a"}}"#, "wrong at draft.tags: expected an array"),
        (#"{"draft": []}"#, "wrong at draft: expected an object"),
        (#"{"condition": "shiny"}"#, "condition \"shiny\" is unknown"),
        (#"{"max_reasons": 0}"#, "max_reasons is 0; use 1 to"),
        (#"{"max_reasons": "many"}"#, "wrong at max_reasons: expected a whole number"),
        (#"{"title": "a""#, "wrong at the top"), ("", "wrong at the top"), ("[]", "expected an object"),
    ]) func wrongJSONSaysWhere(json: String, problem: String) throws {
        let arena = try WireArena()
        let error = #expect(throws: WireError.self) {
            try WireMethod.suggestPrice.request(fromJSON: json, arena: arena)
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test func answersAreReadable() throws {
        let arena = try WireArena()
        let bytes = try SuggestPriceResponse(
            suggestion: sampleSuggestion(reasons: 1), modelVersion: "v7", requestID: "r9"
        ).encoded(arena: arena)
        let json = try bytes.withUnsafeBytes { try WireMethod.suggestPrice.json(fromResponse: $0, arena: arena) }
        let fields = try JSON.object(json)
        #expect(fields["model_version"] as? String == "v7")
        #expect(fields["request_id"] as? String == "r9")
        #expect(fields["raw_price"] as? Double == 4_912.25)
        #expect((fields["reasons"] as? [[String: Any]])?.first?["text"] as? String == "brand \"NIKE\" 0")

        let features = try ExtractFeaturesResponse(
            values: [1.5, .nan, .infinity], featureDigest: "ab", modelVersion: "v7", requestID: "r"
        ).encoded(arena: arena)
        let text = try features.withUnsafeBytes { try WireMethod.extractFeatures.json(fromResponse: $0, arena: arena) }
        #expect(text.filter { !$0.isWhitespace }.contains(#""values":[1.5,null,"Infinity"]"#))
    }
}
