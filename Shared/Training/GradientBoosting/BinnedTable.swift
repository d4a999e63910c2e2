import Parallel

/// The rows of a dataset with every value replaced by its bin, by column: a byte where 256 bins suffice, else two.
final class BinnedTable: @unchecked Sendable {
    // Written only while being made.

    enum Column {
        case bytes(UnsafePointer<UInt8>)
        case words(UnsafePointer<UInt16>)

        @inline(__always)
        subscript(row: Int) -> Int {
            switch self {
            case .bytes(let bins): Int(bins[row])
            case .words(let bins): Int(bins[row])
            }
        }
    }

    /// Rows that cuts are chosen from; more would hardly move them.
    static let sampledRows = 200_000

    let rowCount: Int
    let features: [BinnedFeature]
    let columns: [Column]
    private let buffers: [AnyObject]

    /// Chooses the bins for `dataset`, whose gradients are taken at a constant score.
    static func chooseBins(
        for dataset: TreeDataset, baseScore: Double, _ options: GradientBoostingOptions, _ forkJoin: ForkJoin
    ) -> [BinnedFeature] {
        let rows = dataset.rowCount
        var generator = SamplingGenerator(seed: options.seed)
        let sample = NumberBuffer<UInt32>(min(rows, sampledRows), repeating: 0)
        generator.sample(sample.count, of: rows, into: sample.base)
        let gradients = (0..<sample.count).map { index in
            let row = Int(sample.base[index])
            let gradient = options.objective.gradient(label: dataset.labels[row], score: baseScore)
            let weight = dataset.weights?[row] ?? 1
            return BinningGradient(sum: weight * gradient, weight: weight)
        }
        var features = [BinnedFeature](repeating: .numeric(cuts: []), count: dataset.featureCount)
        features.withUnsafeMutableBufferPointer { features in
            dataset.values.withUnsafeBufferPointer { values in
                forkJoin.run(features.count) { feature in
                    let column = (0..<sample.count).map { values[feature * rows + Int(sample.base[$0])] }
                    switch dataset.kinds[feature] {
                    case .numeric:
                        features[feature] = .numeric(sample: column, gradients: gradients, maxBins: options.maxBins)
                    case .categorical:
                        features[feature] = .categorical(sample: column, maxCategories: options.maxCategories)
                    }
                }
            }
        }
        return features
    }

    init(_ dataset: TreeDataset, features: [BinnedFeature], _ forkJoin: ForkJoin) {
        let rows = dataset.rowCount
        rowCount = rows
        self.features = features
        var columns: [Column] = []
        var buffers: [AnyObject] = []
        for feature in features {
            if feature.binCount <= 256 {
                let buffer = NumberBuffer<UInt8>(rows, repeating: 0)
                columns.append(.bytes(buffer.base))
                buffers.append(buffer)
            } else {
                let buffer = NumberBuffer<UInt16>(rows, repeating: 0)
                columns.append(.words(buffer.base))
                buffers.append(buffer)
            }
        }
        self.columns = columns
        self.buffers = buffers
        dataset.values.withUnsafeBufferPointer { values in
            forkJoin.run(features.count) { feature in
                let column = UnsafeBufferPointer(rebasing: values[feature * rows..<(feature + 1) * rows])
                switch columns[feature] {
                case .bytes(let bins): features[feature].fill(column, into: UnsafeMutablePointer(mutating: bins))
                case .words(let bins): features[feature].fill(column, into: UnsafeMutablePointer(mutating: bins))
                }
            }
        }
        withExtendedLifetime(buffers) {}
    }
}
