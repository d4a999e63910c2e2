import NIOCore
import NIOSSL
import RPC
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// TLS for a server, mutual where authorities for clients are given. Certificates can be replaced while it serves:
/// connections made afterwards use the new ones.
public final class TLSServerSecurity: RPCServerSecurity {
    /// Why a connection was refused, and whose it was.
    public typealias Refusal = @Sendable (_ reason: String) -> Void

    private struct State {
        var context: NIOSSLContext
        var fingerprint: [Date?]
    }

    private let files: TLSFiles
    private let clients: Set<String>
    private let handshakeTimeout: TimeAmount
    private let onRefusal: Refusal
    private let state: Mutex<State>

    /// - Parameters:
    ///   - files: with an authority, clients must show a certificate that comes from it.
    ///   - clients: the names (DNS or URI, such as a SPIFFE id, in the certificate's subject alternative names) of the
    ///     clients that are let in; empty for every client that the authority vouches for.
    ///   - handshakeTimeout: time to show who one is.
    /// - Throws: ``TLSError``.
    public init(
        files: TLSFiles, clients: Set<String> = [], handshakeTimeout: Duration = .seconds(10),
        onRefusal: @escaping Refusal = { _ in }
    ) throws(TLSError) {
        self.files = files
        self.clients = clients
        self.handshakeTimeout = .nanoseconds(Int64(handshakeTimeout / .nanoseconds(1)))
        self.onRefusal = onRefusal
        let fingerprint = files.fingerprint
        state = Mutex(State(context: try Self.context(files), fingerprint: fingerprint))
    }

    /// Takes the files anew if they were written since. Returns whether they were; the old ones stay in force when
    /// the new ones are of no use.
    /// - Throws: ``TLSError``, once for each state of the files.
    @discardableResult
    public func reload() throws(TLSError) -> Bool {
        let fingerprint = files.fingerprint
        let isNew = state.withLock { state in
            defer { state.fingerprint = fingerprint }
            return state.fingerprint != fingerprint
        }
        guard isNew else { return false }
        let context = try Self.context(files)
        state.withLock { $0.context = context }
        return true
    }

    public func secure(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: state.withLock { $0.context }))
        try pipeline.addHandler(
            PeerGate(
                needsCertificate: files.authority != nil, clients: clients, timeout: handshakeTimeout,
                onRefusal: onRefusal))
    }

    private static func context(_ files: TLSFiles) throws(TLSError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try files.chain(), privateKey: try files.privateKey())
        configuration.minimumTLSVersion = .tlsv12
        if let authority = files.authority {
            configuration.trustRoots = try TLSFiles.roots(authority)
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .unusable(certificate: files.certificate, key: files.key, reason: "TLS refuses them")
        }
    }
}
