import ArgumentParser
import Foundation
import Listings
import ModelBundles
import NIOCore
import NIOPosix
import Parallel
import RPC
import Suggesters
import WireFormat

struct Features: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the service's features with the library's, bit by bit.")
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var drafts: DraftOptions
    @Option(help: "The bundle that the service serves.")
    var model: String
    @Option(help: "Threads of the library's parallel run.")
    var threads = 4
    @Flag(help: "Print JSON.")
    var json = false

    struct Outcome: Encodable {
        var drafts: Int
        var columns: Int
        var differing: Int
    }

    func run() async throws {
        let drafts = try drafts.drafts()
        let model = try PriceModel(bundle: ModelBundle.open(URL(filePath: model)))
        let single = try PriceSuggester(model: model)
        let expected = try drafts.map { bits(try single.features(of: $0)) }
        nonisolated(unsafe) let workers = try (0..<threads).map { _ in try PriceSuggester(model: model) }
        let parallel = try ForkJoin(threads: threads).map(drafts.count) { lane, index in
            Result { bits(try workers[lane].features(of: drafts[index])) }
        }.map { try $0.get() }
        let served = try await served(drafts)
        let differing = expected.indices.filter { expected[$0] != parallel[$0] || expected[$0] != served[$0] }
        let outcome = Outcome(drafts: drafts.count, columns: model.columns.count, differing: differing.count)
        if json {
            try ServiceLoad.print(json: outcome)
        } else {
            print("features: \(outcome.drafts) drafts of \(outcome.columns) columns, \(outcome.differing) differ")
        }
        if let first = differing.first { throw Unfit("features differ, first those of \(drafts[first])") }
    }

    /// The service's rows, asked for on all connections at once.
    private func served(_ drafts: [ListingDraft]) async throws -> [[UInt32]] {
        let clients = try await connection.connect(MultiThreadedEventLoopGroup.singleton)
        let rows = try await withThrowingTaskGroup(of: [(Int, [UInt32])].self) { group in
            for (lane, client) in clients.enumerated() {
                group.addTask {
                    let arena = try WireArena()
                    var rows: [(Int, [UInt32])] = []
                    for index in stride(from: lane, to: drafts.count, by: clients.count) {
                        let request = try ExtractFeaturesRequest(draft: drafts[index]).encoded(arena: arena)
                        let answer = try await client.call(
                            WireMethod.extractFeatures.rpc, payload: ByteBuffer(bytes: request))
                        let values = try answer.withUnsafeReadableBytes {
                            try ExtractFeaturesResponse(decoding: $0, arena: arena).values
                        }
                        rows.append((index, bits(values)))
                    }
                    return rows
                }
            }
            var all = [[UInt32]](repeating: [], count: drafts.count)
            for try await rows in group {
                for (index, row) in rows { all[index] = row }
            }
            return all
        }
        for client in clients { await client.close() }
        return rows
    }
}

private func bits(_ row: [Float]) -> [UInt32] { row.map(\.bitPattern) }
