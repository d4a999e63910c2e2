import Parallel
import Suggesters

/// Learns what turns the scores of all tags into probabilities (stacked generalisation, Wolpert 1992), from scores that
/// were made without the listings they are of.
struct TagHeadLearner: Sendable {
    var options: TagTrainingOptions

    /// Which kind of head suits: label sets, where they are few and next to none was seen only once.
    func kind(for scores: TagScores) -> TagHead.Kind {
        if let kind = options.head { return kind }
        var counts: [[UInt16]: Int] = [:]
        for set in scores.labels {
            counts[set, default: 0] += 1
            if counts.count > options.mostLabelSets { return .relatedTags }
        }
        let rare = counts.values.count { $0 == 1 }
        return rare * 1_000 <= scores.count && scores.tagCount <= TagHead.mostTags ? .labelSets : .relatedTags
    }

    /// - Throws: `TagHeadError`, for more tags than a head may have.
    func fit(_ scores: TagScores, kind: TagHead.Kind) throws -> TagHead {
        switch kind {
        case .labelSets: try fitLabelSets(scores)
        case .relatedTags: try fitRelatedTags(scores)
        }
    }

    private func fitLabelSets(_ scores: TagScores) throws -> TagHead {
        let tags = scores.tagCount
        let sets = Set(scores.labels).sorted { $0.lexicographicallyPrecedes($1) }
        var numbers: [[UInt16]: Int32] = [:]
        for (number, set) in sets.enumerated() { numbers[set] = Int32(number) }
        var rows = LogisticLearner.Rows(width: 2 * tags, values: [])
        rows.values.reserveCapacity(scores.count * 2 * tags)
        for row in 0..<scores.count {
            let own = scores.scores(of: row)
            rows.values += own
            rows.values += own.map(TagHead.squashed)
        }
        let learner = LogisticLearner(cost: options.headCost, threads: options.threads)
        // A softmax of one class is no regression: a head for one set answers with it, whatever the scores.
        let weights =
            sets.count > 1
            ? learner.fit(rows, labels: scores.labels.map { numbers[$0] ?? 0 }, classes: sets.count)
            : [Double](repeating: 0, count: 2 * tags + 1)
        let links = sets.flatMap { set in (0..<UInt16(tags)).map { UInt32(set.contains($0) ? 1 : 0) } }
        return try TagHead(
            kind: .labelSets, tagCount: tags, breadth: sets.count, links: links, weights: weights.map { Float($0) })
    }

    private func fitRelatedTags(_ scores: TagScores) throws -> TagHead {
        let tags = scores.tagCount
        let breadth = max(1, min(options.relatedTags, tags - 1))
        let related = related(scores, breadth: breadth)
        let squashed = scores.values.map(TagHead.squashed)
        // What related tags say has to earn its place: few listings of a rare tag would make a rule of any chance.
        let scales = [Float](repeating: 1, count: 2) + [Float](repeating: options.relatedScale, count: 3 * breadth)
        let parts = ForkJoin(threads: options.threads).map(tags) { _, tag -> [Double] in
            let others = related[tag]
            let width = 2 + 3 * breadth
            var rows = LogisticLearner.Rows(width: width, values: [Float](repeating: 0, count: scores.count * width))
            for row in 0..<scores.count {
                let (base, start) = (row * tags, row * width)
                rows.values[start] = scores.values[base + tag]
                rows.values[start + 1] = squashed[base + tag]
                for (position, other) in others.enumerated() where other < tags {
                    rows.values[start + 2 + position] = scores.values[base + other]
                    rows.values[start + 2 + breadth + position] = squashed[base + other]
                    rows.values[start + 2 + 2 * breadth + position] = squashed[base + other] * squashed[base + tag]
                }
            }
            let labels = scores.labels.map { Int32($0.contains(UInt16(tag)) ? 1 : 0) }
            return LogisticLearner(cost: options.relatedCost, scales: scales).fit(rows, labels: labels, classes: 1)
        }
        return try TagHead(
            kind: .relatedTags, tagCount: tags, breadth: breadth, links: related.flatMap { $0.map { UInt32($0) } },
            weights: parts.flatMap { $0.map { Float($0) } })
    }

    /// For each tag the `breadth` others whose presence tells most of its own (by the size of the phi coefficient);
    /// the number of tags stands for none.
    private func related(_ scores: TagScores, breadth: Int) -> [[Int]] {
        let tags = scores.tagCount
        var counts = [Int](repeating: 0, count: tags)
        var together = [Int32](repeating: 0, count: tags * tags)
        for set in scores.labels {
            for tag in set {
                counts[Int(tag)] += 1
                for other in set { together[Int(tag) * tags + Int(other)] += 1 }
            }
        }
        let count = Double(max(scores.count, 1))
        return (0..<tags).map { tag in
            let own = Double(counts[tag]) / count
            let strengths = (0..<tags).filter { $0 != tag }.map { other -> (strength: Double, tag: Int) in
                let theirs = Double(counts[other]) / count
                let covariance = Double(together[tag * tags + other]) / count - own * theirs
                let scale = (own * (1 - own) * theirs * (1 - theirs)).squareRoot()
                return (scale > 0 ? abs(covariance) / scale : 0, other)
            }
            let chosen = strengths.sorted { ($1.strength, $0.tag) < ($0.strength, $1.tag) }.prefix(breadth).map(\.tag)
            return chosen + [Int](repeating: tags, count: breadth - chosen.count)
        }
    }
}
