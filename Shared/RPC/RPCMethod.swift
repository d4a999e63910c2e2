/// The name of a method: a service's full name and the method's own, which travel apart in a request.
public struct RPCMethod: Sendable, Hashable {
    public let service: String
    public let method: String

    public init(service: String, method: String) {
        self.service = service
        self.method = method
    }

    /// Parses `service/method`, such as `listing_assist.v1.PriceService/SuggestPrice`; nil unless both parts are there.
    public init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(service: String(parts[0]), method: String(parts[1]))
    }
}

extension RPCMethod: CustomStringConvertible {
    public var description: String { "\(service)/\(method)" }
}
