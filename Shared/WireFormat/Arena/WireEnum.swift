/// An enum that has a counterpart in the protos, where 0 is unspecified and the others are numbered from 1.
protocol WireEnum: CaseIterable {
    associatedtype Number: RawRepresentable<UInt32>

    /// The value as messages hold it.
    var number: Number { get }
}

extension WireEnum {
    /// - Throws: ``WireError/missing(field:)`` when unspecified, ``WireError/unknownValue(field:value:known:)``.
    init(_ number: Number, _ field: String) throws(WireError) {
        guard number.rawValue != 0 else { throw .missing(field: field) }
        try self.init(listed: number, field)
    }

    /// Reads an element of a repeated field, where unspecified stands for nothing.
    /// - Throws: ``WireError/unknownValue(field:value:known:)``.
    init(listed number: Number, _ field: String) throws(WireError) {
        guard let value = Self.allCases.first(where: { $0.number.rawValue == number.rawValue }) else {
            let value = Int(Int32(truncatingIfNeeded: number.rawValue))
            throw .unknownValue(field: field, value: value, known: 1...Self.allCases.count)
        }
        self = value
    }
}
