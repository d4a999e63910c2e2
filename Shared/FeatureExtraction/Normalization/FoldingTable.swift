/// Per-scalar images under NFKC and case folding, and canonical composition of a base with one mark
/// (Unicode Standard Annex 15 and chapter 3.13), unpacked once a process.
struct FoldingTable: Sendable {
    static let shared = FoldingTable()

    enum Image: Equatable {
        case same
        case scalar(UInt32)
        /// A slice of ``FoldingTable/pool``; empty for scalars that are ignored.
        case several(Range<Int>)
    }

    /// Page of each 256 scalars; page 0 maps every scalar to itself.
    private var pageOf: [UInt16]
    /// 256 cells a page: 0 for the scalar itself, a scalar, or `severalFlag | offset << 8 | count`.
    private var cells: [UInt32]
    private(set) var pool: [UInt32] = []
    /// Sorted `base << 32 | mark`, and the composite of each.
    private(set) var pairs: [UInt64] = []
    private(set) var composites: [UInt32] = []

    private static let severalFlag: UInt32 = 1 << 31

    init() {
        pageOf = [UInt16](repeating: 0, count: 0x110000 >> 8)
        cells = [UInt32](repeating: 0, count: 256)
        var numbers: [UInt32] = []
        Self.forEachRow(in: Self.foldings) { row in
            Self.readHex(row, into: &numbers)
            if row.contains(UInt8(ascii: "=")) {
                setCell(numbers[0], Self.severalFlag | UInt32(pool.count) << 8 | UInt32(numbers.count - 1))
                pool += numbers.dropFirst()
            } else {
                for step in 0..<numbers[1] {
                    setCell(numbers[0] + step * numbers[2], numbers[3] + step * numbers[2])
                }
            }
        }
        // Tags of plane 14 carry nothing that can be seen.
        for scalar in UInt32(0xE0000)..<0xE1000 { setCell(scalar, Self.severalFlag | UInt32(pool.count) << 8) }
        var rows: [(UInt64, UInt32)] = []
        Self.forEachRow(in: Self.compositions) { row in
            Self.readHex(row, into: &numbers)
            rows.append((UInt64(numbers[0]) << 32 | UInt64(numbers[1]), numbers[2]))
        }
        rows.sort { $0.0 < $1.0 }
        pairs = rows.map(\.0)
        composites = rows.map(\.1)
    }

    @inline(__always)
    func image(of scalar: UInt32) -> Image {
        let cell = cells[Int(pageOf[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
        if cell == 0 { return .same }
        if cell & Self.severalFlag == 0 { return .scalar(cell) }
        let start = Int(cell & ~Self.severalFlag) >> 8
        return .several(start..<start + Int(cell & 0xFF))
    }

    /// The composite of `base` followed by `mark`, if there is one.
    func composite(_ base: UInt32, _ mark: UInt32) -> UInt32? {
        let key = UInt64(base) << 32 | UInt64(mark)
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < pairs.count && pairs[low] == key ? composites[low] : nil
    }

    private mutating func setCell(_ scalar: UInt32, _ value: UInt32) {
        let page = Int(scalar >> 8)
        if pageOf[page] == 0 {
            pageOf[page] = UInt16(cells.count >> 8)
            cells += [UInt32](repeating: 0, count: 256)
        }
        cells[Int(pageOf[page]) << 8 | Int(scalar & 0xFF)] = value
    }

    private static func forEachRow(in text: StaticString, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        text.withUTF8Buffer { bytes in
            for row in bytes.split(separator: UInt8(ascii: ";")) { body(UnsafeBufferPointer(rebasing: row)) }
        }
    }

    private static func readHex(_ row: UnsafeBufferPointer<UInt8>, into numbers: inout [UInt32]) {
        numbers.removeAll(keepingCapacity: true)
        var value: UInt32 = 0
        var hasDigits = false
        for byte in row {
            switch byte {
            case 0x30...0x39: (value, hasDigits) = (value << 4 | UInt32(byte - 0x30), true)
            case 0x61...0x66: (value, hasDigits) = (value << 4 | UInt32(byte - 0x61 + 10), true)
            default:
                if hasDigits { numbers.append(value) }
                (value, hasDigits) = (0, false)
            }
        }
        if hasDigits { numbers.append(value) }
    }
}
