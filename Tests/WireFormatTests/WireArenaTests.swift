import CListingAssistProtos
import Listings
import Testing

@testable import WireFormat

@Suite struct WireArenaTests {
    @Test func handsOutItsCapacityAndNoMore() throws {
        let arena = try WireArena(capacity: 64 << 10)
        var starts: [UnsafeMutableRawPointer] = []
        while let memory = la_arena_alloc(arena.arena, 1_000) {
            memory.initializeMemory(as: UInt8.self, repeating: UInt8(starts.count), count: 1_000)
            starts.append(memory)
        }
        #expect(starts.count == 65)
        for (index, start) in starts.enumerated() {
            #expect(UInt(bitPattern: start) % 16 == 0)
            #expect(UnsafeRawBufferPointer(start: start, count: 1_000).allSatisfy { $0 == UInt8(index) })
        }
        #expect(la_arena_exhausted(arena.arena))
        // A refusal is remembered even for what would fit.
        #expect(la_arena_alloc(arena.arena, 1) == nil)
        la_arena_reset(arena.arena)
        #expect(la_arena_alloc(arena.arena, 64 << 10) == starts[0])
        #expect(!la_arena_exhausted(arena.arena))
    }

    @Test func absurdSizesAreRefused() throws {
        let arena = try WireArena(capacity: 4_096)
        for size in [4_097, Int.max, -1] {
            #expect(la_arena_alloc(arena.arena, Int(bitPattern: UInt(bitPattern: size))) == nil)
            la_arena_reset(arena.arena)
        }
        for capacity in [0, -1, Int.min, Int.max] {
            #expect(throws: WireError.noMemory(capacity: capacity)) { try WireArena(capacity: capacity) }
        }
    }

    @Test func resetGivesLargeMemoryBack() throws {
        let arena = try WireArena(capacity: 8 << 20, retained: 64 << 10)
        let memory = try #require(la_arena_alloc(arena.arena, 8 << 20))
        memory.initializeMemory(as: UInt8.self, repeating: 7, count: 8 << 20)
        la_arena_reset(arena.arena)
        let again = try #require(la_arena_alloc(arena.arena, 8 << 20)).assumingMemoryBound(to: UInt8.self)
        // Pages given back read as zero; the retained ones were left alone.
        #expect(again[0] == 7 && again[(64 << 10) - 1] == 7)
        #expect(again[64 << 10] == 0 && again[(8 << 20) - 1] == 0)
    }

    @Test func aResponseThatDoesNotFitIsRefusedWhole() throws {
        let response = SuggestPriceResponse(
            suggestion: sampleSuggestion(reasons: 500), modelVersion: "v", requestID: "r")
        let arena = try WireArena(capacity: 4_096)
        #expect(throws: WireError.tooLarge(message: "SuggestPriceResponse", capacity: 4_096)) {
            try response.encoded(arena: arena)
        }
    }
}
