import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct HostileStateTests {
    /// A small state, so that all of it can be damaged.
    private static let state = Result { () throws -> [UInt8] in
        let drafts = (0..<12).map { index in
            ListingDraft(title: "bag \(index % 3)", description: "a bag", brand: index % 2 == 0 ? "ACME" : "Other")
        }
        return try FeatureFitter(spec: spec, dictionary: Tokenizing.dictionary.get(), threads: 1).fit(
            drafts, targets: drafts.indices.map { Double($0) }, folds: drafts.indices.map { $0 % 2 }, foldCount: 2
        ).state
    }
    private static let spec = FeatureSpec(
        blocks: [
            TextBlock(.titleWords, minimumListings: 2, hasStatistics: true, neighbourWeight: 1),
            TextBlock(.fields, minimumListings: 1),
        ],
        groups: [.brand, .title])

    private let state: [UInt8]
    private let draft = ListingDraft(title: "bag 1", description: "a bag", brand: "ACME")

    init() throws { state = try Self.state.get() }

    /// Reads `bytes` and, where they are accepted, extracts from them; returns the error.
    private func read(_ bytes: [UInt8], spec: FeatureSpec = spec) throws -> FeatureStateError? {
        let features: FittedFeatures
        do { features = try FittedFeatures(spec: spec, copying: bytes) } catch { return error }
        let worker = try FeatureWorker(features: features, dictionary: Tokenizing.dictionary.get())
        worker.extract(draft)
        for (block, end) in worker.blockEnds.enumerated() {
            let own = features.blockStarts[block]..<features.blockStarts[block + 1]
            let start = block == 0 ? 0 : worker.blockEnds[block - 1]
            #expect(worker.ids[start..<end].allSatisfy { own.contains(Int($0)) })
        }
        #expect(worker.dense.count == spec.columns.count)
        return nil
    }

    @Test func theWholeStateIsRead() throws {
        let error = try read(state)
        #expect(error == nil)
    }

    @Test func everyTruncationIsRefused() throws {
        for count in 0..<state.count {
            let error = try read(Array(state.prefix(count)))
            #expect(error != nil, "\(count) of \(state.count) bytes")
        }
        let longer = try read(state + [0])
        #expect(longer == .truncated(bytes: state.count + 1))
    }

    @Test func everyChangedHeaderBitIsRefusedOrHarmless() throws {
        for byte in 0..<128 {
            for bit in 0..<8 {
                var bytes = state
                bytes[byte] ^= 1 << UInt8(bit)
                _ = try read(bytes)
            }
        }
    }

    @Test func changedBytesAreRefusedOrHarmless() throws {
        var random = SeededGenerator(41)
        for _ in 0..<4_000 {
            var bytes = state
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let limit = Bool.random(using: &random) ? 128 : bytes.count
                bytes[Int.random(in: 0..<limit, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try read(bytes)
        }
    }

    @Test func tablesWithoutAnEmptyBucketEndTheirSearch() throws {
        var bytes = state
        for index in 128..<bytes.count { bytes[index] = 0xFF }
        let error = try read(bytes)
        #expect(error == nil)
    }

    /// What no hash is but a damaged table may hold: ids of another block, which the index of neighbours lacks.
    @Test func idsOfOtherBlocksAreLeftOut() throws {
        // Every word of a title leads to the last id, a field's.
        var bytes = state
        for bucket in stride(from: 128, to: 128 + 8 * 16, by: 8) where bytes[bucket + 4] != 0 {
            bytes.replaceSubrange(bucket + 4..<bucket + 8, with: state[16..<20])
        }
        let error = try read(bytes)
        #expect(error == nil)
    }

    @Test(arguments: [28, 40, 44], [0, 1, 50, 1 << 30, UInt32.max])
    func wrongSizesOfTheIndexAreRefused(_ offset: Int, _ size: UInt32) throws {
        var bytes = state
        withUnsafeBytes(of: size.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
        let error = try read(bytes)
        #expect(error == .truncated(bytes: state.count) || error == .inconsistent)
    }

    @Test(arguments: [0, 5, 31, 32, 63, 64, 255, UInt32.max])
    func absurdSizesAreRefused(_ bits: UInt32) throws {
        for offset in [20, 24] {
            var bytes = state
            withUnsafeBytes(of: bits.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
            let error = try read(bytes)
            #expect(bytes == state || error == .truncated(bytes: state.count) || error == .inconsistent)
        }
    }

    @Test func startsMustRiseToTheVocabularysSize() throws {
        for (offset, value) in [(64, 1), (68, 1 << 20), (72, 0)] as [(Int, UInt32)] {
            var bytes = state
            withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
            let error = try read(bytes)
            #expect(error == .inconsistent, "\(value) at \(offset)")
        }
        var bytes = state
        withUnsafeBytes(of: Double.nan.bitPattern) { bytes.replaceSubrange(32..<40, with: $0) }
        let error = try read(bytes)
        #expect(error == .inconsistent)
    }

    @Test func aStateForAnotherSpecIsRefused() throws {
        var spec = Self.spec
        spec.blocks.append(TextBlock(.titleCharacters, minimumListings: 1))
        let blocks = try read(state, spec: spec)
        #expect(blocks == .otherSpec(blocks: 2, expected: 3))
        spec = Self.spec
        spec.version += 1
        let version = try read(state, spec: spec)
        #expect(version == .specVersion(found: FeatureSpec.currentVersion + 1, known: FeatureSpec.currentVersion))
        let changes: [(inout FeatureSpec) -> Void] = [
            { $0.titleBytes = -1 }, { $0.titleBytes = 0 }, { $0.descriptionBytes = .max }, { $0.groupShrinkage = 0 },
            { $0.groupShrinkage = -1 },
            { $0.statisticsShrinkage = 0 }, { $0.neighbours.count = 0 }, { $0.neighbours.budget = .max },
            { $0.neighbours.entriesPerFeature = -1 }, { $0.neighbours.mostListings = 0 },
        ]
        for change in changes {
            spec = Self.spec
            change(&spec)
            let error = try read(state, spec: spec)
            #expect(error == .specOutOfRange)
        }
    }

    @Test func errorsSayWhatToDo() {
        let errors: [FeatureStateError] = [
            .notAState, .truncated(bytes: 3), .layoutVersion(found: 2, known: 1), .specVersion(found: 2, known: 1),
            .otherSpec(blocks: 1, expected: 2), .inconsistent, .specOutOfRange,
        ]
        for error in errors {
            #expect(error.description.contains("features."))
            #expect(["restore", "train"].contains { error.description.contains($0) })
        }
    }
}
