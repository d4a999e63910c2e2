import Foundation
import Listings
import Testing
import WireFormat

/// Our bytes against those of Python's official protobuf, both ways.
@Suite(
    .enabled(if: Tools.hasGenerator, "protoc-c is not installed: make setup"),
    .enabled(if: Tools.python != nil, "no Python has google.protobuf: install python3-protobuf"))
struct OfficialProtobufTests {
    @Test func draftsAgree() throws {
        let arena = try WireArena()
        var random = SeededGenerator(6)
        let requests = try (1...300).map { SuggestPriceRequest(draft: try random.draft(), maxReasons: $0) }
        let ours = try requests.map { try $0.encoded(arena: arena) }
        let read = try ask(ours.map { ["message": "SuggestPriceRequest", "bytes": $0.hex] })
        let written = try ask(
            requests.map { ["message": "SuggestPriceRequest", "fields": try fields(of: $0)] })
        for (index, request) in requests.enumerated() {
            let official = try #require(read[index]["fields"] as? [String: Any])
            #expect(NSDictionary(dictionary: official) == NSDictionary(dictionary: try fields(of: request)))
            #expect(written[index]["bytes"] as? String == ours[index].hex)
            let theirs = try [UInt8](hex: try #require(read[index]["bytes"] as? String))
            #expect(try SuggestPriceRequest(decoding: theirs, arena: arena).draft.exact == request.draft.exact)
        }
    }

    @Test func suggestionsAgree() throws {
        let arena = try WireArena()
        let response = SuggestPriceResponse(
            suggestion: sampleSuggestion(reasons: 3), modelVersion: "v7", requestID: "r")
        let money = { (amount: Int) -> [String: Any] in ["minor_units": amount, "currency": "JPY"] }
        let expected: [String: Any] = [
            "price": money(4_980), "low": money(3_480), "high": money(6_980), "raw_price": 4_912.25,
            "raw_low": 3_501.5, "raw_high": 6_900.125, "confidence": 0.625,
            "reasons": (0..<3).map { ["text": "brand \"NIKE\" \($0)", "feature": "brand.\($0)", "factor": 1.25] },
            "model_version": "v7", "request_id": "r",
        ]
        let features = ExtractFeaturesResponse(
            values: [1.5, -2, 0, .infinity], featureDigest: "ab", modelVersion: "v", requestID: "r")
        let bytes = try response.encoded(arena: arena)
        let answers = try ask([
            ["message": "SuggestPriceResponse", "bytes": bytes.hex],
            ["message": "SuggestPriceResponse", "fields": expected],
            ["message": "ExtractFeaturesResponse", "bytes": try features.encoded(arena: arena).hex],
        ])
        #expect(
            NSDictionary(dictionary: try #require(answers[0]["fields"] as? [String: Any]))
                == NSDictionary(dictionary: expected))
        #expect(answers[1]["bytes"] as? String == bytes.hex)
        #expect(answers[2]["bytes"] as? String == (try features.encoded(arena: arena).hex))
    }

    /// Where both accept damaged bytes, both read the same.
    @Test func damagedMessagesAreNotReadDifferently() throws {
        let arena = try WireArena()
        var random = SeededGenerator(7)
        let damaged = try (0..<6_000).map { _ in
            var bytes = try SuggestPriceRequest(draft: random.draft()).encoded(arena: arena)
            bytes.mutate(using: &random)
            return bytes
        }
        let answers = try ask(damaged.map { ["message": "SuggestPriceRequest", "bytes": $0.hex] })
        var compared = 0
        for (bytes, answer) in zip(damaged, answers) {
            guard
                let theirs = answer["fields"] as? [String: Any],
                let request = try? SuggestPriceRequest(decoding: bytes, arena: arena)
            else { continue }
            compared += 1
            // A currency is folded to capitals, and an empty draft counts as none: both sides are read again by us.
            let again = try SuggestPriceRequest(
                decoding: [UInt8](hex: try #require(answer["bytes"] as? String)), arena: arena)
            #expect(again.draft.exact == request.draft.exact, "\(bytes.hex) \(theirs)")
            #expect(again.maxReasons == request.maxReasons)
        }
        #expect(compared > 200)
    }

    private func ask(_ lines: [[String: Any]]) throws -> [[String: Any]] {
        let set = FileManager.default.temporaryDirectory.appending(path: "listing-assist-\(UUID().uuidString).pb")
        defer { try? FileManager.default.removeItem(at: set) }
        let protos = Tools.protos.path
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(protos)/listing_assist/v1").sorted()
        let compiled = try Tools.run(
            ["protoc-c", "-I", protos, "--include_imports", "--descriptor_set_out=\(set.path)"]
                + files.map { "\(protos)/listing_assist/v1/\($0)" })
        try #require(compiled.status == 0, "\(String(decoding: compiled.output, as: UTF8.self))")

        let input = try lines.map { try JSON.line($0) + "\n" }.joined()
        let answered = try Tools.run(
            [try #require(Tools.python), "\(protos)/oracle.py", set.path], input: Data(input.utf8))
        let output = String(decoding: answered.output, as: UTF8.self)
        try #require(answered.status == 0, "\(output)")
        let answers = try output.split(separator: "\n").map { try JSON.object(String($0)) }
        try #require(answers.count == lines.count)
        return answers
    }

    /// The message's fields by their names in the protos.
    private func fields(of request: SuggestPriceRequest) throws -> [String: Any] {
        var draft: [String: Any] = [:]
        draft["title"] = request.draft.title
        draft["description"] = request.draft.description
        draft["category_levels"] = request.draft.category?.levels
        draft["brand"] = request.draft.brand
        draft["condition"] = request.draft.condition?.rawValue
        draft["shipping_payer"] = request.draft.shippingPayer.map { $0 == .seller ? 1 : 2 }
        draft["shipping_method"] = request.draft.shippingMethod
        draft["size"] = request.draft.size
        draft["color"] = request.draft.color
        draft["tags"] = request.draft.tags.isEmpty ? nil : request.draft.tags
        draft["currency"] = request.draft.currency?.code
        draft["seller"] = request.draft.seller
        draft["listed_at"] = request.draft.listedAt
        return ["draft": draft, "max_reasons": request.maxReasons ?? 0]
    }
}

extension [UInt8] {
    var hex: String {
        let digits = [Character]("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    init(hex: String) throws {
        let digits = try hex.map { try #require($0.hexDigitValue) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
