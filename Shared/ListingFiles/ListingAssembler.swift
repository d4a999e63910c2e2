import Listings

/// Makes a listing of a row's cells.
struct ListingAssembler {
    private enum Source {
        case nothing
        case cell(Int)
        case joined([Int])
    }

    private let id, title, description, category, brand, condition, shippingPayer, shippingMethod, size, color, tags,
        violation, price, currency, listedAt, soldAt, seller: Source
    private let priceUnit: ColumnMap.PriceUnit
    private let limits: FieldLimits
    private let constants: ConstantCells
    private let allowsMissingID: Bool
    private var categories: [String: CategoryPath] = [:]
    private var lastCurrency: Currency?

    /// - Parameters:
    ///   - index: the cell of a column that `map` uses.
    ///   - cellCount: how many cells a row has; constants are put behind them.
    ///   - allowsMissingID: whether a row whose id is empty gets a hash for an id, as rows without an id column do.
    init(
        map: ColumnMap, limits: FieldLimits, cellCount: Int, allowsMissingID: Bool = false, index: (String) -> Int
    ) {
        self.allowsMissingID = allowsMissingID
        priceUnit = map.priceUnit
        self.limits = limits
        let constants = ConstantCells()
        func source(_ field: ListingField) -> Source {
            switch map[field] {
            case nil: return .nothing
            case .constant(let text): return .cell(cellCount + constants.append(text))
            case .columns(let names):
                let cells = names.map(index)
                return cells.count == 1 ? .cell(cells[0]) : .joined(cells)
            }
        }
        id = source(.id)
        title = source(.title)
        description = source(.description)
        category = source(.category)
        brand = source(.brand)
        condition = source(.condition)
        shippingPayer = source(.shippingPayer)
        shippingMethod = source(.shippingMethod)
        size = source(.size)
        color = source(.color)
        tags = source(.tags)
        violation = source(.violation)
        price = source(.price)
        currency = source(.currency)
        listedAt = source(.listedAt)
        soldAt = source(.soldAt)
        seller = source(.seller)
        self.constants = constants
    }

    /// The listing in `row`, validated. Without an id column the id is a hash of the row's bytes and its line.
    mutating func listing(
        _ row: inout RowFields, record: UnsafeRawBufferPointer, line: Int
    ) throws(RowDefect) -> Listing {
        row.fields.append(contentsOf: constants.cells)
        let currency = try currency(in: &row)
        let content = ListingDraft(
            title: text(title, &row), description: text(description, &row), category: try category(in: &row),
            brand: text(brand, &row), condition: try value(condition, &row, FieldText.condition),
            shippingPayer: try value(shippingPayer, &row, FieldText.shippingPayer),
            shippingMethod: text(shippingMethod, &row), size: text(size, &row), color: text(color, &row),
            tags: cell(tags, &row).map(FieldText.tags) ?? [], currency: currency,
            listedAt: try time(listedAt, .listedAt, &row), seller: text(seller, &row))
        let listing = Listing(
            id: try id(&row, record: record, line: line), content: content, price: try price(currency, &row),
            soldAt: try time(soldAt, .soldAt, &row), violation: text(violation, &row))
        do {
            try listing.validate(limits: limits)
        } catch {
            throw RowDefect(error)
        }
        return listing
    }

    /// The cell, or nil when it is empty or nothing fills the field.
    private func cell(_ source: Source, _ row: inout RowFields) -> UnsafeRawBufferPointer? {
        let cell: UnsafeRawBufferPointer
        switch source {
        case .nothing: return nil
        case .cell(let index): cell = row.fields[index]
        case .joined(let indices): cell = row.joined(indices)
        }
        return cell.isEmpty ? nil : cell
    }

    private func text(_ source: Source, _ row: inout RowFields) -> String? {
        cell(source, &row).map { String(decoding: $0, as: UTF8.self) }
    }

    /// As ``cell(_:_:)``, where a cell of nothing but blanks counts as empty.
    private func value<Value>(
        _ source: Source, _ row: inout RowFields, _ read: (UnsafeRawBufferPointer) throws(RowDefect) -> Value
    ) throws(RowDefect) -> Value? {
        guard let cell = cell(source, &row), !FieldText.trimmingBlanks(cell).isEmpty else { return nil }
        return try read(cell)
    }

    private func time(_ source: Source, _ field: ListingField, _ row: inout RowFields) throws(RowDefect) -> Int64? {
        try value(source, &row) { cell throws(RowDefect) in try FieldText.time(cell, field: field) }
    }

    private func price(_ currency: Currency?, _ row: inout RowFields) throws(RowDefect) -> Money? {
        try value(price, &row) { cell throws(RowDefect) in
            guard let currency else {
                throw RowDefect(
                    .currencyMissing,
                    "a price without a currency; map a column with currency=COLUMN or give currency:=JPY")
            }
            return try FieldText.price(cell, currency: currency, unit: priceUnit)
        }
    }

    private mutating func currency(in row: inout RowFields) throws(RowDefect) -> Currency? {
        let last = lastCurrency
        let found = try value(currency, &row) { cell throws(RowDefect) in
            if let last, last.code.utf8.elementsEqual(cell) { return last }
            return try FieldText.currency(cell)
        }
        if found != nil { lastCurrency = found }
        return found
    }

    /// Categories repeat from row to row, so they are read once each.
    private mutating func category(in row: inout RowFields) throws(RowDefect) -> CategoryPath? {
        guard let cell = cell(category, &row), !FieldText.trimmingBlanks(cell).isEmpty else { return nil }
        let text = String(decoding: cell, as: UTF8.self)
        if let known = categories[text] { return known }
        let path = try FieldText.category(cell)
        if categories.count >= 10_000 { categories.removeAll() }
        categories[text] = path
        return path
    }

    private func id(
        _ row: inout RowFields, record: UnsafeRawBufferPointer, line: Int
    ) throws(RowDefect) -> String {
        if let id = text(id, &row) { return id }
        if case .nothing = id {} else if !allowsMissingID { return "" }
        var hash = StableHash()
        hash.combine(record)
        hash.combine(Int64(line))
        return hash.hexadecimal
    }
}

/// Memory for the constants of a column map, for as long as rows are read.
private final class ConstantCells {
    private(set) var cells: [UnsafeRawBufferPointer] = []

    func append(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        let cell = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        cell.copyBytes(from: bytes)
        cells.append(UnsafeRawBufferPointer(cell))
        return cells.count - 1
    }

    deinit {
        for cell in cells { cell.deallocate() }
    }
}

extension RowDefect {
    init(_ error: ListingError) {
        let kind: RowError.Kind =
            switch error {
            case .unknownCurrency: .currency
            case .priceOutOfRange: .price
            case .unknownCondition: .condition
            case .unknownShippingPayer: .shippingPayer
            case .malformedCategory: .category
            case .missing: .missingField
            case .tooLong: .fieldTooLong
            case .tooMany: .tooManyEntries
            case .soldBeforeListed: .timeOrder
            }
        self.init(kind, error.description)
    }
}
