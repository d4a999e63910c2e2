import ArgumentParser
import Foundation

/// Measures a price service from outside: throughput, latency at a rate, start-up and memory, and that it computes the
/// same features as the library.
@main
struct ServiceLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-load", abstract: "Measure a price service.",
        subcommands: [Peak.self, Paced.self, Features.self, Startup.self])

    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// Why a measurement does not count.
struct Unfit: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
