/// Who may do what on the admin port. `/livez` and `/readyz` are for everyone, since orchestrators ask without a token.
struct AdminAccess: Sendable {
    /// Who may read what may hold names of models, paths and limits.
    enum Reads: String, Sendable { case loopback, open, token }

    enum Verdict: Equatable {
        case allowed
        case denied(reason: String)
    }

    private let token: [UInt8]
    private let needsTokenToRead: Bool

    /// - Parameters:
    ///   - token: empty for none: then nothing can be changed.
    ///   - host: the address of the admin port.
    init(token: String, reads: Reads, host: String) {
        self.token = Array(token.utf8)
        needsTokenToRead =
            switch reads {
            case .open: false
            case .token: true
            case .loopback: !isLoopback(host)
            }
    }

    func verdict(isChange: Bool, isProbe: Bool, authorization: String?) -> Verdict {
        guard isChange || (needsTokenToRead && !isProbe) else { return .allowed }
        guard !token.isEmpty else {
            let what = isChange ? "change anything here" : "read this from another machine"
            return .denied(reason: "start the service with LISTING_ASSIST_ADMIN_TOKEN to \(what)")
        }
        let prefix = "Bearer "
        guard let authorization, authorization.hasPrefix(prefix),
            isToken(Array(authorization.dropFirst(prefix.count).utf8))
        else { return .denied(reason: "send the admin token as Authorization: Bearer") }
        return .allowed
    }

    /// Takes as long for a wrong token as for the right one.
    private func isToken(_ given: [UInt8]) -> Bool {
        var difference = UInt8(given.count == token.count ? 0 : 1)
        for index in token.indices { difference |= token[index] ^ (given.isEmpty ? 0 : given[index % given.count]) }
        return difference == 0
    }
}

/// Whether only this machine reaches an address.
func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
}
