import CListingAssistProtos

/// The memory in which messages are read and written, one at a time. Keep one for each worker; every conversion starts
/// by emptying it, and returns values that do not point into it.
///
/// protobuf-c bounds neither the number of elements nor the unknown fields of a message; the capacity does. Memory is
/// backed as it is used, so a large capacity costs nothing until a large message comes.
public final class WireArena {
    /// Eight mebibytes: some 100,000 fields, far past what ``FieldLimits`` lets through.
    public static let defaultCapacity = 8 << 20
    /// What stays backed between messages, in bytes.
    public static let defaultRetained = 64 << 10

    /// The most bytes that one message may take here, all of protobuf-c's bookkeeping included.
    public let capacity: Int

    let arena: OpaquePointer
    private let allocator: UnsafeMutablePointer<ProtobufCAllocator>
    /// The last currency read: a marketplace has one, and looking a code up costs more than comparing three bytes.
    var lastCurrency: CurrencyCode?

    /// - Parameters:
    ///   - capacity: The most bytes that one message may take, bookkeeping included; rounded up to pages.
    ///   - retained: Bytes that stay backed by memory between messages.
    /// - Throws: ``WireError/noMemory(capacity:)`` when the address space cannot be reserved.
    public init(
        capacity: Int = WireArena.defaultCapacity, retained: Int = WireArena.defaultRetained
    ) throws(WireError) {
        guard capacity > 0, retained >= 0, let arena = la_arena_create(capacity, retained) else {
            throw .noMemory(capacity: capacity)
        }
        self.capacity = capacity
        self.arena = arena
        allocator = la_arena_allocator(arena)
    }

    deinit { la_arena_destroy(arena) }

    /// Bytes in use since the last conversion began.
    public var bytesInUse: Int { la_arena_used(arena) }
}

@available(*, unavailable, message: "an arena belongs to one worker")
extension WireArena: Sendable {}

// MARK: - Reading

extension WireArena {
    /// Empties the arena and reads a message into it; valid until the next reset.
    func unpack<Message>(
        _ bytes: UnsafeRawBufferPointer, as name: String,
        _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) ->
            UnsafeMutablePointer<Message>?
    ) throws(WireError) -> UnsafeMutablePointer<Message> {
        la_arena_reset(arena)
        guard bytes.count <= capacity else { throw .tooLarge(message: name, capacity: capacity) }
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        if let message = unpack(allocator, bytes.count, start) { return message }
        throw la_arena_exhausted(arena) ? .tooLarge(message: name, capacity: capacity) : .malformed(message: name)
    }
}

// MARK: - Writing

extension WireArena {
    /// Empties the arena, builds a message in it, packs it and hands the bytes to `body`.
    func pack<Message, Result>(
        as name: String, _ initialize: (UnsafeMutablePointer<Message>?) -> Void,
        _ fill: (inout Message) throws(ArenaFull) -> Void, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        la_arena_reset(arena)
        do throws(ArenaFull) {
            let message = try make(initialize)
            try fill(&message.pointee)
            return try message.withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) { base throws(ArenaFull) in
                let size = protobuf_c_message_get_packed_size(base)
                let packed = try allocate(size)
                protobuf_c_message_pack(base, packed.assumingMemoryBound(to: UInt8.self))
                return body(UnsafeRawBufferPointer(start: packed, count: size))
            }
        } catch {
            throw .tooLarge(message: name, capacity: capacity)
        }
    }

    /// A message in the arena, set to its defaults.
    func make<Message>(
        _ initialize: (UnsafeMutablePointer<Message>?) -> Void
    ) throws(ArenaFull) -> UnsafeMutablePointer<Message> {
        let message = try allocate(MemoryLayout<Message>.size).assumingMemoryBound(to: Message.self)
        initialize(message)
        return message
    }

    /// Room for `count` elements, to be initialised by the caller.
    func array<Element>(of type: Element.Type, _ count: Int) throws(ArenaFull) -> UnsafeMutablePointer<Element> {
        try allocate(count * MemoryLayout<Element>.stride).bindMemory(to: type, capacity: count)
    }

    /// The text's UTF-8, copied into the arena; nothing for a missing text.
    func bytes(_ text: String?) throws(ArenaFull) -> ProtobufCBinaryData {
        guard var text, !text.isEmpty else { return ProtobufCBinaryData(len: 0, data: nil) }
        let count = text.utf8.count
        let copy = try allocate(count)
        text.withUTF8 { UnsafeMutableRawBufferPointer(start: copy, count: count).copyMemory(from: .init($0)) }
        return ProtobufCBinaryData(len: count, data: copy.assumingMemoryBound(to: UInt8.self))
    }

    /// The texts' UTF-8, copied into the arena.
    func bytes(_ texts: [String]) throws(ArenaFull) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
        guard !texts.isEmpty else { return nil }
        let copies = try array(of: ProtobufCBinaryData.self, texts.count)
        for (index, text) in texts.enumerated() { try (copies + index).initialize(to: bytes(text)) }
        return copies
    }

    private func allocate(_ size: Int) throws(ArenaFull) -> UnsafeMutableRawPointer {
        guard let memory = la_arena_alloc(arena, size) else { throw ArenaFull() }
        return memory
    }
}

/// A message being written does not fit.
struct ArenaFull: Error {}
