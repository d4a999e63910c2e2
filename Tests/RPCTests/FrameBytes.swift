import NIOCore
import RPC

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &self) }
    }
}

extension Frame {
    /// The bytes of a frame, its length filled in.
    static func bytes(
        _ type: FrameType, streamID: UInt32, flags: FrameFlags = [], payload: [UInt8] = [], length: UInt32? = nil
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeMultipleIntegers(length ?? UInt32(payload.count), streamID, type.rawValue, flags.rawValue)
        buffer.writeBytes(payload)
        return Array(buffer.readableBytesView)
    }

    /// The bytes of a whole request.
    static func request(
        _ method: RPCMethod, streamID: UInt32, payload: [UInt8] = [], timeout: Int64 = 0, flags: FrameFlags = []
    ) -> [UInt8] {
        let envelope = RequestEnvelope(
            service: ByteBuffer(string: method.service), method: ByteBuffer(string: method.method),
            payload: ByteBuffer(bytes: payload), timeoutNanoseconds: timeout)
        var buffer = ByteBuffer()
        envelope.encode(into: &buffer)
        return bytes(.request, streamID: streamID, flags: flags, payload: Array(buffer.readableBytesView))
    }
}
