/// A repeated field of messages, as protobuf-c holds it.
typealias MessageArray<Message> = UnsafeMutablePointer<UnsafeMutablePointer<Message>?>

/// The values of a repeated field of messages.
/// - Throws: what `read` throws for a message.
func values<Message, Value>(
    _ messages: MessageArray<Message>?, count: Int, _ field: String,
    _ read: (Message) throws(WireError) -> Value
) throws(WireError) -> [Value] {
    guard count > 0, let messages else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
        guard let message = messages[index] else { throw .missing(field: field) }
        values.append(try read(message.pointee))
    }
    return values
}

extension WireArena {
    /// A repeated field of messages in the arena, one a value; nothing for no value.
    func make<Message, Value>(
        _ values: [Value], _ initialize: (UnsafeMutablePointer<Message>?) -> Void,
        _ fill: (inout Message, Value) throws(ArenaFull) -> Void
    ) throws(ArenaFull) -> MessageArray<Message>? {
        guard !values.isEmpty else { return nil }
        let messages = try array(of: UnsafeMutablePointer<Message>?.self, values.count)
        for (index, value) in values.enumerated() {
            let message = try make(initialize)
            try fill(&message.pointee, value)
            (messages + index).initialize(to: message)
        }
        return messages
    }
}
