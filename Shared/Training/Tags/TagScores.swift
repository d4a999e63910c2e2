/// The first stage's scores of rows that it had not learnt from, for the second stage to learn from.
struct TagScores {
    let tagCount: Int
    /// Row-major: the score of every tag.
    private(set) var values: [Float] = []
    /// Each row's tags, sorted.
    private(set) var labels: [[UInt16]] = []
    private(set) var lots: [UInt64] = []
    private(set) var isWhole: [Bool] = []

    var count: Int { labels.count }

    init(tagCount: Int) {
        self.tagCount = tagCount
    }

    mutating func append(_ scores: [Float], labels: some Sequence<UInt16>, lot: UInt64, isWhole: Bool) {
        precondition(scores.count == tagCount)
        values += scores
        self.labels.append(Array(labels))
        lots.append(lot)
        self.isWhole.append(isWhole)
    }

    func scores(of row: Int) -> [Float] { Array(values[row * tagCount..<(row + 1) * tagCount]) }

    /// The rows at `indices`, in that order.
    func rows(_ indices: [Int]) -> TagScores {
        var chosen = TagScores(tagCount: tagCount)
        for row in indices {
            chosen.append(scores(of: row), labels: labels[row], lot: lots[row], isWhole: isWhole[row])
        }
        return chosen
    }
}
