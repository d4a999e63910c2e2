import TestSupport
import Testing

@testable import LinearModels

@Suite struct SparseClassifierTests {
    private let features = 40
    private let outputs = 7
    private let weights: [(feature: UInt32, output: Int, weight: Float)]
    private let intercepts: [Float]

    init() {
        var random = SeededGenerator(31)
        var weights: [(feature: UInt32, output: Int, weight: Float)] = []
        for feature in 0..<UInt32(40) {
            for output in 0..<7 where Int.random(in: 0..<3, using: &random) == 0 {
                weights.append((feature, output, Float.random(in: -2...2, using: &random)))
            }
        }
        self.weights = weights
        intercepts = (0..<7).map { _ in Float.random(in: -1...1, using: &random) }
    }

    private func serialized(shuffled seed: UInt64? = nil) -> [UInt8] {
        var builder = SparseClassifierBuilder(featureCount: features, outputCount: outputs)
        for (output, value) in intercepts.enumerated() { builder.setIntercept(value, output: output) }
        var order = weights
        if let seed {
            var random = SeededGenerator(seed)
            order.shuffle(using: &random)
        }
        for (feature, output, weight) in order {
            var one = SparseWeights()
            one.append(weight, feature: feature, output: output)
            builder.add(one)
        }
        return builder.serialized()
    }

    @Test func scoresAreThoseOfThePlainModels() throws {
        let classifier = try SparseClassifier(copying: serialized())
        #expect(classifier.outputCount == outputs && classifier.featureCount == features)
        var random = SeededGenerator(32)
        var scores: [Float] = []
        for _ in 0..<100 {
            let ids = (0..<10).map { _ in UInt32.random(in: 0..<45, using: &random) }
            let values = ids.map { _ in Float.random(in: 0...1, using: &random) }
            classifier.score(ids: ids, values: values, into: &scores)
            for output in 0..<outputs {
                var expected = intercepts[output]
                for (id, value) in zip(ids, values) {
                    let weight = weights.first { $0.feature == id && $0.output == output }?.weight ?? 0
                    expected += weight * value
                }
                // Each weight is rounded to eight bits of mantissa.
                #expect(abs(scores[output] - expected) < 0.06)
            }
        }
    }

    @Test func weightsAreRoundedToNearest() throws {
        let classifier = try SparseClassifier(copying: serialized())
        for (feature, output, weight) in weights {
            let kept = classifier.weight(of: feature, output: output)
            #expect(abs(kept - weight) <= abs(weight) / 256)
        }
        #expect(classifier.weight(of: 0, output: 99) == 0 && classifier.weight(of: .max, output: 0) == 0)
        var found = 0
        for feature in 0..<UInt32(features) {
            classifier.forEachWeight(of: feature) { output, weight in
                found += 1
                #expect(classifier.weight(of: feature, output: output) == weight)
            }
        }
        #expect(found == classifier.weightCount)
    }

    @Test func theOrderOfAddingDoesNotMatter() {
        #expect(serialized() == serialized(shuffled: 5))
    }

    @Test func zeroAndInfiniteWeightsAreLeftOut() throws {
        var builder = SparseClassifierBuilder(featureCount: 3, outputCount: 1)
        var some = SparseWeights()
        some.append(0, feature: 0, output: 0)
        some.append(.nan, feature: 1, output: 0)
        some.append(.infinity, feature: 2, output: 0)
        builder.add(some)
        #expect(try SparseClassifier(copying: builder.serialized()).weightCount == 0)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = serialized()
        for count in 0..<bytes.count {
            #expect(throws: SparseClassifierError.self) { try SparseClassifier(copying: Array(bytes.prefix(count))) }
        }
        #expect(throws: SparseClassifierError.truncated(bytes: bytes.count + 1)) {
            try SparseClassifier(copying: bytes + [0])
        }
    }

    @Test func changedBytesAreRefusedOrHarmless() {
        let bytes = serialized()
        var random = SeededGenerator(33)
        var scores: [Float] = []
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<(Bool.random(using: &random) ? 32 : bytes.count), using: &random)
                changed[place] = UInt8.random(in: 0...255, using: &random)
            }
            guard let classifier = try? SparseClassifier(copying: changed) else { continue }
            classifier.score(ids: [0, 5, 39, 40, .max], values: [1, 1, 1, 1, 1], into: &scores)
            #expect(scores.count == classifier.outputCount)
            _ = classifier.weight(of: 5, output: 3)
        }
    }

    @Test func aClaimOfAMillionClassesIsRefused() {
        var bytes = serialized()
        bytes.replaceSubrange(12..<16, with: [0x40, 0x42, 0x0F, 0x00])
        #expect(throws: SparseClassifierError.truncated(bytes: bytes.count)) { try SparseClassifier(copying: bytes) }
        bytes.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: SparseClassifierError.self) { try SparseClassifier(copying: bytes) }
    }
}
