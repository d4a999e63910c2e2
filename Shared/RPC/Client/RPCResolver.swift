import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the addresses of a service's replicas.
public protocol RPCResolver: Sendable {
    /// All addresses, in any order. Throws `RPCStatus` when they cannot be told now.
    func resolve() async throws -> [RPCAddress]
}

/// Addresses that do not change.
public struct RPCFixedAddresses: RPCResolver {
    private let addresses: [RPCAddress]

    public init(_ addresses: [RPCAddress]) {
        self.addresses = addresses
    }

    public func resolve() -> [RPCAddress] { addresses }
}

/// Every address that the system's resolver gives for a name, such as the pods behind a headless Kubernetes service.
public struct RPCHostResolver: RPCResolver {
    private let host: String
    private let port: Int

    public init(host: String, port: Int) {
        (self.host, self.port) = (host, port)
    }

    public func resolve() async throws -> [RPCAddress] {
        // The system's resolver blocks, so it gets threads that no event loop needs. It waits five seconds for an answer
        // that was lost on the way; others are asked for sooner, and the first one counts.
        try await withCheckedThrowingContinuation { continuation in
            let answer = FirstAnswer(continuation)
            for pause in [0, 0.5, 1, 2] {
                DispatchQueue.global().asyncAfter(deadline: .now() + pause) {
                    if answer.isAwaited { answer.come(Result { try lookUp() }) }
                }
            }
        }
    }

    private func lookUp() throws -> [RPCAddress] {
        var hints = addrinfo()
        #if canImport(Glibc) || canImport(Musl)
            hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw RPCStatus(
                .unavailable, "cannot find \(host): \(String(cString: gai_strerror(code))); is the name right?")
        }
        defer { freeaddrinfo(list) }
        var addresses: [RPCAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isRead = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard isRead == 0 else { continue }
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let address = RPCAddress.tcp(host: String(decoding: bytes, as: UTF8.self), port: port)
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }
}

/// The first of several answers to one question.
private final class FirstAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<[RPCAddress], any Error>?>

    init(_ continuation: CheckedContinuation<[RPCAddress], any Error>) {
        self.continuation = Mutex(continuation)
    }

    var isAwaited: Bool { continuation.withLock { $0 != nil } }

    func come(_ answer: Result<[RPCAddress], any Error>) {
        let continuation = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        continuation?.resume(with: answer)
    }
}
