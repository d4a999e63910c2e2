import Parallel

/// The gradient and hessian of every row, as numbers and as the whole numbers that histograms sum.
///
/// The whole numbers are as large as the sum over all rows allows, so rounding them to the nearest moves a split's
/// score by far less than the choice of bins does (compare Shi et al., 2022, who get by with a few bits).
final class RowGradients {
    /// Rows to a piece of work.
    static let block = 8_192
    private static let largest = Double(1 << 24)

    let gradients: NumberBuffer<Float>
    /// Nil where every row's is 1.
    let hessians: NumberBuffer<Float>?
    /// Gradient in the upper half, hessian in the lower.
    let packed: NumberBuffer<Int64>
    private(set) var gradientUnit = 1.0
    private(set) var hessianUnit = 1.0
    private let forkJoin: ForkJoin

    init(_ rowCount: Int, hasHessians: Bool, _ forkJoin: ForkJoin) {
        gradients = NumberBuffer(rowCount, repeating: 0)
        hessians = hasHessians ? NumberBuffer(rowCount, repeating: 0) : nil
        packed = NumberBuffer(rowCount, repeating: 0)
        self.forkJoin = forkJoin
    }

    /// Sets each row's gradient and hessian, `rows` in pieces.
    func fill(_ piece: (Range<Int>) -> Void) {
        forkJoin.run(blocks) { piece(range($0)) }
        pack()
    }

    private var blocks: Int { (gradients.count + Self.block - 1) / Self.block }

    private func range(_ block: Int) -> Range<Int> {
        block * Self.block..<min((block + 1) * Self.block, gradients.count)
    }

    /// Makes a row count `factor` times.
    func scale(_ row: Int, by factor: Float) {
        gradients.base[row] *= factor
        hessians?.base[row] *= factor
    }

    /// Sets the whole numbers from the others.
    func pack() {
        let count = gradients.count
        // Signed 32 bits hold the sum of gradients, unsigned 32 that of hessians.
        let (gradients, packed) = (gradients.base, packed.base)
        let scale = Self.scale(largest(gradients), count, Double(Int32.max))
        gradientUnit = 1 / scale
        guard let hessians = hessians?.base else {
            hessianUnit = 1
            forkJoin.run(blocks) { block in
                for row in range(block) {
                    packed[row] = Int64((Double(gradients[row]) * scale).rounded(.toNearestOrEven)) << 32 | 1
                }
            }
            return
        }
        let hessianScale = Self.scale(largest(hessians), count, Double(UInt32.max))
        hessianUnit = 1 / hessianScale
        forkJoin.run(blocks) { block in
            for row in range(block) {
                let gradient = Int64((Double(gradients[row]) * scale).rounded(.toNearestOrEven))
                packed[row] = gradient << 32 + Int64((Double(hessians[row]) * hessianScale).rounded(.toNearestOrEven))
            }
        }
    }

    /// The power of two that makes numbers up to `largest` as large as `count` of them may be.
    private static func scale(_ largest: Double, _ count: Int, _ most: Double) -> Double {
        guard largest > 0 else { return 1 }
        let each = min(Self.largest, (most / Double(count)).rounded(.down))
        let ratio = each / largest
        return Double(sign: .plus, exponent: ratio.exponent, significand: 1)
    }

    private func largest(_ values: UnsafePointer<Float>) -> Double {
        let parts = forkJoin.map(blocks) { _, block in
            var most: Float = 0
            for row in range(block) { most = max(most, values[row].magnitude) }
            return most
        }
        return Double(parts.max() ?? 0)
    }
}
