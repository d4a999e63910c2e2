import CTrees
import Parallel

/// Row numbers in an order where every leaf's follow each other, ascending.
final class RowSets {
    let rows: NumberBuffer<UInt32>
    private let spare: NumberBuffer<UInt32>
    private let forkJoin: ForkJoin
    /// Fewer rows than this are not worth several threads.
    private static let fewest = 16_384

    init(_ count: Int, _ forkJoin: ForkJoin) {
        rows = NumberBuffer(count, repeating: 0)
        spare = NumberBuffer(count, repeating: 0)
        self.forkJoin = forkJoin
    }

    /// Moves the rows of `range` whose bin is marked to its front, keeping the order on both sides; returns how many.
    func part(_ range: Range<Int>, _ column: BinnedTable.Column, _ marks: UnsafePointer<UInt8>) -> Int {
        let pieces = range.count < Self.fewest ? 1 : forkJoin.threads
        let size = (range.count + pieces - 1) / pieces
        var lefts = [Int](repeating: 0, count: pieces)
        func piece(_ index: Int) -> Range<Int> {
            min(
                range.upperBound, range.lowerBound + index * size)..<min(
                    range.upperBound, range.lowerBound + (index + 1) * size)
        }
        lefts.withUnsafeMutableBufferPointer { lefts in
            forkJoin.run(pieces) { index in
                let part = piece(index)
                let (rows, spare) = (rows.base + part.lowerBound, spare.base + part.lowerBound)
                lefts[index] =
                    switch column {
                    case .bytes(let bins): la_part_rows(bins, marks, rows, part.count, spare)
                    case .words(let bins): la_part_wide_rows(bins, marks, rows, part.count, spare)
                    }
            }
        }
        // Every piece's left rows are in place, its right ones apart.
        var next = range.lowerBound
        for index in 0..<pieces {
            let start = piece(index).lowerBound
            if next != start { (rows.base + next).update(from: rows.base + start, count: lefts[index]) }
            next += lefts[index]
        }
        let left = next - range.lowerBound
        for index in 0..<pieces {
            let right = piece(index).count - lefts[index]
            (rows.base + next).update(from: spare.base + piece(index).lowerBound, count: right)
            next += right
        }
        return left
    }
}
