import NIOSSL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The PEM files that one side of a TLS connection needs.
public struct TLSFiles: Sendable, Hashable {
    /// This side's certificate, followed by those that lead to its authority.
    public var certificate: String
    /// The certificate's private key, without a passphrase.
    public var key: String
    /// The authorities that the other side's certificate must come from; nil for none asked for (a server) or the
    /// system's (a client).
    public var authority: String?

    public init(certificate: String, key: String, authority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.authority = authority
    }

    /// Differs once a file was written or replaced, also behind a symbolic link.
    var fingerprint: [Date?] {
        [certificate, key, authority ?? certificate].map { path in
            let real = URL(filePath: path).resolvingSymlinksInPath().path
            return (try? FileManager.default.attributesOfItem(atPath: real))?[.modificationDate] as? Date
        }
    }

    func chain() throws(TLSError) -> [NIOSSLCertificateSource] {
        try TLSError.reading(certificate, "certificates") {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            guard !chain.isEmpty else {
                throw TLSError.unreadable(path: certificate, reason: "it holds no certificate")
            }
            return chain.map(NIOSSLCertificateSource.certificate)
        }
    }

    func privateKey() throws(TLSError) -> NIOSSLPrivateKeySource {
        try TLSError.reading(key, "a private key") { .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)) }
    }

    static func roots(_ path: String) throws(TLSError) -> NIOSSLTrustRoots {
        try TLSError.reading(path, "certificates") { .certificates(try NIOSSLCertificate.fromPEMFile(path)) }
    }
}

/// Why TLS cannot be set up.
public enum TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    /// The certificate and the key do not fit each other, or are of a kind that TLS does not take.
    case unusable(certificate: String, key: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot use \(path) for TLS: \(reason)"
        case .unusable(let certificate, let key, let reason):
            "cannot use certificate \(certificate) with key \(key): \(reason); are they of one pair?"
        }
    }

    /// Names the file in whatever goes wrong. What a library says of a key is left out: it may quote it.
    static func reading<Value>(
        _ path: String, _ what: String, _ body: () throws -> Value
    ) throws(TLSError) -> Value {
        do {
            return try body()
        } catch let error as TLSError {
            throw error
        } catch {
            let isThere = FileManager.default.isReadableFile(atPath: path)
            throw .unreadable(
                path: path, reason: isThere ? "it does not hold \(what) in PEM form" : "it cannot be read")
        }
    }
}
