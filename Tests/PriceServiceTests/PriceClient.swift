import Listings
import NIOCore
import RPC
import TestSupport
import WireFormat

/// Asks a running price service, on one connection.
struct PriceClient {
    let client: RPCClient
    private let arena: WireArena

    init(_ service: RunningService) async throws {
        client = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: service.port))
        arena = try WireArena()
    }

    func suggest(_ draft: ListingDraft, maxReasons: Int? = nil) async throws -> SuggestPriceResponse {
        let request = SuggestPriceRequest(draft: draft, maxReasons: maxReasons)
        return try decode(await send(.suggestPrice, request.encoded(arena: arena)))
    }

    func features(_ draft: ListingDraft) async throws -> ExtractFeaturesResponse {
        try decode(await send(.extractFeatures, ExtractFeaturesRequest(draft: draft).encoded(arena: arena)))
    }

    /// Sends bytes as they are.
    func send(_ method: WireMethod, _ bytes: [UInt8]) async throws -> ByteBuffer {
        try await client.call(
            service: method.service, method: method.name, payload: ByteBuffer(bytes: bytes), timeout: .seconds(60))
    }

    /// The status that a request ends with; `nil` when it is answered.
    func refusal(_ method: WireMethod = .suggestPrice, bytes: [UInt8]) async -> RPCStatus? {
        do {
            _ = try await send(method, bytes)
            return nil
        } catch {
            return error as? RPCStatus ?? RPCStatus(.unknown, "\(error)")
        }
    }

    func refusal(of draft: ListingDraft) async throws -> RPCStatus? {
        await refusal(bytes: try SuggestPriceRequest(draft: draft).encoded(arena: arena))
    }

    private func decode<Message: WireMessage>(_ bytes: ByteBuffer) throws -> Message {
        try Message(decoding: Array(bytes.readableBytesView), arena: arena)
    }
}

extension PriceSuggestion {
    /// Whether the price lies in its interval.
    var isInOrder: Bool {
        low.minorUnits <= price.minorUnits && price.minorUnits <= high.minorUnits && rawLow <= rawPrice
            && rawPrice <= rawHigh
    }
}
