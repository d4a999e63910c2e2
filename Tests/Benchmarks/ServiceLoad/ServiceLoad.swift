import ArgumentParser
import Foundation

/// Measures what `listing-assist load` does not: start-up and memory of a service, that it computes the same features as
/// the library, and the protocol alone.
@main
struct ServiceLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-load", abstract: "Measure services.",
        subcommands: [Features.self, Startup.self, EchoServer.self, HTTPLoad.self, Work.self])

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
