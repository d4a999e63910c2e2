import NIOCore

/// Finds a handler by the bytes of a request's service and method, without making strings of them.
struct MethodTable: Sendable {
    enum Lookup: Sendable, Hashable {
        case found(Int)
        case unknownMethod
        case unknownService
    }

    private struct Entry: Sendable {
        let service: ByteBuffer
        let method: ByteBuffer
    }

    let registrations: [RPCHandlerRegistration]
    private let entries: [Entry]

    init(_ registrations: [RPCHandlerRegistration]) throws(RPCServerError) {
        var seen: Set<RPCMethod> = []
        for registration in registrations where !seen.insert(registration.method).inserted {
            throw .duplicateMethod(registration.method)
        }
        self.registrations = registrations
        entries = registrations.map {
            Entry(service: ByteBuffer(string: $0.method.service), method: ByteBuffer(string: $0.method.method))
        }
    }

    /// A service has a handful of methods, so a scan beats hashing.
    func find(service: ByteBuffer, method: ByteBuffer) -> Lookup {
        var serviceIsKnown = false
        for (index, entry) in entries.enumerated() where entry.service == service {
            if entry.method == method { return .found(index) }
            serviceIsKnown = true
        }
        return serviceIsKnown ? .unknownMethod : .unknownService
    }
}
