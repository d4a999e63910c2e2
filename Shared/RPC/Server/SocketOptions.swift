import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension NIOBSDSocket.Option {
    /// Seconds of silence before TCP asks whether the peer is there.
    static var keepAliveIdle: NIOBSDSocket.Option {
        #if canImport(Darwin)
            NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPALIVE))
        #else
            NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPIDLE))
        #endif
    }

    /// Seconds between two such questions.
    static var keepAliveInterval: NIOBSDSocket.Option { NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPINTVL)) }

    #if os(Linux)
        /// Milliseconds that sent bytes may go without acknowledgement.
        static var userTimeout: NIOBSDSocket.Option { NIOBSDSocket.Option(rawValue: CInt(TCP_USER_TIMEOUT)) }
    #endif
}
