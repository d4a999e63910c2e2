import ArgumentParser
import NIOCore
import RPC
import RPCSecurity

/// Where a service is, and how it is spoken to.
struct ServiceAddress: ParsableArguments {
    @Option(help: "HOST:PORT, or unix:PATH.")
    var address: String
    @Option(help: "Speak TLS, and trust the authorities of this PEM file.")
    var tlsAuthority: String?
    @Option(help: "The certificate to show, a PEM file.")
    var tlsCertificate: String?
    @Option(help: "The certificate's key, a PEM file.")
    var tlsKey: String?
    @Option(help: "The name on the service's certificate, when it is not the host's.")
    var tlsName: String?

    func validate() throws {
        guard RPCAddress(address) != nil else {
            throw ValidationError("--address \(address) is neither HOST:PORT nor unix:PATH")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("give both --tls-certificate and --tls-key, or neither")
        }
        guard tlsAuthority != nil || (tlsCertificate == nil && tlsName == nil) else {
            throw ValidationError("--tls-certificate and --tls-name need --tls-authority")
        }
    }

    func connect(on group: (any EventLoopGroup)? = nil) async throws -> RPCClient {
        guard let place = RPCAddress(address) else { throw ValidationError("--address \(address) is no address") }
        var configuration = RPCClientConfiguration()
        if let tlsAuthority {
            var identity: TLSFiles?
            if let tlsCertificate, let tlsKey { identity = TLSFiles(certificate: tlsCertificate, key: tlsKey) }
            configuration.security = try TLSClientSecurity(
                authority: tlsAuthority, identity: identity, serverName: tlsName)
        }
        guard let group else { return try await RPCClient.connect(to: place, configuration: configuration) }
        return try await RPCClient.connect(to: place, configuration: configuration, group: group)
    }
}
