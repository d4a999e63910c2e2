import NIOCore

/// The bytes of one encoded message, as a handler returns them.
public struct RPCPayload: Sendable {
    public var buffer: ByteBuffer

    public init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    public init(bytes: some Sequence<UInt8>) {
        buffer = ByteBuffer(bytes: bytes)
    }

    /// Copies `bytes`.
    public init(copying bytes: UnsafeRawBufferPointer) {
        buffer = ByteBufferAllocator().buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
    }

    /// Makes room for `capacity` bytes and lets `write` fill it; `write` returns how many bytes it wrote, at most `capacity`.
    public init<Failure: Error>(
        capacity: Int, write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)
        var failure: Failure?
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { space in
            do throws(Failure) {
                return try write(UnsafeMutableRawBufferPointer(rebasing: space.prefix(capacity)))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        self.buffer = buffer
    }

    public var count: Int { buffer.readableBytes }
}
