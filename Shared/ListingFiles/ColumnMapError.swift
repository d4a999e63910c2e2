/// Why a column map cannot be used. The description names the part and lists what may stand there.
public enum ColumnMapError: Error, Equatable, CustomStringConvertible {
    case malformed(String)
    case unknownField(String)
    case duplicateField(String)
    case badConstant(field: String, reason: String)
    case unknownColumn(String, columns: [String])
    case repeatedColumn(String, columns: [String])
    case noKnownColumn(columns: [String])

    public var description: String {
        switch self {
        case .malformed(let part):
            "column map: \"\(part)\" is malformed; write FIELD=COLUMN, FIELD=COLUMN+COLUMN or FIELD:=TEXT, parted by commas"
        case .unknownField(let name):
            "column map: there is no field \"\(name)\"; fields are \(ListingField.nameList), and price_unit"
        case .duplicateField(let name):
            "column map: \"\(name)\" is given twice; keep one"
        case .badConstant(let field, let reason):
            "column map: the constant for \(field) cannot be used: \(reason)"
        case .unknownColumn(let name, let columns):
            "column map: the file has no column \"\(name)\"; its columns are \(columns.joined(separator: ", "))"
        case .repeatedColumn(let name, let columns):
            "column map: the file has more than one column \"\(name)\"; its columns are \(columns.joined(separator: ", "))"
        case .noKnownColumn(let columns):
            "no column is named like a field (\(ListingField.nameList)); map these with FIELD=COLUMN: "
                + columns.joined(separator: ", ")
        }
    }
}
