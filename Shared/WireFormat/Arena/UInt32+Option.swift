extension UInt32 {
    /// An option of a request, as messages hold it: 0 for nil.
    /// - Throws: ``WireError/outOfRange(field:value:allowed:)`` for less than 1, or more than fits.
    init(option: Int?, _ field: String) throws(WireError) {
        guard let option else {
            self = 0
            return
        }
        try self.init(option, field, from: 1)
    }

    /// - Throws: ``WireError/outOfRange(field:value:allowed:)`` for less than `least`, or more than fits.
    init(_ value: Int, _ field: String, from least: Int = 0) throws(WireError) {
        let allowed = least...Int(UInt32.max)
        guard allowed.contains(value) else { throw .outOfRange(field: field, value: value, allowed: allowed) }
        self = UInt32(value)
    }

    /// The option's value; nil for 0, which leaves it to the service.
    var option: Int? { self == 0 ? nil : Int(self) }
}
