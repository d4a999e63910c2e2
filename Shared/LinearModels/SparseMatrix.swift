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

    /// Takes over arrays that are already in this form.
    public init(columnCount: Int, rowStarts: [Int], columns: [UInt32], values: [Float]) {
        precondition(rowStarts.first == 0 && rowStarts.last == columns.count && columns.count == values.count)
        self.columnCount = columnCount
        self.rowStarts = rowStarts
        self.columns = columns
        self.values = values
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

    /// Each value times the factor of its column's range: `factors[i]` for columns from `starts[i]` on.
    public func scaled(by factors: [Float], ofColumnsFrom starts: [Int]) -> SparseMatrix {
        var perColumn = [Float](repeating: 0, count: columnCount)
        for (index, factor) in factors.enumerated() {
            for column in starts[index]..<starts[index + 1] { perColumn[column] = factor }
        }
        var result = self
        for entry in columns.indices { result.values[entry] *= perColumn[Int(columns[entry])] }
        return result
    }

    /// Calls `body` with the arrays' memory: row starts, columns, values.
    public func withUnsafeEntries<Result>(
        _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        rowStarts.withUnsafeBufferPointer { starts in
            columns.withUnsafeBufferPointer { columns in
                values.withUnsafeBufferPointer { values in body(starts, columns, values) }
            }
        }
    }
}
