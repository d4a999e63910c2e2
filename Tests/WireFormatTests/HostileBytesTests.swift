import Foundation
import Listings
import Testing
import WireFormat

/// `LISTING_ASSIST_FUZZ_FRAMES` says how many messages are made up; `make sanitize` asks for a million.
@Suite struct HostileBytesTests {
    private static let messages =
        ProcessInfo.processInfo.environment["LISTING_ASSIST_FUZZ_FRAMES"].flatMap { Int($0) } ?? 90_000
    /// Of each kind.
    private static var share: Int { messages / sampleMessages.count }

    /// Anything goes in; a value that is stable, or a typed error, comes out.
    private func feed<Message: SampleMessage>(_ bytes: [UInt8], _ type: Message.Type, _ arena: WireArena) throws -> Bool
    {
        defer { #expect(arena.bytesInUse <= arena.capacity) }
        let message: Message
        do throws(WireError) {
            message = try Message(decoding: bytes, arena: arena)
        } catch {
            #expect(!error.description.isEmpty)
            return false
        }
        let written = try message.encoded(arena: arena)
        #expect(try Message(decoding: written, arena: arena).encoded(arena: arena) == written, "\(bytes.hex)")
        return true
    }

    @Test(arguments: sampleMessages) func randomBytes(type: any SampleMessage.Type) throws {
        var random = SeededGenerator(3)
        let arena = try WireArena(capacity: 64 << 10)
        for _ in 0..<Self.share * 5 / 6 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try feed(bytes, type, arena)
        }
    }

    @Test(arguments: sampleMessages) func mutatedMessages(type: any SampleMessage.Type) throws {
        var random = SeededGenerator(4)
        let arena = try WireArena(capacity: 64 << 10)
        var accepted = 0
        for _ in 0..<Self.share / 6 {
            var bytes = try type.random(using: &random).encoded(arena: arena)
            bytes.mutate(using: &random)
            if Bool.random(using: &random) { bytes += random.wireFields(Array(1...15)) }
            accepted += try feed(bytes, type, arena) ? 1 : 0
        }
        // Both ways out were taken.
        #expect((1..<Self.share / 6).contains(accepted))
    }

    @Test(arguments: sampleMessages) func everyTruncation(type: any SampleMessage.Type) throws {
        let arena = try WireArena()
        var random = SeededGenerator(5)
        for _ in 0..<5 {
            let whole = try type.random(using: &random).encoded(arena: arena)
            for length in 0..<whole.count { _ = try feed(Array(whole[..<length]), type, arena) }
        }
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
        // Four bytes of wire, two messages in memory.
        let evidence = Array(repeatElement(Bytes.field(4, Bytes.field(1, [])), count: 200_000).joined())
        #expect(throws: WireError.tooLarge(message: "DetectViolationsResponse", capacity: arena.capacity)) {
            try DetectViolationsResponse(decoding: Bytes.field(2, evidence), arena: arena)
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

    /// A byte each on the wire; refused by their number before any is looked at.
    @Test func moreAttributesThanThereAreAreRefused() throws {
        for count in [7, 1_000_000] {
            let bytes = Bytes.field(2, Array(repeating: 1, count: count))
            #expect(throws: WireError.invalid(.tooMany(field: "attributes", count: count, limit: 6))) {
                try SuggestAttributesRequest(decoding: bytes, arena: WireArena())
            }
        }
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
