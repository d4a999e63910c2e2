/// Which columns of a file fill which fields of a listing, for files that no one here designed:
/// `title=name+model,price=price_jpy,currency:=JPY,category=category_name`.
///
/// Parts are separated by commas. `FIELD=COLUMN` takes a column; `FIELD=A+B` joins columns with a space and skips empty
/// ones; `FIELD:=TEXT` gives every row the same value; `price_unit:=minor` says that prices are whole minor units
/// (cents) instead of amounts in major units. A backslash before `,`, `+`, `=` or a backslash takes it literally.
public struct ColumnMap: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// One column, or several to be joined with a space.
        case columns([String])
        case constant(String)
    }

    public enum PriceUnit: String, Sendable, Hashable, CaseIterable {
        case major, minor
    }

    public var priceUnit = PriceUnit.major
    private var sources: [ListingField: Source] = [:]

    public init() {}

    /// Where `field` comes from, or nil when nothing fills it.
    public subscript(field: ListingField) -> Source? {
        get { sources[field] }
        set { sources[field] = newValue }
    }

    /// Every column that is used, each once, in the order of fields.
    public var columns: [String] {
        var columns: [String] = []
        for field in ListingField.allCases {
            guard case .columns(let names) = sources[field] else { continue }
            for name in names where !columns.contains(name) { columns.append(name) }
        }
        return columns
    }

    /// A map for a file whose columns are named like the fields; columns of other names are left aside.
    /// - Throws: ``ColumnMapError/noKnownColumn(columns:)`` when no column has a field's name.
    public init(fieldNamesIn header: [String]) throws(ColumnMapError) {
        for field in ListingField.allCases where header.contains(field.name) {
            sources[field] = .columns([field.name])
        }
        if sources.isEmpty { throw .noKnownColumn(columns: header) }
    }

    /// A map for JSON Lines whose keys are named like the fields.
    public static let fieldNames: ColumnMap = {
        var map = ColumnMap()
        for field in ListingField.allCases { map[field] = .columns([field.name]) }
        return map
    }()
}
