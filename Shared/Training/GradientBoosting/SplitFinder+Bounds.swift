extension SplitFinder {
    /// Sets what the values of a split's two sides may be, from their parent's bounds: neither side of a feature with a
    /// direction may cross the middle of the two values (as LightGBM's basic method does).
    func bound(_ left: inout LeafSums, _ right: inout LeafSums, _ split: SplitCandidate) {
        left.extraL2 = 0
        right.extraL2 = 0
        if split.kind == .firstCategories || split.kind == .lastCategories {
            left.extraL2 = options.categoryL2
            right.extraL2 = options.categoryL2
        }
        guard split.kind == .numeric, let direction = options.monotone[split.feature] else { return }
        // A side that no row reaches has no value to keep away from.
        let values = (left.rows > 0 ? value(left) : value(right), right.rows > 0 ? value(right) : value(left))
        let middle = (values.0 + values.1) / 2
        if direction == .ascending {
            (left.upper, right.lower) = (min(left.upper, middle), max(right.lower, middle))
        } else {
            (left.lower, right.upper) = (max(left.lower, middle), min(right.upper, middle))
        }
    }

    private func value(_ leaf: LeafSums) -> Double { leafValue(gradient(leaf.packed), hessian(leaf.packed), leaf) }
}
