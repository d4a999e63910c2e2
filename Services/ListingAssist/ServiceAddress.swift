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
        let (place, configuration) = (try place, try configuration(serverName: tlsName))
        guard let group else { return try await RPCClient.connect(to: place, configuration: configuration) }
        return try await RPCClient.connect(to: place, configuration: configuration, group: group)
    }

    /// A client of every replica that the host's name has, looked up each second.
    func balanced(connections: Int, on group: any EventLoopGroup) throws -> BalancedClient {
        var balanced = BalancedClient.Configuration()
        // Certificates name the host, not the addresses that it has.
        let name: String? = if case .tcp(let host, _) = try place { host } else { nil }
        balanced.connection = try configuration(serverName: tlsName ?? name)
        balanced.connection.connectTimeout = .seconds(1)
        balanced.connectionsPerAddress = connections
        balanced.resolveInterval = .seconds(1)
        let resolver: any RPCResolver =
            switch try place {
            case .tcp(let host, let port): RPCHostResolver(host: host, port: port)
            case .unix: RPCFixedAddresses([try place])
            }
        return BalancedClient(resolver: resolver, configuration: balanced, group: group)
    }

    private var place: RPCAddress {
        get throws {
            guard let place = RPCAddress(address) else { throw ValidationError("--address \(address) is no address") }
            return place
        }
    }

    private func configuration(serverName: String?) throws -> RPCClientConfiguration {
        var configuration = RPCClientConfiguration()
        if let tlsAuthority {
            var identity: TLSFiles?
            if let tlsCertificate, let tlsKey { identity = TLSFiles(certificate: tlsCertificate, key: tlsKey) }
            configuration.security = try TLSClientSecurity(
                authority: tlsAuthority, identity: identity, serverName: serverName)
        }
        return configuration
    }
}
