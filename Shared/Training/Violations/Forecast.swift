import Foundation

/// What a share found on some examples says of the share among new ones: a share that just reaches a target on old
/// examples falls short of it on every other new sample.
///
/// With Jeffreys' prior, how many of m new examples are wrong is distributed beta-binomially.
struct Forecast: Sendable {
    /// The chance with which a target is to be reached.
    var confidence: Double
    /// New examples for each old one.
    var newShare: Double

    /// Whether new examples are likely enough to reach `target`, where `right` of `count` old ones were right.
    func reaches(_ target: Double, right: Int, of count: Int) -> Bool {
        guard Double(right) >= target * Double(count) else { return false }
        let drawn = Int((newShare * Double(count)).rounded())
        guard drawn > 0 else { return false }
        // What rounding takes from a target such as 0.99 costs no example.
        let allowed = Int(((1 - target) * Double(drawn) + 1e-9).rounded(.down))
        return Self.chance(ofAtMost: allowed, of: drawn, wrong: count - right, count: count) >= confidence
    }

    /// The chance that at most `allowed` of `drawn` new examples are wrong, where `wrong` of `count` old ones were.
    static func chance(ofAtMost allowed: Int, of drawn: Int, wrong: Int, count: Int) -> Double {
        let (a, b) = (Double(wrong) + 0.5, Double(count - wrong) + 0.5)
        let all = Double(drawn)
        var term = lgamma(all + b) + lgamma(a + b) - lgamma(b) - lgamma(all + a + b)
        var sum = exp(term)
        for step in 0..<max(0, min(allowed, drawn)) {
            let k = Double(step)
            term += log((all - k) / (k + 1) * (k + a) / (all - k - 1 + b))
            sum += exp(term)
        }
        return min(sum, 1)
    }
}
