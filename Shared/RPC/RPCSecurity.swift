import NIOCore

/// What protects a server's connections, such as TLS.
public protocol RPCServerSecurity: Sendable {
    /// Adds its handlers to a new connection's pipeline, on the connection's event loop. They must let no byte of a peer
    /// through that they do not trust, and close its connection.
    func secure(_ channel: any Channel) throws
}

/// What protects a client's connections, such as TLS.
public protocol RPCClientSecurity: Sendable {
    /// Adds its handlers to a new connection's pipeline, on the connection's event loop.
    /// - Parameter host: what the server is called, for the check of its name; nil on a Unix socket.
    func secure(_ channel: any Channel, host: String?) throws
}
