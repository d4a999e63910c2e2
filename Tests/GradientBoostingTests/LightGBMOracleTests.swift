import Foundation
import GradientBoosting
import Testing
import Training

/// Side by side with LightGBM on the same rows and settings.
@Suite(.needsLightGBM)
struct LightGBMOracleTests {
    @Test(arguments: [GradientBoostingOptions.Objective.squaredError, .quantile(alpha: 0.8)])
    func testLossIsWithinOnePercent(objective: GradientBoostingOptions.Objective) throws {
        var options = GradientBoostingOptions()
        options.objective = objective
        options.maxTrees = 100
        options.maxLeaves = 15
        options.threads = 2
        // Over several draws, since one small table may favour either by a few percent.
        var losses = (ours: 0.0, peer: 0.0)
        for seed: UInt64 in [41, 51, 61, 71] {
            let data = TrainingData.mixed(4000, levels: 100, seed: seed)
            let held = TrainingData.mixed(4000, levels: 100, seed: seed + 1)
            let ensemble = try train(data, options).ensemble()
            let peer = try lightGBM(data, held, options)
            #expect(peer.count == held.rows.count)
            losses.ours += loss(held.rows.map { ensemble.predict($0) }, held, objective)
            losses.peer += loss(peer, held, objective)
        }
        #expect(losses.ours < 1.01 * losses.peer, "ours \(losses.ours / 4), LightGBM \(losses.peer / 4)")
    }

    private func loss(
        _ predictions: [Double], _ data: TrainingData, _ objective: GradientBoostingOptions.Objective
    ) -> Double {
        let losses = zip(predictions, data.labels).map { prediction, label in
            switch objective {
            case .quantile(let alpha): max(alpha * (label - prediction), (alpha - 1) * (label - prediction))
            default: (label - prediction) * (label - prediction)
            }
        }
        let mean = losses.reduce(0, +) / Double(losses.count)
        return objective == .squaredError ? mean.squareRoot() : mean
    }

    private func lightGBM(
        _ data: TrainingData, _ held: TrainingData, _ options: GradientBoostingOptions
    ) throws -> [Double] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightgbm-oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ values: [Float], _ name: String) throws {
            try values.withUnsafeBytes { Data($0) }.write(to: folder.appending(path: name))
        }
        try write(data.rows.flatMap(\.self), "train.f32")
        try write(data.labels.map(Float.init), "labels.f32")
        try write(held.rows.flatMap(\.self), "test.f32")
        var settings: [String: Any] = [
            "kinds": data.kinds.map(\.rawValue), "trees": options.maxTrees, "num_leaves": options.maxLeaves,
            "learning_rate": options.learningRate, "max_bin": options.maxBins,
            "min_data_in_leaf": options.minRowsPerLeaf, "objective": "regression",
        ]
        if case .quantile(let alpha) = options.objective {
            settings["objective"] = "quantile"
            settings["alpha"] = alpha
        }
        try JSONSerialization.data(withJSONObject: settings).write(to: folder.appending(path: "options.json"))
        let files = ["train.f32", "labels.f32", "test.f32", "options.json"].map { folder.appending(path: $0).path() }
        let text = try LightGBMPython.run(script: "lightgbm_oracle.py", files)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Double($0) }
    }
}
