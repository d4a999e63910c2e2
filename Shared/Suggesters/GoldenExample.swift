import Foundation
import Listings
import ModelBundles

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

    /// Answers every example of `bundle` and compares bit for bit.
    /// - Parameters:
    ///   - answer: the digest of a draft's feature row, and its answer.
    ///   - difference: the first part in which an answer differs from the one expected, with both values.
    /// - Returns: how many examples there were.
    /// - Throws: ``GoldenError``.
    static func replay(
        _ bundle: ModelBundle, answer: (ListingDraft) throws -> (features: String, answer: Answer),
        difference: (_ found: Answer, _ expected: Answer) -> (what: String, expected: String, found: String)
    ) throws -> Int {
        let examples = try read(bundle.read("golden.jsonl"))
        guard !examples.isEmpty else { throw GoldenError.none }
        for (index, example) in examples.enumerated() {
            let line = index + 1
            let found: (features: String, answer: Answer)
            do { found = try answer(example.draft) } catch {
                throw GoldenError.differs(line: line, what: "the answer", expected: "one", found: "\(error)")
            }
            guard found.features == example.features else {
                throw GoldenError.differs(
                    line: line, what: "the feature row's digest", expected: example.features, found: found.features)
            }
            guard found.answer == example.answer else {
                let (what, expected, found) = difference(found.answer, example.answer)
                throw GoldenError.differs(line: line, what: what, expected: expected, found: found)
            }
        }
        return examples.count
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
