import ArgumentParser
import Foundation
import Listings
import LoadGeneration
import NIOCore
import NIOPosix
import RPC
import WireFormat

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load a running service, and measure how it answers.",
        discussion: """
            Sends a request for each listing of a file, in turns: --rate of them a second at random times, whether or not \
            answers come, with latency counted from when each was due; or, with --in-flight, as many as are answered.

            listing-assist load SuggestPrice --file listings.tsv --rate 5000 --connections 4 --duration 30 \
            --address 127.0.0.1:7101

            Any other unary method takes --bytes: listing-assist load echo.v1.Echo/Echo --bytes 100 --in-flight 16 …
            """)

    @Argument(help: "The method: \(WireMethod.allCases.map(\.name).joined(separator: ", ")), or SERVICE/METHOD.")
    var method: String
    @OptionGroup var service: ServiceAddress
    @Option(help: "A file of listings to ask about.")
    var file: String?
    @OptionGroup var format: ListingFileOptions
    @Option(help: "The most listings to take from the file.")
    var count = 10_000
    @Option(help: "Sends so many zero bytes instead of a request made from a listing.")
    var bytes: Int?
    @Option(help: "Requests a second.")
    var rate: Double?
    @Option(help: "Requests kept in flight on each connection, instead of a rate.")
    var inFlight: Int?
    @Option(help: "Connections.")
    var connections = 4
    @Option(help: "Seconds to measure.")
    var duration = 10.0
    @Option(help: "Seconds before that.")
    var warmUp = 2.0
    @Option(help: "Milliseconds that each request gives the service; none without.")
    var timeout: Int?
    @Flag(help: "Spread over every address of the host's name, and try again elsewhere, as a balanced client does.")
    var balanced = false
    @Flag(
        help: "Sleep only when no answer is awaited: exact to microseconds, where this program has a core to itself.")
    var busyWait = false
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (rate == nil) != (inFlight == nil) else { throw ValidationError("give either --rate or --in-flight") }
        guard (file == nil) != (bytes == nil) else { throw ValidationError("give either --file or --bytes") }
        guard (1e-3...1e6).contains(rate ?? 1) else { throw ValidationError("--rate must be above 0, at most 1000000") }
        for (name, value, range) in [
            ("--in-flight", inFlight ?? 1, 1...100_000), ("--connections", connections, 1...10_000),
            ("--count", count, 1...10_000_000), ("--bytes", bytes ?? 0, 0...(64 << 20)),
            ("--timeout", timeout ?? 1, 1...3_600_000),
        ] where !range.contains(value) {
            throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        guard (0.1...86_400).contains(duration), (0...3_600).contains(warmUp) else {
            throw ValidationError("--duration must be from 0.1 to 86400, --warm-up from 0 to 3600")
        }
    }

    func run() async throws {
        try await reportingAsync {
            let (method, requests) = try requests()
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let (loaded, close) = try await connect(method, on: group)
            let run = LoadRun(connections: loaded, requests: requests, busyWait: busyWait)
            let result: LoadResult
            let mode: String
            if let rate {
                result = try await run.openLoop(rate: rate, warmUp: warmUp, seconds: duration)
                mode = "at \(Int(rate))/s"
            } else {
                let depth = inFlight ?? 1
                result = try await run.closedLoop(depth: depth, warmUp: warmUp, seconds: duration)
                mode = "\(connections) x \(depth) in flight"
            }
            await close()
            try await group.shutdownGracefully()
            let report = LoadReport(result, mode: "\(method.method) \(mode)")
            if json { try Console.print(json: report) } else { print(report.lines) }
        }
    }

    /// What the load is sent through, and how that is closed.
    private func connect(
        _ method: RPCMethod, on group: any EventLoopGroup
    ) async throws -> ([any LoadConnection], @Sendable () async -> Void) {
        let limit = timeout.map { Duration.milliseconds($0) }
        if balanced {
            let client = try service.balanced(connections: connections, on: group)
            let connection = BalancedLoadConnection(
                client, method: method, timeout: limit, isIdempotent: method != WireMethod.recordOutcome.rpc,
                on: group.next())
            return (Array(repeating: connection, count: connections), { await client.close() })
        }
        var clients: [RPCClient] = []
        for _ in 0..<connections { clients.append(try await service.connect(on: group)) }
        let all = clients
        return (
            all.map { RPCLoadConnection($0, method: method, timeout: limit) },
            { for client in all { await client.close() } }
        )
    }

    private func requests() throws -> (RPCMethod, [ByteBuffer]) {
        if let bytes {
            let method = try RPCMethod(method) ?? (try WireMethod(parsing: method)).rpc
            return (method, [ByteBuffer(repeating: 0, count: bytes)])
        }
        let wire = try WireMethod(parsing: method)
        let arena = try WireArena()
        let reader = try format.reader(file ?? "")
        var requests: [ByteBuffer] = []
        while let row = try reader.next(), requests.count < count {
            guard case .success(let listing) = row.result else { continue }
            requests.append(ByteBuffer(bytes: try wire.request(about: listing, arena: arena)))
        }
        guard !requests.isEmpty else { throw Failure(message: "\(file ?? "") holds no listing that can be read") }
        return (wire.rpc, requests)
    }
}

extension WireMethod {
    var rpc: RPCMethod { RPCMethod(service: service, method: name) }

    /// The request that a listing's seller could have made.
    func request(about listing: Listing, arena: WireArena) throws -> [UInt8] {
        var draft = listing.content
        // The model's own is meant.
        draft.currency = nil
        switch self {
        case .suggestPrice: return try SuggestPriceRequest(draft: draft).encoded(arena: arena)
        case .extractFeatures: return try ExtractFeaturesRequest(draft: draft).encoded(arena: arena)
        case .suggestCategories:
            draft.category = nil
            return try SuggestCategoriesRequest(draft: draft).encoded(arena: arena)
        case .suggestTitles:
            draft.title = draft.title.map { String($0.prefix($0.count / 2)) }
            return try SuggestTitlesRequest(draft: draft).encoded(arena: arena)
        case .suggestAttributes: return try SuggestAttributesRequest(draft: draft).encoded(arena: arena)
        case .suggestTags:
            draft.tags = []
            return try SuggestTagsRequest(draft: draft).encoded(arena: arena)
        case .detectViolations: return try DetectViolationsRequest(draft: draft).encoded(arena: arena)
        case .recordOutcome:
            let id = "load-\(UInt64.random(in: .min ... .max))"
            let choice = SellerChoice(reaction: .accepted, chosen: draft.title.map { .title($0) })
            return try RecordOutcomeRequest(SuggestionOutcome(requestID: id, event: .choice(choice)))
                .encoded(arena: arena)
        }
    }
}

extension LoadReport {
    /// For a person.
    fileprivate var lines: String {
        func text(_ name: String, _ times: Times) -> String {
            let values = [
                ("p50", times.p50), ("p90", times.p90), ("p99", times.p99), ("p99.9", times.p999), ("max", times.max),
            ]
            return name + values.map { " \($0.0) \(String(format: "%.3f", $0.1)) ms" }.joined(separator: " ")
        }
        var lines = ["\(mode): \(Int(requestsPerSecond)) requests/s \(text("", accepted))"]
        if let refused {
            let counts = codes.filter { $0.key != "OK" }.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("  failed: \(counts.joined(separator: ", ")) \(text("", refused))")
            if let firstFailure { lines.append("  the first: \(firstFailure)") }
        }
        // What a caller was held up for himself is in the service's times too.
        if let latestSend, latestSend > 1 {
            lines.append("  requests were sent up to \(String(format: "%.1f", latestSend)) ms after they were due")
        }
        return lines.joined(separator: "\n")
    }
}
