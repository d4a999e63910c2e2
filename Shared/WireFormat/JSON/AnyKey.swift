/// A key by its text.
struct AnyKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringLiteral: stringValue) }
    init?(intValue: Int) { nil }
}

extension Encoder {
    /// Writes what every response ends with.
    func encode(modelVersion: String, requestID: String) throws {
        var fields = container(keyedBy: AnyKey.self)
        try fields.encode(modelVersion, forKey: "model_version")
        try fields.encode(requestID, forKey: "request_id")
    }
}
