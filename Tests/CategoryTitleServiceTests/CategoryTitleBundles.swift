import Foundation
import Listings
import NIOCore
import RPC
import TestSupport
import WireFormat

/// A category-title bundle made with the command, once for all tests of a run.
struct CategoryTitleBundles {
    let folder: TemporaryFolder
    let listings: String
    var champion: String { folder.path("models/category-title/champion") }

    static func shared() async throws -> CategoryTitleBundles { try await made.value }

    private static let made = Task {
        let prices = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let outcome = try await Program.listingAssist.run(
            "train", "category-title", "--store", prices.store, "--models", folder.path("models"), "--version", "first")
        guard outcome.status == 0 else { throw Failed(error: outcome.error) }
        return CategoryTitleBundles(folder: folder, listings: prices.listings)
    }

    struct Failed: Error {
        let error: String
    }
}

/// Asks a running category-title service, on one connection.
struct CategoryTitleClient {
    let client: RPCClient
    let arena: WireArena

    init(_ service: RunningService) async throws {
        client = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: service.port))
        arena = try WireArena()
    }

    func ask<Request: WireMessage, Response: WireMessage>(
        _ method: WireMethod, _ request: Request, _ response: Response.Type = Response.self
    ) async throws -> Response {
        let bytes = try await send(method, request.encoded(arena: arena))
        return try Response(decoding: Array(bytes.readableBytesView), arena: arena)
    }

    /// Sends bytes as they are.
    func send(_ method: WireMethod, _ bytes: [UInt8]) async throws -> ByteBuffer {
        try await client.call(
            service: method.service, method: method.name, payload: ByteBuffer(bytes: bytes), timeout: .seconds(60))
    }

    /// The status that a request ends with; `nil` when it is answered.
    func refusal(_ method: WireMethod, bytes: [UInt8]) async -> RPCStatus? {
        do {
            _ = try await send(method, bytes)
            return nil
        } catch {
            return error as? RPCStatus ?? RPCStatus(.unknown, "\(error)")
        }
    }
}
