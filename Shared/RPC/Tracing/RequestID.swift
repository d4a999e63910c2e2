/// Ids for requests: the caller's own, or made up. They need to be different, not secret.
struct RequestIDGenerator {
    /// The metadata key that a caller's own id travels under.
    static let key = "request-id"
    /// A longer one is not taken over.
    static let longest = 64

    private var state: UInt64 = .random(in: .min ... .max)

    mutating func id(for metadata: RPCMetadata) -> String {
        if let given = metadata[Self.key], !given.isEmpty, given.utf8.count <= Self.longest { return given }
        // SplitMix64 (Steele, Lea, Flood 2014): a system call for each id would cost more than the rest of a short request.
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        // At most 13 digits, which a string keeps without an allocation.
        return String(mixed ^ mixed >> 31, radix: 36)
    }
}
