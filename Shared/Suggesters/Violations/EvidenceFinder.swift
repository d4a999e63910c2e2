import FeatureExtraction
import LinearModels
import Listings

/// Finds the parts of a draft's text that speak most for a violation.
struct EvidenceFinder {
    private let reader = DisguiseReader()
    private var reading = Reading()

    /// Letters that add less than this share of the heaviest one end a part.
    private static let leastShare: Float = 0.25
    private static let longestPart = 64
    /// Sums below this are what rounding leaves.
    private static let leastWeight: Float = 1e-4

    private struct Part {
        var field: TextSpan.Field
        var letters: Range<Int>
        var weight: Float
    }

    /// The heaviest parts for each of some outputs of a classifier, each with what it is read as by itself.
    /// - Parameter outputs: the outputs, in order, and what their weights are multiplied by.
    mutating func find(
        in worker: ReadingWorker, classifier: SparseClassifier, outputs: [(output: Int, slope: Float)], limit: Int
    ) -> [[ViolationEvidence]] {
        guard !outputs.isEmpty else { return [] }
        let fields = [TextSpan.Field.title, .description]
        var places = [Int](repeating: -1, count: classifier.outputCount)
        for (place, wanted) in outputs.enumerated() { places[wanted.output] = place }
        let sums = fields.map { field in
            worker.contributions(to: field, outputs: outputs.count) { id, sums in
                var isAny = false
                classifier.forEachWeight(of: id) { output, weight in
                    let place = places[output]
                    guard place >= 0 else { return }
                    sums[place] += weight * outputs[place].slope
                    isAny = true
                }
                return isAny
            }
        }
        return outputs.indices.map { place in
            let own = sums.map { sums in
                stride(from: place, to: sums.count, by: outputs.count).map { sums[$0] }
            }
            let most = own.joined().max() ?? 0
            guard most > Self.leastWeight else { return [] }
            var parts: [Part] = []
            for (field, sums) in zip(fields, own) {
                collect(field, sums, worker.letters(of: field), least: most * Self.leastShare, into: &parts)
            }
            parts.sort {
                ($1.weight, $0.field.rawValue, $0.letters.lowerBound)
                    < ($0.weight, $1.field.rawValue, $1.letters.lowerBound)
            }
            return parts.prefix(limit).compactMap { evidence($0, worker) }
        }
    }

    /// Runs of heavy letters, widened to whole words in Latin letters and digits.
    private func collect(
        _ field: TextSpan.Field, _ sums: [Float], _ letters: ArraySlice<Reading.Letter>, least: Float,
        into parts: inout [Part]
    ) {
        var place = 0
        var free = 0
        while place < sums.count {
            guard sums[place] >= least else {
                place += 1
                continue
            }
            var first = place
            while place < sums.count, sums[place] >= least, place - first < Self.longestPart { place += 1 }
            while first > free, place - first < Self.longestPart, Self.isWithinWord(letters, first) { first -= 1 }
            while place < sums.count, place - first < Self.longestPart, Self.isWithinWord(letters, place) { place += 1 }
            let weight = sums[first..<place].reduce(0, +)
            if weight > 0 { parts.append(Part(field: field, letters: first..<place, weight: weight)) }
            free = place
        }
    }

    /// Whether no word ends before the letter at `place`.
    private static func isWithinWord(_ letters: ArraySlice<Reading.Letter>, _ place: Int) -> Bool {
        let (before, letter) = (letters[letters.startIndex + place - 1], letters[letters.startIndex + place])
        let isLatin = { (script: Reading.Script) in script == .latin || script == .digit }
        return letter.gap.isEmpty && isLatin(before.script) && isLatin(letter.script)
    }

    /// The term is what the part says when it is read alone, so that whoever looks finds it there.
    private mutating func evidence(_ part: Part, _ worker: ReadingWorker) -> ViolationEvidence? {
        let letters = worker.letters(of: part.field)
        let (first, last) = (
            letters[letters.startIndex + part.letters.lowerBound],
            letters[letters.startIndex + part.letters.upperBound - 1]
        )
        let range = Int(first.start)..<Int(last.end)
        worker.withSource(of: part.field) { bytes in
            reader.read(UnsafeBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)]), into: &reading)
        }
        guard reading.letterCount > 0 else { return nil }
        return ViolationEvidence(
            span: TextSpan(field: part.field, start: range.lowerBound, end: range.upperBound),
            term: reading.spelling(of: 0..<reading.letterCount), weight: Double(part.weight), rule: nil)
    }
}
