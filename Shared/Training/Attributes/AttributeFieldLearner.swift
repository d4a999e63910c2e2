import FeatureExtraction
import LinearModels
import Listings
import Parallel
import Suggesters

/// Learns all there is of one field: its dictionary, its classifier and the ranker of both.
struct AttributeFieldLearner {
    let options: AttributeTrainingOptions
    let values: AttributeValues
    let drafts: [ListingDraft]
    let rows: TrainingRows
    let featureCount: Int
    /// The fold of each draft.
    let folds: [Int]

    struct Learnt {
        var aliases: [UInt8]
        var classifier: [UInt8]?
        var outputs: [Int]
        var ranker: AttributeRanker
        var patterns: [ValuePattern]
    }

    /// - Parameter filled: positions of the drafts that have a value.
    func learn(_ filled: [Int]) throws -> Learnt {
        // Those with a value too rare to be suggested too: there, none of the candidates may be right.
        let written = drafts.indices.filter { values.attribute.value(in: drafts[$0]) != nil }
        let ranked = evenly(written, options.mostRankedListings)
        let empty = drafts.indices.filter { values.ofListing[$0] < 0 && values.attribute.value(in: drafts[$0]) == nil }
        var examples: [RankerLearner.Example] = []
        for fold in 0..<max(2, options.folds) {
            let unseen = ranked.filter { folds[$0] == fold }
            let seen = filled.filter { folds[$0] != fold }
            guard !seen.isEmpty, !unseen.isEmpty else { continue }
            let parts = try parts(
                evenly(seen, options.mostCrossFittedListings), written: written.filter { folds[$0] != fold },
                empty: evenly(empty, options.mostCrossFittedListings))
            examples += self.examples(unseen, try parts.head(values.attribute))
        }
        var whole = try parts(filled, written: written, empty: empty)
        whole.ranker = RankerLearner().learn(examples)
        return whole
    }

    /// At most `most` of `rows`, from all over them.
    private func evenly(_ rows: [Int], _ most: Int) -> [Int] {
        let count = min(rows.count, max(1, most))
        return (0..<count).map { rows[rows.count * $0 / count] }
    }

    /// The dictionary and classifier that some drafts give.
    private func parts(_ seen: [Int], written: [Int], empty: [Int]) throws -> Learnt {
        let aliases = try AliasDictionaryBuilder(options: options, values: values, drafts: drafts)
            .build(rows: seen, empty: empty)
        let outputs = outputs(seen)
        return Learnt(
            aliases: aliases, classifier: outputs.isEmpty ? nil : classifier(seen, outputs), outputs: outputs,
            ranker: AttributeRanker.blank,
            patterns: PatternLearner(options: options).learn(values, drafts, rows: written))
    }

    /// The values that the classifier tells apart, the most frequent first; none where there are fewer than two.
    private func outputs(_ seen: [Int]) -> [Int] {
        var listings = [Int](repeating: 0, count: values.names.count)
        for row in seen { listings[Int(values.ofListing[row])] += 1 }
        let frequent = listings.indices.filter { listings[$0] >= options.fewestListingsOfClass }
            .sorted { (listings[$0], -$0) > (listings[$1], -$1) }
            .prefix(min(max(0, options.mostClasses), Int(UInt16.max)))
        return frequent.count < 2 ? [] : Array(frequent)
    }

    private func classifier(_ seen: [Int], _ outputs: [Int]) -> [UInt8] {
        var outputOf = [UInt16?](repeating: nil, count: values.names.count)
        for (output, value) in outputs.enumerated() { outputOf[value] = UInt16(output) }
        // Listings of rare values are nobody's: they teach each output what it is not.
        var labelStarts: [UInt32] = [0]
        var labels: [UInt16] = []
        for row in seen {
            if let output = outputOf[Int(values.ofListing[row])] { labels.append(output) }
            labelStarts.append(UInt32(labels.count))
        }
        let problem = OneVersusRestLearner.Problem(
            rows: seen.map { UInt32($0) }, labelStarts: labelStarts, labels: labels, outputCount: outputs.count,
            firstOutput: 0, loss: .init(cost: options.cost))
        return OneVersusRestLearner(maxEpochs: options.maxEpochs, pruning: options.pruning, seed: options.seed)
            .learn(
                [problem], rows: rows, featureCount: featureCount, outputCount: outputs.count,
                threads: options.threads)
    }

    private func examples(_ unseen: [Int], _ head: AttributeHead) -> [RankerLearner.Example] {
        let lanes = ForkJoin(threads: options.threads)
        var workers = (0..<lanes.threads).map { _ in Lane() }
        return workers.withUnsafeMutableBufferPointer { workers in
            nonisolated(unsafe) let workers = workers
            return lanes.map(unseen.count) { lane, index in
                let row = unseen[index]
                let (ids, weights) = rows.row(row)
                workers[lane].reading.read(drafts[row])
                head.logProbabilities(ids: Array(ids), values: Array(weights), into: &workers[lane].scores)
                workers[lane].finder.find(workers[lane].reading, head, logProbabilities: workers[lane].scores)
                let candidates = workers[lane].finder.candidates
                let truth = Int(values.ofListing[row])
                let text = truth < 0 ? values.attribute.value(in: drafts[row]).map(TextNormalizer().normalized) : nil
                let right = candidates.firstIndex { candidate in
                    candidate.value == truth
                        || text != nil && workers[lane].finder.name(of: candidate.value, head) == text
                }
                return RankerLearner.Example(candidates: candidates, right: right)
            }
        }
    }

    private struct Lane {
        var reading = DraftReading()
        var finder = CandidateFinder()
        var scores: [Float] = []
    }
}

extension AttributeFieldLearner.Learnt {
    fileprivate func head(_ attribute: Attribute) throws -> AttributeHead {
        try AttributeHead(
            attribute: attribute, dictionary: AliasDictionary(copying: aliases),
            classifier: classifier.map { try SparseClassifier(copying: $0) }, outputs: outputs, ranker: ranker,
            patterns: patterns)
    }
}
