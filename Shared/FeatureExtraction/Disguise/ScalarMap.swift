/// A number for each Unicode scalar, 0 where none was set: two look-ups in pages of 256.
public struct ScalarMap: Sendable {
    @usableFromInline var pageOf: [UInt16]
    @usableFromInline var cells: [UInt32]

    public init() {
        pageOf = [UInt16](repeating: 0, count: 0x110000 >> 8)
        cells = [UInt32](repeating: 0, count: 256)
    }

    /// The number of `scalar`; 0 beyond U+10FFFF. Setting one beyond it does nothing.
    @inlinable
    public subscript(scalar: UInt32) -> UInt32 {
        @inline(__always) get {
            guard scalar < 0x110000 else { return 0 }
            return cells[Int(pageOf[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
        }
        set {
            guard scalar < 0x110000 else { return }
            let page = Int(scalar >> 8)
            if pageOf[page] == 0 {
                pageOf[page] = UInt16(cells.count >> 8)
                cells += [UInt32](repeating: 0, count: 256)
            }
            cells[Int(pageOf[page]) << 8 | Int(scalar & 0xFF)] = newValue
        }
    }

    /// Gives each scalar of `from` the scalar at the same place of `to`.
    mutating func pair(_ from: String, _ to: String) {
        for (source, target) in zip(from.unicodeScalars, to.unicodeScalars) { self[source.value] = target.value }
    }
}
