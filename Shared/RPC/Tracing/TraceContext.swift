/// Where a call stands in a distributed trace: the `traceparent` of W3C Trace Context, level 1.
public struct TraceContext: Sendable, Hashable {
    /// The metadata keys it travels under.
    public static let parentKey = "traceparent"
    public static let stateKey = "tracestate"

    /// The trace that the present task belongs to; clients send it along.
    @TaskLocal public static var current: TraceContext?

    /// 128 bits that are the same for the whole trace, upper half first; not zero.
    public let traceID: (high: UInt64, low: UInt64)
    /// The span that the caller is in; not zero.
    public let spanID: UInt64
    /// Bit 0: the caller records this trace.
    public let flags: UInt8
    /// What tracing vendors add, passed on as it came.
    public let state: String?

    public init(traceID: (high: UInt64, low: UInt64), spanID: UInt64, flags: UInt8 = 0, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.state = state
    }

    /// Reads `version-traceid-spanid-flags`; nil for what the standard says to ignore.
    public init?(parent: String, state: String? = nil) {
        let length = 55
        let bytes = Array(parent.utf8.prefix(length + 1))
        let dash = UInt8(ascii: "-")
        guard bytes.count >= length, [2, 35, 52].allSatisfy({ bytes[$0] == dash }) else { return nil }
        guard let version = Self.hexadecimal(bytes[0..<2]), version != 0xff,
            bytes.count == length || (version > 0 && bytes[length] == dash),
            let high = Self.hexadecimal(bytes[3..<19]), let low = Self.hexadecimal(bytes[19..<35]), high | low != 0,
            let span = Self.hexadecimal(bytes[36..<52]), span != 0, let flags = Self.hexadecimal(bytes[53..<55])
        else { return nil }
        self.init(traceID: (high, low), spanID: span, flags: UInt8(flags), state: state)
    }

    /// The context a request came with, if any.
    public init?(_ metadata: RPCMetadata) {
        guard let parent = metadata[Self.parentKey] else { return nil }
        self.init(parent: parent, state: metadata[Self.stateKey])
    }

    public var isSampled: Bool { flags & 1 == 1 }

    /// The same trace, in a new span.
    public func child() -> TraceContext {
        TraceContext(traceID: traceID, spanID: .random(in: 1 ... .max), flags: flags, state: state)
    }

    /// The trace's id in 32 hexadecimal digits.
    public var traceIDText: String { Self.text(traceID.high) + Self.text(traceID.low) }

    /// The value of `traceparent`.
    public var parent: String {
        "00-\(traceIDText)-\(Self.text(spanID))-\(flags < 16 ? "0" : "")\(String(flags, radix: 16))"
    }

    public static func == (left: TraceContext, right: TraceContext) -> Bool {
        left.traceID == right.traceID && left.spanID == right.spanID && left.flags == right.flags
            && left.state == right.state
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(traceID.low)
        hasher.combine(spanID)
    }

    private static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The number that lower-case digits stand for; the standard takes no capitals.
    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}

extension RPCMetadata {
    /// Says which trace a call belongs to, unless the metadata does already.
    public mutating func add(_ trace: TraceContext) {
        guard self[TraceContext.parentKey] == nil else { return }
        append(trace.parent, forKey: TraceContext.parentKey)
        if let state = trace.state, !state.isEmpty { append(state, forKey: TraceContext.stateKey) }
    }
}
