extension WireError {
    static func malformedJSON(_ error: DecodingError) -> WireError {
        let (context, remedy) =
            switch error {
            case .typeMismatch(let type, let context): (context, "expected \(name(of: type))")
            case .valueNotFound(let type, let context): (context, "expected \(name(of: type)), not null")
            case .keyNotFound(let key, let context): (context, "\"\(key.stringValue)\" is missing")
            case .dataCorrupted(let context):
                (
                    context,
                    context.underlyingError.map { "\(context.debugDescription) \($0)" } ?? context.debugDescription
                )
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        return .malformedJSON(place: path.isEmpty ? "the top" : path.joined(separator: "."), problem: remedy)
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Int.Type, is Int64.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [String].Type, is [Any].Type: "an array"
        default: "an object"
        }
    }
}
