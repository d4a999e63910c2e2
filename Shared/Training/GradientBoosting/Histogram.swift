/// The gradient and hessian of one row.
struct GradientPair: BitwiseCopyable {
    var gradient: Float
    var hessian: Float
}

/// Sums of gradients and hessians by bin: cell 2b is the gradient of bin b, cell 2b+1 its hessian.
///
/// A feature's sums are always taken by one thread in row order, so they have the same bits at any thread count.
enum Histogram {
    typealias Cells = UnsafeMutablePointer<Double>

    /// Four byte columns at a time, so that each row's number and gradients are read once for all of them.
    static func add(
        _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ c: UnsafePointer<UInt8>, _ d: UnsafePointer<UInt8>,
        _ rows: UnsafePointer<UInt32>, _ pairs: UnsafePointer<GradientPair>, _ count: Int,
        _ cellsA: Cells, _ cellsB: Cells, _ cellsC: Cells, _ cellsD: Cells
    ) {
        var index = 0
        while index < count {
            let row = Int(rows[index])
            let gradient = Double(pairs[index].gradient)
            let hessian = Double(pairs[index].hessian)
            let (binA, binB) = (Int(a[row]) &* 2, Int(b[row]) &* 2)
            let (binC, binD) = (Int(c[row]) &* 2, Int(d[row]) &* 2)
            cellsA[binA] += gradient
            cellsA[binA &+ 1] += hessian
            cellsB[binB] += gradient
            cellsB[binB &+ 1] += hessian
            cellsC[binC] += gradient
            cellsC[binC &+ 1] += hessian
            cellsD[binD] += gradient
            cellsD[binD &+ 1] += hessian
            index &+= 1
        }
    }

    static func add(
        _ column: UnsafePointer<UInt8>, _ rows: UnsafePointer<UInt32>, _ pairs: UnsafePointer<GradientPair>,
        _ count: Int, _ cells: Cells
    ) {
        var index = 0
        while index < count {
            let bin = Int(column[Int(rows[index])]) &* 2
            cells[bin] += Double(pairs[index].gradient)
            cells[bin &+ 1] += Double(pairs[index].hessian)
            index &+= 1
        }
    }

    static func add(
        _ column: UnsafePointer<UInt16>, _ rows: UnsafePointer<UInt32>, _ pairs: UnsafePointer<GradientPair>,
        _ count: Int, _ cells: Cells
    ) {
        var index = 0
        while index < count {
            let bin = Int(column[Int(rows[index])]) &* 2
            cells[bin] += Double(pairs[index].gradient)
            cells[bin &+ 1] += Double(pairs[index].hessian)
            index &+= 1
        }
    }
}
