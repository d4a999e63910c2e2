import Listings

/// Turns drafts into the hashed features of a detector that reads through disguise: blocks of title and description,
/// each field and block of unit length before it is weighted. Owned by one thread. No dictionary is needed.
public final class ReadingWorker: BucketReader {
    public let features: HashedFeatures
    /// Whether disguised letters are read as what they stand for; only measurements of what that adds turn it off.
    public var readsDisguise: Bool {
        get { hasher.readsDisguise }
        set { hasher.readsDisguise = newValue }
    }

    /// The last draft's features in the order of their ids, each once.
    public var ids: [UInt32] { merged.ids }
    public var values: [Float] { merged.values }

    /// Whether the last draft's title or description says anything.
    public var hasLetters: Bool { title.reading.letterCount + description.reading.letterCount > 0 }

    private let reader = DisguiseReader()
    private let needsSounds: Bool
    private var title = ReadText()
    private var description = ReadText()
    private var hasher = GramHasher()
    /// Of one block, those that occur again too.
    private var hashes: [UInt64] = []
    private var found = DistinctHashes()
    private var row = HashedRow()
    private var merged = MergedRow()

    public init(features: HashedFeatures) {
        self.features = features
        needsSounds = features.spec.blocks.contains { $0.kind == .readSounds }
    }

    /// Computes the features of `draft`.
    public func extract(_ draft: ListingDraft) {
        read(draft)
        row.removeAll()
        for block in features.spec.blocks {
            for text in [title, description] where !text.bytes.isEmpty {
                collect(block.kind, of: text)
                row.append(found, weight: block.weight, features: features)
            }
        }
        merged.merge(row, featureCount: features.featureCount)
    }

    func read(_ draft: ListingDraft) {
        let spec = features.spec
        title.read(draft.title, limit: spec.titleBytes, sounds: needsSounds, reader: reader)
        description.read(draft.description, limit: spec.descriptionBytes, sounds: needsSounds, reader: reader)
    }

    func buckets(of draft: ListingDraft, into buckets: inout [UInt32]) {
        read(draft)
        buckets.removeAll(keepingCapacity: true)
        for block in features.spec.blocks {
            for text in [title, description] where !text.bytes.isEmpty {
                Self.hashes(block.kind, of: text, &hasher, into: &hashes)
                for hash in hashes {
                    buckets.append(UInt32(HashedFeatures.bucket(hash, bits: features.spec.bits)))
                }
            }
        }
        buckets.sort()
        var count = 0
        for bucket in buckets where count == 0 || buckets[count - 1] != bucket {
            buckets[count] = bucket
            count += 1
        }
        buckets.removeSubrange(count...)
    }

    /// Finds the features of a block that training saw. Every label is the hash's own position.
    private func collect(_ kind: TextBlock.Kind, of text: ReadText) {
        Self.hashes(kind, of: text, &hasher, into: &hashes)
        Self.keepSeen(hashes, by: features, into: &found)
    }

    private static func hashes(
        _ kind: TextBlock.Kind, of text: ReadText, _ hasher: inout GramHasher, into hashes: inout [UInt64]
    ) {
        hashes.removeAll(keepingCapacity: true)
        hasher.forEach(kind, of: text) { hash, _, _ in hashes.append(hash) }
    }

    private static func keepSeen(_ hashes: [UInt64], by features: HashedFeatures, into found: inout DistinctHashes) {
        found.removeAll()
        features.forEachSeen(of: hashes) { hash in
            found.insert(hash, OriginLabel(packed: UInt32(truncatingIfNeeded: found.hashes.count)))
        }
    }

    // MARK: Explanations

    /// The letters of a field of the last draft; empty for a field that is not read.
    public func letters(of field: TextSpan.Field) -> ArraySlice<Reading.Letter> {
        switch field {
        case .title: title.reading.letters.dropLast()
        case .description: description.reading.letters.dropLast()
        default: []
        }
    }

    /// Calls `body` with the bytes that were read of a field.
    public func withSource(of field: TextSpan.Field, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        (field == .title ? title : description).bytes.withUnsafeBufferPointer(body)
    }

    /// What each letter of a field of the last draft adds to some scores, features that several letters make shared
    /// alike.
    /// - Parameters:
    ///   - outputs: how many scores.
    ///   - addWeights: adds a feature's weight in each score to `outputs` numbers, and returns whether any is not 0.
    /// - Returns: `outputs` numbers for each of ``letters(of:)``, letter after letter.
    public func contributions(
        to field: TextSpan.Field, outputs: Int, addWeights: (UInt32, UnsafeMutablePointer<Float>) -> Bool
    ) -> [Float] {
        let text = field == .title ? title : description
        let letters = letters(of: field)
        guard !letters.isEmpty, outputs > 0 else { return [] }
        // What begins to count at each letter, and less what ends there: summed up at the end.
        var sums = [Float](repeating: 0, count: (letters.count + 1) * outputs)
        // The letter that each byte of the source belongs to, or the next one.
        var letterAt = [Int32](repeating: Int32(letters.count), count: text.bytes.count + 1)
        for (place, letter) in letters.enumerated().reversed() {
            for byte in Int(letter.start)..<Int(letter.end) { letterAt[byte] = Int32(place) }
        }
        for byte in (0..<text.bytes.count).reversed() where letterAt[byte] == Int32(letters.count) {
            letterAt[byte] = letterAt[byte + 1]
        }
        for block in features.spec.blocks where block.kind != .writtenStatistics && block.kind != .disguiseSigns {
            collect(block.kind, of: text)
            row.removeAll()
            row.append(found, weight: block.weight, features: features)
            var shares = [Float](repeating: 0, count: found.hashes.count * outputs)
            var isTold = [Bool](repeating: false, count: found.hashes.count)
            shares.withUnsafeMutableBufferPointer { shares in
                guard let base = shares.baseAddress else { return }
                for index in row.ids.indices {
                    let position = Int(row.labels[index].packed)
                    guard addWeights(row.ids[index], base + position * outputs) else { continue }
                    isTold[position] = true
                    let scale = row.values[index] / Float(found.counts[position])
                    for output in 0..<outputs { base[position * outputs + output] *= scale }
                }
            }
            hasher.forEach(block.kind, of: text) { hash, start, end in
                guard let position = found.position(of: hash), isTold[position] else { return }
                let first = Int(letterAt[start])
                guard first < letters.count else { return }
                let last = min(letters.count - 1, max(first, Int(letterAt[max(end - 1, start)])))
                let part = 1 / Float(last - first + 1)
                for output in 0..<outputs {
                    let share = shares[position * outputs + output] * part
                    sums[first * outputs + output] += share
                    sums[(last + 1) * outputs + output] -= share
                }
            }
        }
        for place in outputs..<sums.count { sums[place] += sums[place - outputs] }
        sums.removeLast(outputs)
        return sums
    }
}
