import Listings

/// How the text of one cell becomes a field's value.
enum FieldText {
    /// Reads `text` as `field` and throws what is wrong with it.
    static func check(_ text: String, as field: ListingField, priceUnit: ColumnMap.PriceUnit) throws(RowDefect) {
        let bytes = Array(text.utf8)
        if bytes.contains(0) { throw RowDefect(.nulByte, "it holds a NUL character; remove it") }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        let cell = UnsafeRawBufferPointer(rebasing: copy[..<bytes.count])
        switch field {
        case .condition: _ = try condition(cell)
        case .shippingPayer: _ = try shippingPayer(cell)
        case .category: _ = try category(cell)
        case .currency: _ = try currency(cell)
        case .price: _ = try price(cell, currency: .usd, unit: priceUnit)
        case .listedAt, .soldAt: _ = try time(cell, field: field)
        case .id, .title, .description, .brand, .shippingMethod, .size, .color, .tags, .violation, .seller: break
        }
    }

    static func condition(_ cell: UnsafeRawBufferPointer) throws(RowDefect) -> Condition {
        let cell = trimmingBlanks(cell)
        if cell.count == 1, let rank = Condition(rawValue: Int(cell[0]) - 0x30) { return rank }
        do {
            return try Condition(parsing: String(decoding: cell, as: UTF8.self))
        } catch {
            throw RowDefect(.condition, error.description)
        }
    }

    static func shippingPayer(_ cell: UnsafeRawBufferPointer) throws(RowDefect) -> ShippingPayer {
        let cell = trimmingBlanks(cell)
        if cell.count == 1, cell[0] == 0x31 { return .seller }
        if cell.count == 1, cell[0] == 0x30 { return .buyer }
        do {
            return try ShippingPayer(parsing: String(decoding: cell, as: UTF8.self))
        } catch {
            throw RowDefect(.shippingPayer, error.description)
        }
    }

    static func currency(_ cell: UnsafeRawBufferPointer) throws(RowDefect) -> Currency {
        do {
            return try Currency(String(decoding: trimmingBlanks(cell), as: UTF8.self))
        } catch {
            throw RowDefect(.currency, error.description)
        }
    }

    /// Levels parted by `/`, or the elements of a JSON array.
    static func category(_ cell: UnsafeRawBufferPointer) throws(RowDefect) -> CategoryPath {
        do {
            guard let elements = arrayElements(cell) else {
                return try CategoryPath(parsing: String(decoding: cell, as: UTF8.self))
            }
            return try CategoryPath(levels: elements.map { String(decoding: trimmingBlanks($0), as: UTF8.self) })
        } catch {
            throw RowDefect(.category, error.description)
        }
    }

    /// Tags parted by `|`, or the elements of a JSON array; blanks around a tag and empty tags are dropped.
    static func tags(_ cell: UnsafeRawBufferPointer) -> [String] {
        let parts = arrayElements(cell) ?? split(cell, at: 0x7C)
        return parts.compactMap { part in
            let tag = trimmingBlanks(part)
            return tag.isEmpty ? nil : String(decoding: tag, as: UTF8.self)
        }
    }

    private static func split(_ cell: UnsafeRawBufferPointer, at separator: UInt8) -> [UnsafeRawBufferPointer] {
        cell.split(separator: separator).map { UnsafeRawBufferPointer(rebasing: $0) }
    }

    /// The elements when `cell` came from a JSON array: each ends with a NUL byte, which no other cell can hold.
    private static func arrayElements(_ cell: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer]? {
        guard cell.last == 0 else { return nil }
        return cell.dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { UnsafeRawBufferPointer(rebasing: $0) }
    }

    /// `cell` without leading and trailing spaces and tabs.
    static func trimmingBlanks(_ cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = cell.count
        while start < end, cell[start] == 0x20 || cell[start] == 0x09 { start += 1 }
        while end > start, cell[end - 1] == 0x20 || cell[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: cell[start..<end])
    }
}
