import Listings
import Testing
import WireFormat

@Suite struct HostileBytesTests {
    /// Anything goes in; a value that is stable, or a typed error, comes out.
    private func feed(_ bytes: [UInt8], _ arena: WireArena) throws -> Bool {
        var accepted = false
        do throws(WireError) {
            let request = try SuggestPriceRequest(decoding: bytes, arena: arena)
            let again = try SuggestPriceRequest(decoding: request.encoded(arena: arena), arena: arena)
            #expect(again.draft.exact == request.draft.exact)
            accepted = true
        } catch { #expect(!error.description.isEmpty) }
        _ = try? ExtractFeaturesRequest(decoding: bytes, arena: arena)
        _ = try? SuggestPriceResponse(decoding: bytes, arena: arena)
        _ = try? ExtractFeaturesResponse(decoding: bytes, arena: arena)
        #expect(arena.bytesInUse <= arena.capacity)
        return accepted
    }

    @Test func randomBytes() throws {
        var random = SeededGenerator(3)
        let arena = try WireArena(capacity: 64 << 10)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try feed(bytes, arena)
        }
    }

    @Test func mutatedMessages() throws {
        var random = SeededGenerator(4)
        let arena = try WireArena(capacity: 64 << 10)
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = try SuggestPriceRequest(draft: random.draft()).encoded(arena: arena)
            bytes.mutate(using: &random)
            accepted += try feed(bytes, arena) ? 1 : 0
            var response = try SuggestPriceResponse(
                suggestion: sampleSuggestion(reasons: 3), modelVersion: "v", requestID: "r"
            ).encoded(arena: arena)
            response.mutate(using: &random)
            _ = try feed(response, arena)
        }
        // Both ways out were taken.
        #expect((1..<4_000).contains(accepted))
    }

    @Test func everyTruncation() throws {
        let arena = try WireArena()
        var random = SeededGenerator(5)
        let draft = try random.draft()
        let whole = try SuggestPriceRequest(draft: draft, maxReasons: 3).encoded(arena: arena)
        for length in 0..<whole.count { _ = try feed(Array(whole[..<length]), arena) }
        let response = try SuggestPriceResponse(
            suggestion: sampleSuggestion(reasons: 3), modelVersion: "v", requestID: "r"
        ).encoded(arena: arena)
        for length in 0..<response.count { _ = try feed(Array(response[..<length]), arena) }
    }

    @Test func lengthsPastTheEndAreRefused() throws {
        let arena = try WireArena()
        for length in [5, 127, 1 << 20, UInt64(Int32.max), UInt64(Int32.max) + 1, UInt64(UInt32.max), .max] {
            for prefix in [[0x0A], [0x0A, 0x06, 0x0A]] as [[UInt8]] {
                #expect(throws: WireError.malformed(message: "SuggestPriceRequest")) {
                    try SuggestPriceRequest(decoding: prefix + Bytes.varint(length) + [1, 2, 3, 4], arena: arena)
                }
            }
        }
    }

    /// Two bytes each on the wire, dozens in memory: the cap bounds them, whatever they are.
    @Test(arguments: [
        ("tags", Bytes.field(10, [])), ("levels", Bytes.field(3, [])), ("unknown", Bytes.field(25, varint: 0)),
        ("unknown bytes", Bytes.field(31, [])), ("titles", Bytes.field(1, [0x61])),
    ]) func millionsOfElementsAreRefused(name: String, element: [UInt8]) throws {
        let arena = try WireArena(capacity: 8 << 20)
        let draft = Array(repeatElement(element, count: 1_000_000).joined())
        #expect(throws: WireError.tooLarge(message: "SuggestPriceRequest", capacity: arena.capacity)) {
            try SuggestPriceRequest(decoding: Bytes.request(draft: draft), arena: arena)
        }
        #expect(arena.bytesInUse <= arena.capacity)
        // And the next one is answered.
        let fine = Bytes.request(draft: Bytes.field(1, [0x61]))
        #expect(try SuggestPriceRequest(decoding: fine, arena: arena).draft.title == "a")
    }

    @Test func nestedMessagesAreBounded() throws {
        let arena = try WireArena(capacity: 1 << 20)
        let reasons = Array(repeatElement(Bytes.field(8, []), count: 400_000).joined())
        #expect(throws: WireError.tooLarge(message: "SuggestPriceResponse", capacity: arena.capacity)) {
            try SuggestPriceResponse(decoding: reasons, arena: arena)
        }
        // Groups and fields that nest inside unknown ones are not followed.
        let deep = (0..<10_000).reduce(into: [UInt8]()) { bytes, _ in bytes.append(0x0B) }
        #expect(throws: WireError.malformed(message: "SuggestPriceRequest")) {
            try SuggestPriceRequest(decoding: deep, arena: arena)
        }
        // One draft merged over and over copies its tags each time.
        let merged = Bytes.request(draft: Bytes.field(10, [0x61]) + Bytes.field(15, varint: 1))
        #expect(throws: WireError.tooLarge(message: "SuggestPriceRequest", capacity: arena.capacity)) {
            try SuggestPriceRequest(decoding: Array(repeatElement(merged, count: 5_000).joined()), arena: arena)
        }
    }

    @Test(arguments: [1, 2, 3, 5, 6, 7]) func packedFloatsOfOddLengthAreRefused(length: Int) throws {
        #expect(throws: WireError.malformed(message: "ExtractFeaturesResponse")) {
            try ExtractFeaturesResponse(
                decoding: Bytes.field(1, Array(repeating: 0, count: length)), arena: WireArena())
        }
    }

    @Test func packedAndSingleFloatsAddUp() throws {
        let single: [UInt8] = [0x0D, 0, 0, 0x80, 0x3F]
        let packed = Bytes.field(1, [0, 0, 0, 0x40, 0, 0, 0x40, 0x40])
        let read = try ExtractFeaturesResponse(decoding: single + packed + single, arena: WireArena())
        #expect(read.values == [1, 2, 3, 1])
    }

    @Test func wrongWireTypesAreRefused() throws {
        for bytes in [Bytes.field(1, varint: 3), Bytes.request(draft: Bytes.field(1, varint: 3)), [0x0D, 0, 0, 0, 0]] {
            #expect(throws: WireError.malformed(message: "SuggestPriceRequest")) {
                try SuggestPriceRequest(decoding: bytes, arena: WireArena())
            }
        }
    }
}

extension [UInt8] {
    /// Flips, overwrites, cuts, doubles or moves a few bytes.
    mutating func mutate(using random: inout SeededGenerator) {
        for _ in 0...Int.random(in: 0..<3, using: &random) where !isEmpty {
            let at = Int.random(in: 0..<count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: self[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: self[at] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            case 2: removeLast(count - at)
            case 3: insert(contentsOf: self[at...].prefix(8), at: Int.random(in: 0...count, using: &random))
            default: remove(at: at)
            }
        }
    }
}
