import LinearModels
import TestSupport
import Testing

@Suite struct SparseMatrixTests {
    /// A random matrix, sparse and plain.
    static func random(
        rows: Int, columns: Int, density: Double, _ random: inout SeededGenerator
    ) -> (sparse: SparseMatrix, dense: [[Float]]) {
        var sparse = SparseMatrix(columnCount: columns)
        var dense: [[Float]] = []
        for _ in 0..<rows {
            var row = [Float](repeating: 0, count: columns)
            var filled: [UInt32] = []
            for column in (0..<columns).shuffled(using: &random)
            where Double.random(in: 0..<1, using: &random) < density {
                row[column] = Float.random(in: 0.1...2, using: &random)
                filled.append(UInt32(column))
            }
            sparse.append(columns: filled, values: filled.map { row[Int($0)] })
            dense.append(row)
        }
        return (sparse, dense)
    }

    private func plain(_ matrix: SparseMatrix) -> [[Float]] {
        (0..<matrix.rowCount).map { row in
            var values = [Float](repeating: 0, count: matrix.columnCount)
            for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
                values[Int(matrix.columns[entry])] = matrix.values[entry]
            }
            return values
        }
    }

    @Test func operationsDoWhatTheyDoToPlainMatrices() {
        var random = SeededGenerator(61)
        for _ in 0..<100 {
            let (rows, columns) = (Int.random(in: 0...20, using: &random), Int.random(in: 1...15, using: &random))
            let (sparse, dense) = Self.random(rows: rows, columns: columns, density: 0.3, &random)
            #expect(plain(sparse) == dense)

            let transposed = sparse.transposed()
            #expect(transposed.rowCount == columns && transposed.columnCount == rows)
            #expect(plain(transposed) == (0..<columns).map { column in dense.map { $0[column] } })
            for row in 0..<columns {
                let order = transposed.columns[transposed.rowStarts[row]..<transposed.rowStarts[row + 1]]
                #expect(Array(order) == order.sorted(), "entries stand in the order of the old rows")
            }

            let chosen = rows == 0 ? [] : (0..<10).map { _ in Int.random(in: 0..<rows, using: &random) }
            #expect(plain(sparse.rows(chosen)) == chosen.map { dense[$0] })

            let middle = Int.random(in: 0...columns, using: &random)
            let scaled = sparse.scaled(by: [2, 0.5, 0], ofColumnsFrom: [0, middle, columns, columns])
            #expect(
                plain(scaled) == dense.map { row in row.enumerated().map { $0 < middle ? $1 * 2 : $1 * 0.5 } })
        }
    }

    @Test func aMatrixWithoutColumnsHasRowsAllTheSame() {
        var matrix = SparseMatrix(columnCount: 0)
        matrix.append(columns: [], values: [])
        #expect(matrix.rowCount == 1 && matrix.transposed().rowCount == 0 && matrix.transposed().columnCount == 1)
    }
}
