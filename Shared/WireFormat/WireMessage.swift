import Listings

/// A message's Swift value and its bytes. `arena` is scratch memory: whatever it held before is gone after a call.
public protocol WireMessage: Sendable {
    /// Reads a message. Text is checked against `limits`, and for being UTF-8, before it is copied.
    /// - Throws: ``WireError``, naming the field.
    init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError)

    /// Hands the message's bytes to `body`; they are valid only inside.
    /// - Throws: ``WireError/tooLarge(message:capacity:)``, or ``WireError/outOfRange(field:value:allowed:)``.
    func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result
}

extension WireMessage {
    /// Reads a message with the default limits.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena) throws(WireError) {
        try self.init(decoding: bytes, arena: arena, limits: FieldLimits())
    }

    /// Reads a message from an array.
    public init(
        decoding bytes: [UInt8], arena: WireArena, limits: FieldLimits = FieldLimits()
    ) throws(WireError) {
        // `withUnsafeBytes` would erase the error's type.
        self = try bytes.withUnsafeBytes { bytes in
            Result { () throws(WireError) in try Self(decoding: bytes, arena: arena, limits: limits) }
        }.get()
    }

    /// The message's bytes.
    /// - Throws: as ``withEncoded(arena:_:)``.
    public func encoded(arena: WireArena) throws(WireError) -> [UInt8] {
        try withEncoded(arena: arena) { Array($0) }
    }
}
