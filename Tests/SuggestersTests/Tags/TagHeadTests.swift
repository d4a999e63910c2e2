import Foundation
import TestSupport
import Testing

@testable import Suggesters

@Suite struct TagHeadTests {
    private func head(_ kind: TagHead.Kind, tags: Int, breadth: Int, _ random: inout SeededGenerator) throws -> TagHead
    {
        let most: UInt32 = kind == .labelSets ? 1 : UInt32(tags)
        let weights = kind == .labelSets ? breadth * (1 + 2 * tags) : tags * (3 + 3 * breadth)
        return try TagHead(
            kind: kind, tagCount: tags, breadth: breadth,
            links: (0..<tags * breadth).map { _ in UInt32.random(in: 0...most, using: &random) },
            weights: (0..<weights).map { _ in Float.random(in: -2...2, using: &random) })
    }

    /// The formulas of the documentation, written once more.
    private func plain(_ head: TagHead, _ s: [Double]) -> [Double] {
        let (tags, breadth) = (head.tagCount, head.breadth)
        let q = s.map { 1 / (1 + exp(-3 * $0)) }
        var rest = head.weights.map(Double.init)[...]
        func next() -> Double { rest.removeFirst() }
        switch head.kind {
        case .labelSets:
            let sums = (0..<breadth).map { _ in
                next() + (0..<tags).reduce(0) { $0 + next() * s[$1] } + (0..<tags).reduce(0) { $0 + next() * q[$1] }
            }
            let total = sums.reduce(0) { $0 + exp($1) }
            return (0..<tags).map { tag in
                (0..<breadth).reduce(0) { $0 + (head.links[$1 * tags + tag] == 1 ? exp(sums[$1]) / total : 0) }
            }
        case .relatedTags:
            return (0..<tags).map { tag in
                var sum = next() + next() * s[tag] + next() * q[tag]
                let others = (0..<breadth).map { Int(head.links[tag * breadth + $0]) }
                for other in others { sum += next() * (other < tags ? s[other] : 0) }
                for other in others { sum += next() * (other < tags ? q[other] : 0) }
                for other in others { sum += next() * (other < tags ? q[other] * q[tag] : 0) }
                return 1 / (1 + exp(-sum))
            }
        }
    }

    @Test(arguments: [TagHead.Kind.labelSets, .relatedTags]) func probabilitiesFollowTheFormulas(
        _ kind: TagHead.Kind
    ) throws {
        var random = SeededGenerator(41)
        for _ in 0..<60 {
            let tags = Int.random(in: 1...9, using: &random)
            let head = try head(kind, tags: tags, breadth: Int.random(in: 1...7, using: &random), &random)
            let read = try TagHead(reading: head.serialized())
            let scores = (0..<tags).map { _ in Float.random(in: -3...3, using: &random) }
            let found = read.probabilities(of: scores)
            #expect(found == head.probabilities(of: scores))
            #expect(found.allSatisfy { (0...1).contains($0) })
            for (one, two) in zip(found, plain(head, scores.map(Double.init))) { #expect(abs(one - two) < 1e-5) }
        }
    }

    @Test func scoresOfAnotherNumberOfTagsGiveNone() throws {
        var random = SeededGenerator(42)
        let head = try head(.labelSets, tags: 3, breadth: 2, &random)
        #expect(head.probabilities(of: [1, 2]) == [0, 0, 0])
        #expect(head.probabilities(of: [.infinity, -.infinity, 0]).count == 3)
    }

    @Test(arguments: [TagHead.Kind.labelSets, .relatedTags]) func bytesThatAreNoHeadAreRefused(
        _ kind: TagHead.Kind
    ) throws {
        var random = SeededGenerator(43)
        let bytes = try head(kind, tags: 5, breadth: 3, &random).serialized()
        for length in 0..<bytes.count {
            #expect(throws: TagHeadError.self) { try TagHead(reading: Array(bytes[..<length])) }
        }
        #expect(throws: TagHeadError.self) { try TagHead(reading: bytes + [0]) }
        // A changed byte gives a refusal or another head, never a read outside.
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let head = try? TagHead(reading: changed) else { continue }
            _ = head.probabilities(of: [0.5, -0.5, 1, -1, 0])
        }
        for (offset, number, error) in [
            (8, 2, TagHeadError.layoutVersion(found: 2, known: 1)), (12, 9, .damaged),
            (16, 0, .outOfRange(tags: 0, breadth: 3)), (20, 1 << 30, .outOfRange(tags: 5, breadth: 1 << 30)),
        ] as [(Int, UInt32, TagHeadError)] {
            var changed = bytes
            withUnsafeBytes(of: number.littleEndian) { changed.replaceSubrange(offset..<offset + 4, with: $0) }
            #expect(throws: error) { try TagHead(reading: changed) }
        }
        var infinite = bytes
        withUnsafeBytes(of: Float.infinity.bitPattern.littleEndian) {
            infinite.replaceSubrange((bytes.count - 4)..., with: $0)
        }
        #expect(throws: TagHeadError.damaged) { try TagHead(reading: infinite) }
    }
}
