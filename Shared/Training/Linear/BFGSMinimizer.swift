/// Finds the least value of a smooth convex function by the limited-memory BFGS method (Liu and Nocedal 1989) with a
/// backtracking line search.
struct BFGSMinimizer: Sendable {
    /// Pairs of steps that curvature is learnt from.
    var memory = 12
    var maxIterations = 500
    /// Stops when no part of the gradient is larger.
    var tolerance = 1e-5

    /// - Parameter function: the value and the gradient at a point.
    /// - Returns: the point reached from `start`.
    func minimize(from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])) -> [Double] {
        var point = start
        var (value, gradient) = function(point)
        var steps: [(step: [Double], change: [Double], scale: Double)] = []
        for _ in 0..<maxIterations {
            guard gradient.contains(where: { abs($0) > tolerance }) else { break }
            var direction = Self.direction(gradient, steps)
            var slope = Self.dot(direction, gradient)
            if slope >= 0 {
                steps.removeAll()
                direction = gradient.map { -$0 }
                slope = -Self.dot(gradient, gradient)
            }
            var length = steps.isEmpty ? min(1, 1 / Self.dot(gradient, gradient).squareRoot()) : 1
            var next = point
            var found = (value: Double.infinity, gradient: gradient)
            for _ in 0..<40 {
                for index in point.indices { next[index] = point[index] + length * direction[index] }
                found = function(next)
                if found.value <= value + 1e-4 * length * slope { break }
                length /= 2
            }
            guard found.value < value else { break }
            let step = zip(next, point).map { $0 - $1 }
            let change = zip(found.gradient, gradient).map { $0 - $1 }
            let curvature = Self.dot(step, change)
            if curvature > 1e-14 {
                steps.append((step, change, 1 / curvature))
                if steps.count > memory { steps.removeFirst() }
            }
            (point, value, gradient) = (next, found.value, found.gradient)
        }
        return point
    }

    /// The two-loop recursion.
    private static func direction(
        _ gradient: [Double], _ steps: [(step: [Double], change: [Double], scale: Double)]
    ) -> [Double] {
        var result = gradient.map { -$0 }
        guard let last = steps.last else { return result }
        var shares = [Double](repeating: 0, count: steps.count)
        for index in steps.indices.reversed() {
            shares[index] = steps[index].scale * dot(steps[index].step, result)
            for place in result.indices { result[place] -= shares[index] * steps[index].change[place] }
        }
        let scale = 1 / (last.scale * dot(last.change, last.change))
        for place in result.indices { result[place] *= scale }
        for index in steps.indices {
            let share = shares[index] - steps[index].scale * dot(steps[index].change, result)
            for place in result.indices { result[place] += share * steps[index].step[place] }
        }
        return result
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}
