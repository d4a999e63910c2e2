import LinearModels
import TestSupport
import Testing

@Suite struct LinearBankTests {
    private final class Bytes: @unchecked Sendable {
        let buffer: UnsafeRawBufferPointer

        init(_ source: [UInt8]) {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
            copy.copyBytes(from: source)
            buffer = UnsafeRawBufferPointer(copy)
        }

        deinit { buffer.deallocate() }
    }

    private func read(_ bytes: [UInt8]) throws(LinearBankError) -> LinearBank {
        let owner = Bytes(bytes)
        return try LinearBank(bytes: owner.buffer, owner: owner)
    }

    private func models(_ count: Int, features: Int, _ random: inout SeededGenerator) -> [(
        intercept: Double, weights: [Float]
    )] {
        (0..<count).map { _ in
            (
                Double.random(in: -9...9, using: &random),
                (0..<features).map { _ in Float.random(in: -2...2, using: &random) }
            )
        }
    }

    @Test func scoresAreThoseOfThePlainModels() throws {
        var random = SeededGenerator(81)
        for count in 1...LinearBank.mostModels {
            let models = models(count, features: 50, &random)
            let bank = try read(LinearBank.serialized(models))
            #expect(bank.modelCount == count && bank.featureCount == 50)
            #expect(bank.intercepts == models.map(\.intercept))
            for _ in 0..<50 {
                let ids = (0..<50).shuffled(using: &random).prefix(Int.random(in: 0...20, using: &random))
                let values = ids.map { _ in Float.random(in: 0...1, using: &random) }
                let scores = bank.scores(ids: ids.map { UInt32($0) }, values: values)
                for (model, parts) in models.enumerated() {
                    let expected = zip(ids, values).reduce(parts.intercept) { $0 + Double(parts.weights[$1.0] * $1.1) }
                    #expect(abs(scores[model] - expected) < 1e-4)
                    for id in ids { #expect(bank.weight(of: UInt32(id))[model] == parts.weights[id]) }
                }
                for model in count..<4 { #expect(scores[model] == 0) }
            }
        }
    }

    @Test func idsBeyondTheBankCountForNothing() throws {
        let bank = try read(LinearBank.serialized([(1.5, [2, 3])]))
        #expect(bank.scores(ids: [2, .max, 1], values: [9, 9, 1])[0] == 4.5)
        #expect(bank.weight(of: 2) == SIMD4() && bank.weight(of: .max) == SIMD4())
        let empty = try read(LinearBank.serialized([(1.5, [])]))
        #expect(empty.scores(ids: [0], values: [1])[0] == 1.5)
    }

    @Test func everyTruncationIsRefused() throws {
        var random = SeededGenerator(82)
        let bytes = LinearBank.serialized(models(3, features: 9, &random))
        for count in 0..<bytes.count {
            #expect(throws: LinearBankError.truncated(bytes: count)) { try read(Array(bytes.prefix(count))) }
        }
        #expect(throws: LinearBankError.truncated(bytes: bytes.count + 1)) { try read(bytes + [0]) }
    }

    @Test func changedBytesAreRefusedOrHarmless() {
        var random = SeededGenerator(83)
        let bytes = LinearBank.serialized(models(3, features: 9, &random))
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                changed[Int.random(in: 0..<(Bool.random(using: &random) ? 64 : bytes.count), using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let bank = try? read(changed) else { continue }
            #expect((1...4).contains(bank.modelCount) && bank.featureCount == 9)
            _ = bank.scores(ids: [0, 8, 9, .max], values: [1, 1, 1, 1])
        }
    }

    @Test func errorsNameWhatIsWrong() {
        let bytes = LinearBank.serialized([(0, [1])])
        func changed(_ offset: Int, _ new: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
            return bytes
        }
        #expect(throws: LinearBankError.notABank) { try read(changed(0, [0])) }
        #expect(throws: LinearBankError.layoutVersion(found: 7, known: 1)) { try read(changed(8, [7])) }
        #expect(throws: LinearBankError.truncated(bytes: 80)) { try read(changed(12, [0])) }
        #expect(throws: LinearBankError.truncated(bytes: 80)) { try read(changed(12, [5])) }
        let huge = [UInt8](repeating: 0xFF, count: 8)
        #expect(throws: LinearBankError.truncated(bytes: 80)) { try read(changed(16, huge)) }
        #expect(throws: LinearBankError.notFinite) { try read(changed(38, [0xF0, 0x7F])) }
    }
}
