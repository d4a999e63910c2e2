import FeatureExtraction

/// Finds many sequences of scalars at once (Aho and Corasick 1975): two or fewer steps a scalar on average, whatever
/// the text. Edges lie in one hash table, those of the root in an array.
struct PhraseAutomaton: Sendable {
    /// A number for each scalar that a sequence has, from 1.
    private let classes: ScalarMap
    /// From the root, by class.
    private let first: [UInt32]
    /// `state << 12 | class` plus one, 0 for an empty slot; and where it leads.
    private let keys: [UInt32]
    private let targets: [UInt32]
    private let mask: UInt32
    /// The longest other suffix of a state's sequence that is a state.
    private let fallbacks: [UInt32]
    /// The nearest state that ends a sequence: itself or one it falls back to; 0 for none.
    private let endings: [UInt32]
    /// Sequences that end in state s: `outputs[starts[s]..<starts[s + 1]]`.
    private let starts: [UInt32]
    private let outputs: [UInt32]

    static let mostClasses = 4095
    static let mostStates = (1 << 20) - 1

    /// - Throws: ``RuleError/tooMuchWording(limit:)``. Empty sequences match nothing.
    init(_ sequences: [[UInt32]]) throws(RuleError) {
        var classes = ScalarMap()
        var classCount: UInt32 = 0
        var children: [[(class: UInt32, state: UInt32)]] = [[]]
        var edges: [UInt64: UInt32] = [:]
        var ends: [[UInt32]] = [[]]
        for (index, sequence) in sequences.enumerated() where !sequence.isEmpty {
            var state: UInt32 = 0
            for scalar in sequence {
                if classes[scalar] == 0 {
                    classCount += 1
                    guard classCount <= Self.mostClasses else { throw .tooMuchWording(limit: Self.mostClasses) }
                    classes[scalar] = classCount
                }
                let label = classes[scalar]
                let key = UInt64(state) << 12 | UInt64(label)
                if let next = edges[key] {
                    state = next
                } else {
                    let next = UInt32(children.count)
                    guard next < Self.mostStates else { throw .tooMuchWording(limit: Self.mostStates) }
                    edges[key] = next
                    children[Int(state)].append((label, next))
                    children.append([])
                    ends.append([])
                    state = next
                }
            }
            ends[Int(state)].append(UInt32(index))
        }
        var fallbacks = [UInt32](repeating: 0, count: children.count)
        var endings = [UInt32](repeating: 0, count: children.count)
        var queue: [UInt32] = [0]
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            endings[Int(state)] = ends[Int(state)].isEmpty ? endings[Int(fallbacks[Int(state)])] : state
            for (label, child) in children[Int(state)] {
                if state != 0 {
                    var fallback = fallbacks[Int(state)]
                    while fallback != 0, edges[UInt64(fallback) << 12 | UInt64(label)] == nil {
                        fallback = fallbacks[Int(fallback)]
                    }
                    fallbacks[Int(child)] = edges[UInt64(fallback) << 12 | UInt64(label)] ?? 0
                }
                queue.append(child)
            }
        }
        var first = [UInt32](repeating: 0, count: Int(classCount) + 1)
        for (label, child) in children[0] { first[Int(label)] = child }
        var slots = 16
        while slots < edges.count * 2 + 1 { slots *= 2 }
        var keys = [UInt32](repeating: 0, count: slots)
        var targets = keys
        for (state, labels) in children.enumerated().dropFirst() {
            for (label, child) in labels {
                let key = (UInt32(state) << 12 | label) &+ 1
                var slot = Int(Self.hash(key) & UInt32(slots - 1))
                while keys[slot] != 0 { slot = (slot + 1) & (slots - 1) }
                keys[slot] = key
                targets[slot] = child
            }
        }
        var starts: [UInt32] = [0]
        var outputs: [UInt32] = []
        for list in ends {
            outputs += list
            starts.append(UInt32(outputs.count))
        }
        self.classes = classes
        self.first = first
        self.keys = keys
        self.targets = targets
        self.mask = UInt32(slots - 1)
        self.fallbacks = fallbacks
        self.endings = endings
        self.starts = starts
        self.outputs = outputs
    }

    var stateCount: Int { fallbacks.count }

    @inline(__always)
    private static func hash(_ key: UInt32) -> UInt32 {
        let mixed = key &* 0x9E37_79B1
        return mixed ^ mixed >> 15
    }

    /// The state behind `state` and a scalar; 0 is where texts begin.
    @inline(__always)
    func next(_ state: UInt32, _ scalar: UInt32) -> UInt32 {
        let label = classes[scalar]
        if label == 0 { return 0 }
        var state = state
        while state != 0 {
            let key = (state << 12 | label) &+ 1
            var slot = Self.hash(key) & mask
            while keys[Int(slot)] != 0 {
                if keys[Int(slot)] == key { return targets[Int(slot)] }
                slot = (slot &+ 1) & mask
            }
            state = fallbacks[Int(state)]
        }
        return first[Int(label)]
    }

    /// Calls `body` with each sequence that ends in `state`, longest first.
    @inline(__always)
    func forEachEnding(_ state: UInt32, _ body: (Int) -> Void) {
        var state = endings[Int(state)]
        while state != 0 {
            for place in starts[Int(state)]..<starts[Int(state) + 1] { body(Int(outputs[Int(place)])) }
            state = endings[Int(fallbacks[Int(state)])]
        }
    }
}
