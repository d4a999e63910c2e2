import FeatureExtraction
import Glibc

/// Finds the values that a draft's text speaks for, and what speaks for each.
package struct CandidateFinder {
    /// The classifier's likeliest values that are candidates though no word names them.
    static let classified = 8
    /// Candidates in all, at the most: those with the surest names first.
    static let mostCandidates = 48

    package private(set) var candidates: [AttributeCandidate] = []
    private(set) var mentions: [Mention] = []
    /// Values that patterns found and no training listing had; they are numbered behind the dictionary's.
    package private(set) var openValues: [(name: String, inTitle: Bool, range: Range<Int>)] = []
    private var positions: [Int: Int] = [:]

    package init() {}

    /// Replaces ``candidates`` by those of the draft that was read, in order of value.
    /// - Parameter logProbabilities: the classifier's, by output; empty without one.
    package mutating func find(_ reading: DraftReading, _ head: AttributeHead, logProbabilities: [Float]) {
        candidates.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        mentions.removeAll(keepingCapacity: true)
        let dictionary = head.dictionary
        dictionary.appendMentions(in: reading.title, to: &mentions)
        dictionary.appendMentions(in: reading.description, to: &mentions)
        for index in mentions.indices { add(mention: index, dictionary) }
        openValues.removeAll(keepingCapacity: true)
        addOpen(reading.title, head)
        addOpen(reading.description, head)
        addClassified(head, logProbabilities)
        candidates.sort { $0.value < $1.value }
        addPriors(head, logProbabilities)
        addCategory(reading, dictionary)
        guard candidates.count > Self.mostCandidates else { return }
        let strength = { (c: AttributeCandidate) in
            max(c[.namedInTitle] + c[.namedInDescription], c[.hasHint] - 1) + 0.1 * c[.namePrecision]
                + 0.1 * c[.hintPrecision] + 0.05 * c[.classifier]
        }
        let kept = candidates.indices.sorted {
            (strength(candidates[$0]), -$0) > (strength(candidates[$1]), -$1)
        }
        candidates = kept.prefix(Self.mostCandidates).sorted().map { candidates[$0] }
    }

    private mutating func position(of value: Int) -> Int {
        if let position = positions[value] { return position }
        positions[value] = candidates.count
        candidates.append(
            AttributeCandidate(value: value, signals: [Float](repeating: 0, count: AttributeSignal.count)))
        return candidates.count - 1
    }

    private mutating func add(mention index: Int, _ dictionary: AliasDictionary) {
        let mention = mentions[index]
        let held = Float(dictionary.mentions(of: mention.alias))
        let baseOdds = Float(dictionary.emptyListingCount + 1) / Float(dictionary.listingCount + 1)
        let odds = (held + 1) / (Float(dictionary.emptyMentions(of: mention.alias)) + max(0.05, baseOdds)) * baseOdds
        let fills = min(4, max(-4, Float(log(Double(odds)))))
        dictionary.forEachPosting(of: mention.alias) { posting in
            let isName = posting.kind == .name
            // A name never seen is as likely right as not; other words are as good as their record.
            let agreed = Float(posting.listings)
            let odds =
                isName ? (agreed + 0.5) / (max(0, held - agreed) + 0.5) : (agreed + 0.1) / (max(0, held - agreed) + 1)
            let precision = min(6, max(-6, Float(log(Double(odds)))))
            let at = position(of: posting.value)
            candidates[at].record(mention, at: index, isName: isName, precision: precision)
            if isName, candidates[at].nameCount == 1 || fills > candidates[at][.nameFills] {
                candidates[at][.nameFills] = fills
            }
        }
    }

    private mutating func addOpen(_ part: DraftReading.Part, _ head: AttributeHead) {
        for match in head.patterns.matches(in: part.normalized) {
            let name = String(decoding: match.value, as: UTF8.self)
            let key = FoldedText.folded(name)
            guard key.withUnsafeBytes({ head.dictionary.find($0) }) == nil else { continue }
            let isTitle = part.field == .title
            var open = openValues.firstIndex { $0.name == name }
            if open == nil {
                openValues.append((name, isTitle, match.range))
                open = openValues.count - 1
            }
            let at = position(of: head.dictionary.valueCount + (open ?? 0))
            if isTitle { candidates[at][.namedInTitle] = 1 }
            if !isTitle, candidates[at][.namedInTitle] == 0 { candidates[at][.namedInDescription] = 1 }
            let odds = Float(head.patterns.patterns[match.pattern].logOdds)
            candidates[at][isTitle ? .namePrecision : .descriptionPrecision] = odds
            if !isTitle { candidates[at][.isInDescription] = 1 }
            candidates[at][.nameLength] = Float(log(Double(key.count)))
            candidates[at][.mentionCount] = Float(log1p(exp(Double(candidates[at][.mentionCount]))))
        }
    }

    /// The name of a candidate's value.
    package func name(of value: Int, _ head: AttributeHead) -> String {
        let open = value - head.dictionary.valueCount
        return openValues.indices.contains(open) ? openValues[open].name : head.dictionary.name(of: value)
    }

    private mutating func addClassified(_ head: AttributeHead, _ logProbabilities: [Float]) {
        guard !logProbabilities.isEmpty else { return }
        var best: [Int] = []
        for output in logProbabilities.indices {
            if best.count == Self.classified, logProbabilities[best[best.count - 1]] >= logProbabilities[output] {
                continue
            }
            var place = best.count
            while place > 0, logProbabilities[best[place - 1]] < logProbabilities[output] { place -= 1 }
            best.insert(output, at: place)
            if best.count > Self.classified { best.removeLast() }
        }
        for output in best { _ = position(of: head.outputs[output]) }
    }

    private mutating func addPriors(_ head: AttributeHead, _ logProbabilities: [Float]) {
        for index in candidates.indices {
            let prior = head.dictionary.prior(of: candidates[index].value)
            let isNamed = candidates[index][.namedInTitle] + candidates[index][.namedInDescription] > 0
            candidates[index][isNamed ? .priorNamed : .prior] = Float(log1p(Double(prior)))
            candidates[index][.isUnseen] = prior == 0 ? 1 : 0
            let output = logProbabilities.isEmpty ? nil : head.output(of: candidates[index].value)
            candidates[index].output = output
            if let output {
                let score = max(-12, logProbabilities[output])
                candidates[index][.classifier] = score
                if isNamed { candidates[index][.classifierNamed] = score }
            } else {
                candidates[index][.isUnclassified] = 1
            }
        }
    }

    /// How many more listings of the deepest category that training knows have the value than of all, shrunk towards its
    /// parent's.
    private mutating func addCategory(_ reading: DraftReading, _ dictionary: AliasDictionary) {
        for key in reading.categoryKeys {
            guard let alias = key.withUnsafeBytes({ dictionary.find($0) }) else { return }
            let held = Float(dictionary.mentions(of: alias))
            var shares: [Int: Int] = [:]
            dictionary.forEachPosting(of: alias) { shares[$0.value] = $0.listings }
            for index in candidates.indices {
                let value = candidates[index].value
                // As many as in the whole of the listings; a value that is rare everywhere says nothing by its absence.
                let expected = held * Float(dictionary.prior(of: value)) / Float(max(1, dictionary.listingCount))
                let ratio = Float(exp(Double(candidates[index][.categoryLift])))
                let lift = (Float(shares[value] ?? 0) + 2 * ratio) / (expected + 2)
                candidates[index][.categoryLift] = min(5, max(-5, Float(log(Double(lift)))))
            }
        }
    }
}

extension AttributeCandidate {
    subscript(_ signal: AttributeSignal) -> Float {
        get { signals[signal.rawValue] }
        set { signals[signal.rawValue] = newValue }
    }

    fileprivate mutating func record(_ mention: Mention, at index: Int, isName: Bool, precision: Float) {
        func rise(_ signal: AttributeSignal, if isFirst: Bool) {
            self[signal] = isFirst ? precision : max(self[signal], precision)
        }
        if isName {
            let isFirst = self[.namedInTitle] + self[.namedInDescription] == 0
            if mention.inTitle {
                rise(.namePrecision, if: self[.namedInTitle] == 0)
                self[.namedInTitle] = 1
            } else if self[.namedInTitle] == 0 {
                self[.namedInDescription] = 1
            }
            let flags: [(AttributeSignal, Bool)] = [
                (.nameIsCovered, mention.isCovered), (.nameIsCut, mention.boundary < .script),
                (.nameIsSmall, !mention.isCapitalized),
            ]
            // True where it is true of every mention.
            for (signal, isSo) in flags { self[signal] = isSo && (isFirst || self[signal] == 1) ? 1 : 0 }
            self[.nameLength] = max(self[.nameLength], Float(log(Double(mention.range.count))))
            if mention.inTitle, mention.range.lowerBound == 0 { self[.nameIsFirst] = 1 }
        } else if mention.inTitle {
            if self[.hasHint] == 0 || precision > self[.hintPrecision] {
                self[.secondHintPrecision] = self[.hasHint] == 0 ? 0 : max(0, self[.hintPrecision])
                self[.hintPrecision] = precision
            } else {
                self[.secondHintPrecision] = max(self[.secondHintPrecision], precision)
            }
            self[.hasHint] = 1
        }
        if !mention.inTitle {
            rise(.descriptionPrecision, if: self[.isInDescription] == 0)
            self[.isInDescription] = 1
        }
        self[.mentionCount] = Float(log1p(exp(Double(self[.mentionCount]))))
        // Names ahead of hints; among equals, the first to be read.
        if isName {
            mentions.insert(index, at: nameCount)
            nameCount += 1
        } else if precision > 0 {
            mentions.append(index)
        }
    }
}
