import Foundation
import GradientBoosting
import Testing

/// A LightGBM model that was read in, beside LightGBM.
@Suite(.needsLightGBM)
struct LightGBMModelOracleTests {
    private static func run(_ kind: String, _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightgbm-model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try LightGBMPython.run(script: "lightgbm_model_oracle.py", [folder.path(), kind])
        try body(folder)
    }

    private static func numbers<Number>(_ type: Number.Type, _ url: URL) throws -> [Number] {
        try Data(contentsOf: url).withUnsafeBytes { Array($0.bindMemory(to: Number.self)) }
    }

    @Test(arguments: ["nan", "zero", "none"])
    func scoresAndContributionsAgree(kind: String) throws {
        try Self.run(kind) { folder in
            let model = try LightGBMModel(Array(Data(contentsOf: folder.appending(path: "model.txt"))))
            let ensemble = try TreeEnsemble(copying: model.serialized())
            let rows = try Self.numbers(Float.self, folder.appending(path: "rows.f32"))
            let scores = try Self.numbers(Double.self, folder.appending(path: "scores.f64"))
            var predictions = [Double](repeating: 0, count: scores.count)
            ensemble.predict(rows: rows, count: scores.count, into: &predictions)
            let worst = zip(predictions, scores).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 1
            #expect(worst < 1e-9)
            let peer = try Self.numbers(Double.self, folder.appending(path: "contributions.f64"))
            var contributions = [Double](repeating: 0, count: 8)
            for row in 0..<200 {
                let bias = Array(rows[row * 8..<row * 8 + 8]).withUnsafeBufferPointer {
                    $0.baseAddress.map { ensemble.contributions($0, into: &contributions) } ?? .nan
                }
                for (one, other) in zip(contributions + [bias], peer[row * 9..<row * 9 + 9]) {
                    #expect(abs(one - other) < 1e-9)
                }
            }
        }
    }

    @Test func linearTreesAreRefused() throws {
        try Self.run("linear") { folder in
            let text = try Array(Data(contentsOf: folder.appending(path: "model.txt")))
            #expect {
                try LightGBMModel(text)
            } throws: { "\($0)".contains("linear") }
        }
    }
}

@Suite struct LightGBMModelTests {
    private static let text = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=2
        objective=regression
        feature_names=a b c
        feature_infos=[0:1] none 0:1:2
        tree_sizes=300 300

        Tree=0
        num_leaves=4
        num_cat=1
        split_feature=0 2 1
        split_gain=9 4 1
        threshold=0.30000000000000004 0 -2
        decision_type=10 1 4
        left_child=1 -1 -3
        right_child=2 -2 -4
        leaf_value=1 2 3 4
        leaf_weight=5 5 5 5
        leaf_count=5 5 5 5
        cat_boundaries=0 2
        cat_threshold=5 2
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=1
        num_cat=0
        split_feature=
        split_gain=
        threshold=
        decision_type=
        left_child=
        right_child=
        leaf_value=0.5
        leaf_weight=
        leaf_count=
        is_linear=0
        shrinkage=1


        end of trees

        feature_importances:
        a=1

        """

    @Test func splitsOfEveryKindAreRead() throws {
        let model = try LightGBMModel(Array(Self.text.utf8))
        #expect(model.featureNames == ["a", "b", "c"] && model.trees.count == 2)
        let ensemble = try TreeEnsemble(copying: model.serialized())
        // Categories 0, 2 and 33 go left of the second split; the third takes zeros and missing values for the same.
        for (row, expected) in [
            ([0.25, 0, 0], 1.5), ([0.2, 9, 33], 1.5), ([0.3, 0, 0], 4.5), ([.nan, 9, 2], 1.5), ([0, 0, 1], 2.5),
            ([0, 0, .nan], 2.5),
            ([0, 0, -4], 2.5), ([1, -3, 0], 3.5), ([1, 0, 0], 4.5), ([1, .nan, 0], 4.5), ([1, 1e-36, 0], 4.5),
        ] as [([Float], Double)] {
            #expect(ensemble.predict(row) == expected, "\(row)")
        }
    }

    @Test func damagedTextIsRefused() throws {
        func error(_ text: String) -> LightGBMModelError? {
            do {
                _ = try LightGBMModel(Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(error(Self.text) == nil)
        #expect(error("xml") == .notAModel)
        #expect(
            error(Self.text.replacing("num_class=1", with: "num_class=3"))?.description.contains("3 num_class") == true)
        #expect(error(Self.text.replacing("is_linear=0", with: "is_linear=1")) != nil)
        #expect(error(Self.text.replacing("end of trees", with: ""))?.description.contains("end of trees") == true)
        for (from, to) in [
            ("leaf_value=1 2 3 4", "leaf_value=1 2 3"), ("split_feature=0 2 1", "split_feature=0 2 7"),
            ("threshold=0.30000000000000004 0 -2", "threshold=nan 0 -2"), ("left_child=1 -1 -3", "left_child=1 -1 99"),
            ("cat_boundaries=0 2", "cat_boundaries=0 3"), ("num_cat=1", "num_cat=0"), ("num_leaves=4", "num_leaves=x"),
        ] {
            #expect(error(Self.text.replacing(from, with: to)) != nil, "\(to)")
        }
        // Splits that lead back to each other are refused when laid out.
        let cyclic = try LightGBMModel(Array(Self.text.replacing("left_child=1 -1 -3", with: "left_child=1 0 -3").utf8))
        #expect(throws: TreeEnsembleError.self) { try cyclic.serialized() }
    }
}
