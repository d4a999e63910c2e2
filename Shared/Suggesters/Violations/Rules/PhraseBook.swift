import FeatureExtraction

/// Everything that rules look for, found in one pass over the letters and one over the sounds.
struct PhraseBook: Sendable {
    /// What an atom is part of.
    enum Role: Sendable, Hashable {
        case phrase(rule: Int)
        case allow(rule: Int)
        /// By its place in ``RuleSet/parts``.
        case part(Int)
    }

    private(set) var roles: [Role] = []
    /// What an atom's findings are read as; empty for numbers, which are read as their digits.
    private(set) var terms: [String] = []
    private var wordings: [Wording] = []
    private var spoken: [SpokenWording] = []
    private var numbers = NumberScanner()
    private var emails: [Int] = []
    private var urls: [Int] = []
    private var letterAutomaton: PhraseAutomaton?
    private var soundAutomaton: PhraseAutomaton?

    var needsSounds: Bool { !spoken.isEmpty }

    mutating func add(_ phrase: Rule.Phrase, seesThroughDisguise: Bool, role: Role) throws(RuleError) {
        let atom = newAtom(role, term: phrase.text)
        var reading = Reading()
        try add(phrase.text, &reading, atom: atom, seesThroughDisguise)
        if let spelt = phrase.reading {
            let hasSounds = spoken.count
            if seesThroughDisguise { addSpoken(reading, atom: atom) }
            DisguiseReader.shared.read(spelt, into: &reading)
            guard reading.letterCount > 0 else { throw .noLetters(spelt) }
            if seesThroughDisguise { addSpoken(reading, atom: atom) }
            if hasSounds == spoken.count {
                var wording = Wording(reading, atom: atom, seesThroughDisguise: seesThroughDisguise)
                wording.isShort = true
                wordings.append(wording)
            }
        } else if seesThroughDisguise {
            addSpoken(reading, atom: atom)
        }
    }

    /// Adds words of a pattern that is spelt from its end, which may be shorter than those that stand alone.
    mutating func addReversed(_ token: RulePattern.Token, role: Role) {
        guard case .words(let phrase) = token else { return }
        let atom = newAtom(role, term: phrase.text)
        var reading = Reading()
        DisguiseReader.shared.read(phrase.text, into: &reading)
        let wording = Wording(reading, atom: atom, seesThroughDisguise: true)
        if let reversed = wording.reversed(fewest: 2) { wordings.append(reversed) }
    }

    mutating func add(_ token: RulePattern.Token, seesThroughDisguise: Bool, role: Role) throws(RuleError) {
        switch token {
        case .words(let phrase): try add(phrase, seesThroughDisguise: seesThroughDisguise, role: role)
        case .number(let number): numbers.add(.init(atom: newAtom(role, term: ""), number: number))
        case .email: emails.append(newAtom(role, term: "<email>"))
        case .url: urls.append(newAtom(role, term: "<url>"))
        }
    }

    /// Makes ready for ``find(in:into:)``.
    mutating func seal() throws(RuleError) {
        letterAutomaton = try PhraseAutomaton(wordings.map(\.classes))
        soundAutomaton = try PhraseAutomaton(spoken.map(\.sounds))
    }

    private mutating func newAtom(_ role: Role, term: String) -> Int {
        roles.append(role)
        terms.append(term)
        return roles.count - 1
    }

    private mutating func add(
        _ text: String, _ reading: inout Reading, atom: Int, _ seesThroughDisguise: Bool
    ) throws(RuleError) {
        DisguiseReader.shared.read(text, into: &reading)
        guard reading.letterCount > 0 else { throw .noLetters(text) }
        var wording = Wording(reading, atom: atom, seesThroughDisguise: seesThroughDisguise)
        if case .phrase = roles[atom] { wording.isShort = wording.isKana && wording.length <= Wording.mostShort }
        guard wording.letters.count <= Wording.mostLetters else {
            throw .tooLong(text, letters: wording.letters.count, limit: Wording.mostLetters)
        }
        wordings += wording.repeated
        let fewest = wording.isLatin ? 5 : wording.isKana ? Wording.mostShort + 1 : 3
        if let reversed = wording.reversed(fewest: fewest) { wordings.append(reversed) }
    }

    private mutating func addSpoken(_ reading: Reading, atom: Int) {
        guard let wording = SpokenWording(reading, atom: atom) else { return }
        spoken.append(wording)
        if let unmarked = wording.unmarked { spoken.append(unmarked) }
    }

    /// Appends what the reading says, in the order of the last letter within letters, sounds, numbers and addresses.
    func find(in reading: Reading, into findings: inout [Finding]) {
        reading.letters.withUnsafeBufferPointer { letters in
            findWords(in: letters) { findings.append($0) }
            if let automaton = soundAutomaton {
                reading.sounds.withUnsafeBufferPointer { sounds in
                    findSpoken(automaton, in: sounds, letters) { findings.append($0) }
                }
            }
            numbers.scan(letters, into: &findings)
            if !emails.isEmpty || !urls.isEmpty { findAddresses(in: reading, letters, into: &findings) }
            if reading.hasAsides { findAroundAsides(reading, into: &findings) }
        }
    }

    @inline(__always)
    private func findWords(in letters: UnsafeBufferPointer<Reading.Letter>, _ body: (Finding) -> Void) {
        guard let automaton = letterAutomaton else { return }
        let classes = LookAlikes.classes
        wordings.withUnsafeBufferPointer { wordings in
            var state: UInt32 = 0
            for place in 0..<max(letters.count - 1, 0) {
                let image = classes[letters[place].scalar]
                state = automaton.next(state, image == 0 ? letters[place].scalar : image)
                if state == 0 { continue }
                automaton.forEachEnding(state) { index in
                    let first = place + 1 - wordings[index].letters.count
                    if let finding = wordings[index].match(letters, at: first) { body(finding) }
                }
            }
        }
    }

    @inline(__always)
    private func findSpoken(
        _ automaton: PhraseAutomaton, in sounds: UnsafeBufferPointer<Reading.Sound>,
        _ letters: UnsafeBufferPointer<Reading.Letter>, _ body: (Finding) -> Void
    ) {
        spoken.withUnsafeBufferPointer { spoken in
            var state: UInt32 = 0
            for place in 0..<sounds.count {
                state = automaton.next(state, sounds[place].scalar)
                if state == 0 { continue }
                automaton.forEachEnding(state) { index in
                    if let finding = spoken[index].match(sounds, endingAt: place + 1, letters) { body(finding) }
                }
            }
        }
    }

    /// Words that a short remark in brackets was put into.
    private func findAroundAsides(_ reading: Reading, into findings: inout [Finding]) {
        var rest: [Reading.Letter] = []
        var places: [Int] = []
        reading.withoutAsides(into: &rest, places: &places)
        rest.withUnsafeBufferPointer { rest in
            findWords(in: rest) { finding in
                let first = places[finding.letters.lowerBound]
                let end = places[finding.letters.upperBound - 1] + 1
                guard end - first > finding.letters.count else { return }
                var wide = finding
                wide.letters = first..<end
                wide.isDisguised = true
                findings.append(wide)
            }
        }
    }

    private func findAddresses(
        in reading: Reading, _ letters: UnsafeBufferPointer<Reading.Letter>, into findings: inout [Finding]
    ) {
        var place = 0
        reading.forEachAddress { kind, source in
            while place + 1 < letters.count, letters[place].start < source.lowerBound { place += 1 }
            let first = place
            while place + 1 < letters.count, letters[place].end <= source.upperBound { place += 1 }
            guard place > first else { return }
            for atom in kind == .email ? emails : urls {
                findings.append(
                    Finding(
                        atom: atom, letters: first..<place, start: source.lowerBound, end: source.upperBound,
                        isDisguised: false))
            }
        }
    }
}

extension DisguiseReader {
    static let shared = DisguiseReader()
}
