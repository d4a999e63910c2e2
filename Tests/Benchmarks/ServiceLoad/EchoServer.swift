import ArgumentParser
import RPC

struct EchoServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve echo.v1.Echo/Echo, on one thread, until it is ended.")
    @Option(help: "HOST:PORT, or unix:PATH.")
    var address: String

    func run() async throws {
        guard let place = RPCAddress(address) else { throw ValidationError("--address \(address) is no address") }
        let server = try RPCServer(
            configuration: RPCServerConfiguration(address: place),
            handlers: [
                RPCHandlerRegistration(RPCMethod(service: "echo.v1.Echo", method: "Echo")) { RPCPayload($0.payload) }
            ])
        print(try await server.start())
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
    }
}
