import GradientBoosting

/// Why trees could not be trained. The description names the place and the remedy.
public enum GradientBoostingError: Error, Equatable, CustomStringConvertible {
    case invalidOption(name: String, value: String, allowed: String)
    case noRows
    case noFeatures
    case lengthMismatch(what: String, expected: Int, found: Int)
    case tooManyRows(Int)
    case invalidLabel(row: Int, value: Double)
    case invalidWeight(row: Int, value: Double)
    case noWeight
    case invalidCategory(feature: Int, row: Int, value: Float)
    case validationDiffers(String)
    case startDiffers
    case unusableTree(TreeEnsembleError)

    public var description: String {
        switch self {
        case .invalidOption(let name, let value, let allowed): "option \(name) is \(value); it must be \(allowed)"
        case .noRows: "no rows to train on; give at least one"
        case .noFeatures: "no features to train on; give at least one column"
        case .lengthMismatch(let what, let expected, let found):
            "\(found) \(what) where the rows and columns imply \(expected); make them equal"
        case .tooManyRows(let count): "\(count) rows; train on at most \(TreeDataset.largestRowCount)"
        case .invalidLabel(let row, let value):
            "label \(value) of row \(row) is not a number up to \(TreeDataset.largestMagnitude) in magnitude; drop the row or correct it"
        case .invalidWeight(let row, let value):
            "weight \(value) of row \(row) is not a number from 0 to \(TreeDataset.largestMagnitude); drop the row or correct it"
        case .noWeight: "all weights are 0; give at least one row a positive weight"
        case .invalidCategory(let feature, let row, let value):
            "value \(value) of categorical feature \(feature), row \(row), is not a whole number from 0 to "
                + "\(TreeEnsemble.largestCategory); use NaN for a missing one"
        case .validationDiffers(let what): "the validation set differs from the training set in its \(what)"
        case .startDiffers:
            "the trees to go on from have other features or another shape; use the options they were grown with"
        case .unusableTree(let error): "training made a tree that cannot be evaluated (\(error)); scale the labels down"
        }
    }
}
