/// Where a server listens and a client connects.
public enum RPCAddress: Sendable, Hashable {
    /// A TCP port. Port 0 lets the system choose; the bound server says which.
    case tcp(host: String, port: Int)
    /// A Unix domain socket's path.
    case unix(path: String)

    /// Parses `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`; nil when it is none of them.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard !path.isEmpty else { return nil }
            self = .unix(path: String(path))
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        self = .tcp(host: String(host), port: Int(port))
    }
}

extension RPCAddress {
    /// The host of a TCP address.
    public var host: String? {
        if case .tcp(let host, _) = self { host } else { nil }
    }
}

extension RPCAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
