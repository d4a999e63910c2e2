import Foundation

/// Authorities and certificates of a test's own, made with OpenSSL.
public struct Certificates: Sendable {
    let folder: TemporaryFolder

    public init() throws { folder = try TemporaryFolder() }

    public func path(_ name: String) -> String { folder.path(name) }

    public func makeAuthority(_ name: String) async throws {
        try await run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=\(name)' "
                + "-keyout '\(path("\(name).key"))' -out '\(path("\(name).pem"))'")
    }

    /// Makes `NAME.pem` and `NAME.key`, for subject alternative names such as `DNS:localhost`. Below zero days, it has
    /// run out already.
    public func make(_ name: String, from authority: String, names: String, days: Int = 2) async throws {
        let (key, request, extensions) = (path("\(name).key"), path("\(name).csr"), path("\(name).ext"))
        try await run(
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=\(name)' "
                + "-keyout '\(key)' -out '\(request)' && echo 'subjectAltName=\(names)' > '\(extensions)' && "
                + "openssl x509 -req -in '\(request)' -days \(days) -CA '\(path("\(authority).pem"))' "
                + "-CAkey '\(path("\(authority).key"))' -CAcreateserial -extfile '\(extensions)' "
                + "-out '\(path("\(name).pem"))'")
    }

    private func run(_ line: String) async throws {
        let outcome = try await Program.shell(line)
        guard outcome.status == 0 else { throw Failed(error: outcome.error) }
    }

    struct Failed: Error {
        let error: String
    }
}
