/// Where the titles of a category put brand, item, size and colour, and how many hold them.
package struct TitleFieldOrder: Equatable {
    /// Brand, item, size, colour.
    package static let fields = 4

    package var category: UInt64
    /// Mean places: 0 first, 1 last.
    package var places: [Float]
    /// The share of titles that hold each, of the listings that have it.
    package var shares: [Float]

    package init(category: UInt64, places: [Float], shares: [Float]) {
        self.category = category
        self.places = places
        self.shares = shares
    }

    /// What is used where nothing was mined.
    static let usual = TitleFieldOrder(category: 0, places: [0.1, 0.4, 0.8, 0.7], shares: [1, 1, 0.5, 0.5])
}

extension TitleIndex {
    /// The order of a category, by its hash.
    package func fieldOrder(_ category: UInt64) -> TitleFieldOrder? {
        let bytes = sections[Int(TitleIndexSection.fieldOrders.rawValue)]
        var (low, high) = (0, fieldOrderCount)
        while low < high {
            let middle = (low + high) / 2
            let at = middle * Self.fieldOrderBytes
            let found = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            if found == category {
                let numbers = (0..<TitleFieldOrder.fields * 2).map { place in
                    let number = Float(
                        bitPattern: UInt32(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: at + 8 + place * 4, as: UInt32.self)))
                    return number.isFinite ? min(max(number, 0), 1) : 0.5
                }
                return TitleFieldOrder(
                    category: category, places: Array(numbers.prefix(TitleFieldOrder.fields)),
                    shares: Array(numbers.suffix(TitleFieldOrder.fields)))
            }
            if found < category { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
