/// Collects probabilities of tags and what was true, and measures how well they agree.
struct TagMeasures {
    private let tags: [(name: String, threshold: Double)]
    /// The tags from here on are those that no one could suggest.
    private let trained: Int
    /// A column a tag.
    private var outcomes: [[(probability: Double, isTrue: Bool)]]
    private var rows = 0

    init(tags: [(name: String, threshold: Double)], trained: Int = .max) {
        self.tags = tags
        self.trained = trained
        outcomes = Array(repeating: [], count: tags.count)
    }

    /// - Parameter truth: positions of the row's tags.
    mutating func add(_ probabilities: [Double], truth: Set<Int>) {
        for tag in tags.indices { outcomes[tag].append((probabilities[tag], truth.contains(tag))) }
        rows += 1
    }

    var figures: TagEvaluation.Figures {
        let measured = tags.indices.map { measure($0) }
        let present = measured.filter { $0.rows > 0 }
        let mean = { (values: [Double]) in values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
        var (hits, suggested, wanted) = (0, 0, 0)
        for tag in tags.indices {
            for outcome in outcomes[tag] {
                let isSuggested = outcome.probability >= tags[tag].threshold
                hits += isSuggested && outcome.isTrue ? 1 : 0
                suggested += isSuggested ? 1 : 0
                wanted += outcome.isTrue ? 1 : 0
            }
        }
        return TagEvaluation.Figures(
            rows: rows, averagePrecision: mean(present.map(\.averagePrecision)),
            microF1: suggested + wanted > 0 ? 2 * Double(hits) / Double(suggested + wanted) : 0,
            macroF1: mean(present.map(\.f1)), precision: suggested > 0 ? Double(hits) / Double(suggested) : 0,
            recall: wanted > 0 ? Double(hits) / Double(wanted) : 0,
            calibrationError: mean(tags.indices.map { Reliability(outcomes[$0]).expectedError }), tags: measured)
    }

    private func measure(_ tag: Int) -> TagEvaluation.TagFigures {
        let sorted = outcomes[tag].sorted { $0.probability > $1.probability }
        let positives = sorted.count { $0.isTrue }
        let suggested = sorted.prefix { $0.probability >= tags[tag].threshold }
        let hits = suggested.count { $0.isTrue }
        return TagEvaluation.TagFigures(
            tag: tags[tag].name, isTrained: tag < trained, rows: positives,
            averagePrecision: Self.averagePrecision(sorted, positives),
            threshold: tags[tag].threshold,
            precision: suggested.isEmpty ? nil : Double(hits) / Double(suggested.count),
            recall: positives > 0 ? Double(hits) / Double(positives) : nil,
            f1: positives + suggested.count > 0 ? 2 * Double(hits) / Double(positives + suggested.count) : 0)
    }

    /// The area under the steps of the precision-recall curve; rows of equal probability are one step.
    private static func averagePrecision(_ sorted: [(probability: Double, isTrue: Bool)], _ positives: Int) -> Double {
        var (area, hits, before) = (0.0, 0, 0)
        for (index, outcome) in sorted.enumerated() {
            hits += outcome.isTrue ? 1 : 0
            if index + 1 < sorted.count, sorted[index + 1].probability == outcome.probability { continue }
            area += Double(hits - before) * Double(hits) / Double(index + 1)
            before = hits
        }
        return positives > 0 ? area / Double(positives) : 0
    }
}
