import CTrees

/// Gauss-Legendre rules over 0 to 1, in parts of eight points.
///
/// A leaf's share of a feature's value is an integral over 0 to 1 of a polynomial: the product, over the other features
/// of its path, of (1 - t) · share of training rows + t · whether the row goes there. A rule of n points is exact up to
/// degree 2n - 1, so one walk down and up a tree with a vector of points gives all features at once.
enum IntegrationRule {
    private static let byParts = (1...TreeEnsemble.mostLevels / 16).map(make)

    /// A rule that is exact for polynomials of `degree`.
    static func parts(degree: Int) -> [la_rule] { byParts[min(byParts.count - 1, max(0, degree) / 16)] }

    private static func make(parts: Int) -> [la_rule] {
        let count = 8 * parts
        var rules = [la_rule](repeating: la_rule(), count: parts)
        for index in 0..<count {
            // Newton's method from the usual first guess.
            var x = cosine(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            for _ in 0..<100 {
                var (value, before) = (1.0, 0.0)
                for order in 1...count {
                    let next = (Double(2 * order - 1) * x * value - Double(order - 1) * before) / Double(order)
                    (before, value) = (value, next)
                }
                slope = Double(count) * (x * value - before) / (x * x - 1)
                let step = value / slope
                x -= step
                if step.magnitude < 1e-16 { break }
            }
            withUnsafeMutableBytes(of: &rules[index / 8]) { bytes in
                let numbers = bytes.bindMemory(to: Double.self)
                numbers[index % 8] = (1 + x) / 2
                numbers[8 + index % 8] = 1 / ((1 - x * x) * slope * slope)
            }
        }
        return rules
    }

    /// By its series, so that the rules have the same bits everywhere.
    private static func cosine(_ angle: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for order in 1...20 {
            term *= -angle * angle / Double((2 * order - 1) * 2 * order)
            sum += term
        }
        return sum
    }
}
