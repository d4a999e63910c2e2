import NIOCore
import NIOSSL
import RPC

/// TLS for a client, mutual when it has a certificate to show. The server's certificate must be for the host that was
/// dialled: its name or, for an address, that address.
public struct TLSClientSecurity: RPCClientSecurity {
    private let context: NIOSSLContext
    private let serverName: String?

    /// - Parameters:
    ///   - authority: a PEM file with the authorities of servers; nil for those the system trusts.
    ///   - identity: the certificate and key that the client shows.
    ///   - serverName: the name that the server's certificate must be for, when it is not the host's.
    /// - Throws: ``TLSError``.
    public init(authority: String?, identity: TLSFiles? = nil, serverName: String? = nil) throws(TLSError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authority { configuration.trustRoots = try TLSFiles.roots(authority) }
        if let identity {
            configuration.certificateChain = try identity.chain()
            configuration.privateKey = try identity.privateKey()
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .unusable(
                certificate: identity?.certificate ?? "none", key: identity?.key ?? "none", reason: "TLS refuses them")
        }
        self.serverName = serverName
    }

    public func secure(_ channel: any Channel, host: String?) throws {
        let isAddress = host.map { (try? SocketAddress(ipAddress: $0, port: 0)) != nil } ?? true
        let name = serverName ?? (isAddress ? nil : host)
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
    }
}
