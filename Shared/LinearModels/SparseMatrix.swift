/// Rows of sparse features, stored one behind the other (compressed sparse rows).
public struct SparseMatrix: Sendable {
    /// Number of columns: one more than the largest index allowed.
    public let columnCount: Int
    /// `rowStarts[i]..<rowStarts[i + 1]` are row `i`'s entries.
    public private(set) var rowStarts: [Int] = [0]
    public private(set) var columns: [UInt32] = []
    public private(set) var values: [Float] = []

    public var rowCount: Int { rowStarts.count - 1 }

    public init(columnCount: Int) {
        self.columnCount = columnCount
    }

    /// Appends one row; `columns` are below ``columnCount`` and distinct.
    public mutating func append(columns: some Collection<UInt32>, values: some Collection<Float>) {
        precondition(columns.count == values.count && columns.allSatisfy { $0 < columnCount })
        self.columns += columns
        self.values += values
        rowStarts.append(self.columns.count)
    }

    /// The rows at `indices`, in that order.
    public func rows(_ indices: some Sequence<Int>) -> SparseMatrix {
        var chosen = SparseMatrix(columnCount: columnCount)
        for row in indices {
            let range = rowStarts[row]..<rowStarts[row + 1]
            chosen.columns += columns[range]
            chosen.values += values[range]
            chosen.rowStarts.append(chosen.columns.count)
        }
        return chosen
    }

    /// Rows become columns. Entries of each new row stand in the order of the old rows.
    public func transposed() -> SparseMatrix {
        var result = SparseMatrix(columnCount: rowCount)
        var starts = [Int](repeating: 0, count: columnCount + 1)
        for column in columns { starts[Int(column) + 1] += 1 }
        for column in 0..<columnCount { starts[column + 1] += starts[column] }
        var next = starts
        result.columns = [UInt32](repeating: 0, count: columns.count)
        result.values = [Float](repeating: 0, count: values.count)
        for row in 0..<rowCount {
            for entry in rowStarts[row]..<rowStarts[row + 1] {
                let column = Int(columns[entry])
                result.columns[next[column]] = UInt32(row)
                result.values[next[column]] = values[entry]
                next[column] += 1
            }
        }
        result.rowStarts = starts
        return result
    }

    /// `self * vector` for row `row`, summed in order.
    @inline(__always)
    public func dot(row: Int, _ vector: UnsafePointer<Double>) -> Double {
        var sum = 0.0
        for entry in rowStarts[row]..<rowStarts[row + 1] {
            sum += Double(values[entry]) * vector[Int(columns[entry])]
        }
        return sum
    }
}
