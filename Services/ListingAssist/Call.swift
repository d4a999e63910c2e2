import ArgumentParser
import NIOCore
import WireFormat

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a running service by name, with JSON.",
        discussion: """
            listing-assist call SuggestPrice '{"title": "スニーカー 27cm", "brand": "NIKE"}' --address 127.0.0.1:7101
            """)

    @Argument(help: "The method: \(WireMethod.allCases.map(\.name).joined(separator: ", ")).")
    var method: String
    @Argument(help: "The request; the draft's fields may stand at the top.")
    var json: String
    @OptionGroup var service: ServiceAddress
    @Option(help: "Seconds to wait.")
    var timeout = 5.0

    func run() async throws {
        try await reportingAsync {
            guard timeout > 0, timeout <= 3_600 else {
                throw ValidationError("--timeout must be above 0, at most 3600")
            }
            let arena = try WireArena()
            let wire = try WireMethod(parsing: method)
            let payload = try wire.request(fromJSON: json, arena: arena)
            let client = try await service.connect()
            let answer = try await client.call(
                service: wire.service, method: wire.name, payload: ByteBuffer(bytes: payload),
                timeout: .milliseconds(Int(timeout * 1_000)))
            print(try answer.withUnsafeReadableBytes { try wire.json(fromResponse: $0, arena: arena) })
            await client.close()
        }
    }
}
