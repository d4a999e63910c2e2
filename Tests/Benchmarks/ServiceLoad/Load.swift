import ArgumentParser
import Foundation
import NIOPosix

struct Peak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The most requests a second, with a fixed number in flight.")
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var drafts: DraftOptions
    @OptionGroup var duration: DurationOptions
    @Option(help: "Requests in flight on each connection.")
    var inFlight = 8

    func validate() throws {
        guard inFlight > 0 else { throw ValidationError("--in-flight must be at least 1") }
    }

    func run() async throws {
        let (connections, depth) = (connection.connections, inFlight)
        try await duration.measure("peak, \(connections) x \(depth) in flight", connection, drafts) {
            try await $0.closedLoop(depth: depth, warmUp: duration.warmUp, seconds: duration.seconds)
        }
    }
}

struct Paced: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Latency at a given rate, counted from when each request was due.")
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var drafts: DraftOptions
    @OptionGroup var duration: DurationOptions
    @Option(help: "Requests a second.")
    var rate: Double

    func validate() throws {
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be above 0, at most 1000000") }
    }

    func run() async throws {
        try await duration.measure("paced at \(Int(rate))/s", connection, drafts) {
            try await $0.openLoop(rate: rate, warmUp: duration.warmUp, seconds: duration.seconds)
        }
    }
}

struct DurationOptions: ParsableArguments {
    @Option(help: "Seconds to measure.")
    var seconds = 10.0
    @Option(help: "Seconds before that.")
    var warmUp = 2.0
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (0.1...3_600).contains(seconds), (0...3_600).contains(warmUp) else {
            throw ValidationError("--seconds must be from 0.1 to 3600, --warm-up from 0 to 3600")
        }
    }

    func measure(
        _ mode: String, _ connection: ConnectionOptions, _ drafts: DraftOptions,
        _ load: (LoadRun) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let clients = try await connection.connect(group)
        let requests = try await clients[0].rehearse(drafts.drafts())
        let run = LoadRun(clients: clients, requests: requests)
        try await load(run)
        for client in clients { await client.close() }
        try await group.shutdownGracefully()
        try Report(run, mode: mode).show(json: json)
    }
}
