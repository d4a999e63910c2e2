import Foundation
import Listings

/// A draft with the exact answer that the trainer got for it: a line of `golden.jsonl`. A service replays them before it
/// answers anyone.
public struct GoldenExample<Answer: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    public var draft: ListingDraft
    public var answer: Answer
    /// ``featureDigest(_:)`` of the draft's feature row.
    public var features: String

    public init(draft: ListingDraft, answer: Answer, features: String) {
        self.draft = draft
        self.answer = answer
        self.features = features
    }

    /// The examples as lines of JSON with sorted keys: equal examples are equal bytes.
    public static func jsonLines(_ examples: [Self]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try examples.flatMap { try Array(encoder.encode($0)) + [UInt8(ascii: "\n")] }
    }

    /// - Throws: ``GoldenError/malformed(line:reason:)``.
    public static func read(_ bytes: [UInt8]) throws(GoldenError) -> [Self] {
        var examples: [Self] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do { examples.append(try JSONDecoder().decode(Self.self, from: Data(line))) } catch {
                throw .malformed(line: index + 1, reason: "\(error)")
            }
        }
        return examples
    }
}

/// 64-bit FNV-1a (Fowler, Noll, Vo) of a feature row's bits, as hexadecimal digits.
public func featureDigest(_ row: [Float]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in row {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            hash = (hash ^ UInt64(value.bitPattern >> shift & 0xFF)) &* 0x100_0000_01B3
        }
    }
    return String(hash, radix: 16)
}

/// Why a bundle's golden examples did not replay.
public enum GoldenError: Error, Equatable, CustomStringConvertible {
    case malformed(line: Int, reason: String)
    case none
    case differs(line: Int, what: String, expected: String, found: String)

    public var description: String {
        switch self {
        case .malformed(let line, let reason): "golden.jsonl line \(line) can't be read: \(reason); restore the bundle"
        case .none: "golden.jsonl holds no example; train the model again"
        case .differs(let line, let what, let expected, let found):
            "golden.jsonl line \(line): \(what) should be \(expected) but is \(found): this program does not compute what "
                + "the trainer did; run the release that trained the model, or train it again with this one"
        }
    }
}
