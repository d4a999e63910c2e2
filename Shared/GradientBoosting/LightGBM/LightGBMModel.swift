/// A model that LightGBM saved as text (`Booster.save_model`), version 3 or 4.
///
/// Predictions are LightGBM's raw scores: for binary models log-odds. Feature values are rounded to `Float`; apart from
/// that every row takes the paths that LightGBM sends it.
public struct LightGBMModel: Sendable {
    public let featureNames: [String]
    public let trees: [DecisionTree]

    public var featureCount: Int { featureNames.count }

    /// - Throws: ``LightGBMModelError`` for text that is not such a model, or that asks for what is not supported:
    ///   several classes, linear trees, categories above ``TreeEnsemble/largestCategory``.
    public init(_ text: [UInt8]) throws(LightGBMModelError) {
        var lines = LightGBMLines(text)
        guard lines.next()?.text == "tree" else { throw .notAModel }
        let header = try lines.fields(until: "Tree=")
        guard let names = header["feature_names"] else { throw .missing(field: "feature_names", line: 1) }
        featureNames = names.text.split(separator: " ").map(String.init)
        guard let largest = header["max_feature_idx"]?.whole, largest + 1 == featureNames.count else {
            throw .missing(field: "max_feature_idx", line: 1)
        }
        for field in ["num_class", "num_tree_per_iteration"] where header[field]?.whole != 1 {
            throw .unsupported("\(header[field]?.text ?? "no") \(field); train one model a class")
        }
        var trees: [DecisionTree] = []
        while let start = lines.peek(), start.text.hasPrefix("Tree=") {
            _ = lines.next()
            let fields = try lines.fields(until: "Tree=", "end of trees")
            trees.append(try LightGBMTree(fields, line: start.number, features: featureNames.count).tree())
        }
        guard lines.next()?.text == "end of trees" else { throw .truncated(line: lines.number) }
        // Random forests are averaged.
        let share = header["average_output"] == nil ? 1 : 1 / Double(max(1, trees.count))
        self.trees = share == 1 ? trees : trees.map { $0.scaled(by: share) }
    }

    /// The block of bytes that ``TreeEnsemble`` reads.
    /// - Throws: ``TreeEnsembleError`` for nodes that do not form trees, or values out of range.
    public func serialized() throws(TreeEnsembleError) -> [UInt8] {
        var builder = try TreeEnsembleBuilder(featureCount: featureCount, baseScore: 0)
        for tree in trees { try builder.append(.branching(tree)) }
        return builder.serialized()
    }
}

/// Why a text is no LightGBM model that can be evaluated here.
public enum LightGBMModelError: Error, Equatable, CustomStringConvertible {
    case notAModel
    case truncated(line: Int)
    case missing(field: String, line: Int)
    case malformed(field: String, line: Int)
    case unsupported(String)

    public var description: String {
        switch self {
        case .notAModel: "the first line is not \"tree\"; give a file that LightGBM's save_model wrote"
        case .truncated(let line): "line \(line): the trees end without \"end of trees\"; save the model again"
        case .missing(let field, let line): "line \(line): \(field) is missing or not as expected; save the model again"
        case .malformed(let field, let line): "line \(line): \(field) does not hold what it must; save the model again"
        case .unsupported(let what): "the model has \(what)"
        }
    }
}
