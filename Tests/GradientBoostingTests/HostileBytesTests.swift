import GradientBoosting
import Testing

@Suite struct HostileBytesTests {
    private static func sample(isSymmetric: Bool = false, categorical: Bool = true) throws -> [UInt8] {
        var random = RandomEnsembles(seed: 5)
        let trees = (0..<9).map { splits in
            isSymmetric
                ? BoostedTree.symmetric(random.symmetricTree(levels: splits / 2))
                : .branching(random.tree(splits: splits, categorical: categorical && splits % 2 == 0))
        }
        return try RandomEnsembles.build(trees, baseScore: 1)
    }

    private static func samples() throws -> [[UInt8]] {
        [try sample(), try sample(categorical: false), try sample(isSymmetric: true)]
    }

    /// Refused, or evaluates to numbers.
    private static func isHarmless(_ bytes: [UInt8], _ rows: [[Float]]) -> Bool {
        guard let ensemble = try? TreeEnsemble(copying: bytes) else { return true }
        guard ensemble.featureCount <= RandomEnsembles.featureCount else {
            // More features than the rows have: give it a row as wide as it asks for.
            let wide = [Float](repeating: 0.5, count: ensemble.featureCount)
            return ensemble.predict(wide).isFinite
        }
        var contributions = [Double](repeating: 0, count: RandomEnsembles.featureCount)
        return rows.allSatisfy { row in
            ensemble.predict(row).isFinite && ensemble.contributions(row, into: &contributions).isFinite
        } && ensemble.summary().leaves == ensemble.leafCount
    }

    @Test(arguments: 0..<3)
    func everyTruncationIsRefused(sample: Int) throws {
        let bytes = try Self.samples()[sample]
        for count in 0..<bytes.count {
            #expect(throws: TreeEnsembleError.self) { try TreeEnsemble(copying: Array(bytes.prefix(count))) }
        }
        #expect(throws: TreeEnsembleError.self) { try TreeEnsemble(copying: bytes + [0]) }
    }

    @Test(arguments: 0..<3)
    func everyChangedByteIsRefusedOrHarmless(sample: Int) throws {
        let bytes = try Self.samples()[sample]
        var random = RandomEnsembles(seed: 6)
        let rows = (0..<3).map { _ in random.row() }
        for offset in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = bytes
                changed[offset] ^= flip
                #expect(Self.isHarmless(changed, rows), "byte \(offset) flipped by \(flip)")
            }
        }
    }

    @Test(arguments: 0..<3)
    func manyChangedBytesAreRefusedOrHarmless(sample: Int) throws {
        let bytes = try Self.samples()[sample]
        var random = RandomEnsembles(seed: 7)
        let rows = (0..<2).map { _ in random.row() }
        for round in 0..<3000 {
            var changed = bytes
            for _ in 0...random.below(6) {
                changed[random.below(bytes.count)] =
                    [0, 1, 0x7F, 0x80, 0xFF, UInt8(random.below(256))][random.below(6)]
            }
            #expect(Self.isHarmless(changed, rows), "round \(round)")
        }
    }

    @Test func absurdCountsAreRefusedWithoutAllocating() throws {
        let bytes = try Self.sample()
        for offset in stride(from: 12, to: 40, by: 4) {
            var changed = bytes
            for index in offset..<offset + 4 { changed[index] = 0xFF }
            #expect(throws: TreeEnsembleError.self) { try TreeEnsemble(copying: changed) }
        }
    }

    @Test func errorsNameWhatIsWrong() throws {
        let bytes = try Self.sample()
        #expect(throws: TreeEnsembleError.notAnEnsemble) {
            try TreeEnsemble(copying: [UInt8](repeating: 0, count: 64))
        }
        var newer = bytes
        newer[8] = 3
        #expect(throws: TreeEnsembleError.unsupportedVersion(3)) { try TreeEnsemble(copying: newer) }
        let shifted = [UInt8](repeating: 0, count: 1) + bytes
        shifted.withUnsafeBytes { all in
            let part = UnsafeRawBufferPointer(rebasing: all[1...])
            #expect(throws: TreeEnsembleError.misaligned) { try TreeEnsemble(bytes: part, owner: nil) }
        }
        #expect("\(TreeEnsembleError.truncated(bytes: 3, needed: 64))".contains("publish the model again"))
    }
}
