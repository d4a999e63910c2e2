import Glibc

/// Turns the scores of all tags, from a linear classifier each, into a probability of each, so that related tags inform
/// one another. Its inputs are every tag's score s and q(s) = 1 / (1 + exp(-3 s)).
///
/// File `tags.head`, little-endian:
///
///     0   magic "LATAGHED"
///     8   u32 layout version (1), u32 kind
///     16  u32 number of tags K (1 to 4,096), u32 breadth B (1 to 4,096)
///     ..  kind 1, label sets, of which there are B: u8 x B x K, 1 where the set holds the tag, zero padded to 4 bytes;
///         then for each set f32 intercept, f32 x K weights of s, f32 x K weights of q
///     ..  kind 2, related tags, of which each tag has B: u32 x K x B, the number of the related tag, K for none;
///         then for each tag f32 intercept, f32 weight of its own s and of its own q, f32 x B weights of the related
///         tags' s, of their q, and of their q times its own
public struct TagHead: Sendable {
    public static let mostTags = 4_096
    static let mostSets = 4_096
    /// Beyond this, the file is no head that a trainer wrote.
    static let mostBytes = 1 << 27

    public enum Kind: UInt32, Sendable {
        /// A softmax over the sets of tags that listings had; a tag is as likely as the sets that hold it together.
        case labelSets = 1
        /// A logistic regression for each tag.
        case relatedTags = 2
    }

    public let kind: Kind
    public let tagCount: Int
    /// Label sets, or related tags of each tag.
    public let breadth: Int
    /// As the file has them: memberships, or related tags.
    let links: [UInt32]
    let weights: [Float]

    static let magic: [UInt8] = Array("LATAGHED".utf8)
    static let headerBytes = 24

    /// - Parameters:
    ///   - links: for label sets 0 or 1 for each set and tag; else the related tags of each tag.
    ///   - weights: as in the file.
    /// - Throws: ``TagHeadError``.
    public init(kind: Kind, tagCount: Int, breadth: Int, links: [UInt32], weights: [Float]) throws(TagHeadError) {
        guard (1...Self.mostTags).contains(tagCount), (1...Self.mostSets).contains(breadth) else {
            throw .outOfRange(tags: tagCount, breadth: breadth)
        }
        guard links.count == tagCount * breadth, weights.count == Self.weightCount(kind, tagCount, breadth) else {
            throw .truncated(bytes: 4 * (links.count + weights.count))
        }
        let most = kind == .labelSets ? 1 : UInt32(tagCount)
        guard weights.allSatisfy(\.isFinite), links.allSatisfy({ $0 <= most }) else { throw .damaged }
        self.kind = kind
        self.tagCount = tagCount
        self.breadth = breadth
        self.links = links
        self.weights = weights
    }

    /// Reads `tags.head`.
    /// - Throws: ``TagHeadError``.
    public init(reading bytes: [UInt8]) throws(TagHeadError) {
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAHead }
        guard bytes.count >= Self.headerBytes else { throw .truncated(bytes: bytes.count) }
        func u32(_ offset: Int) -> UInt32 {
            bytes.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
        }
        guard u32(8) == 1 else { throw .layoutVersion(found: Int(u32(8)), known: 1) }
        let (tags, breadth) = (Int(u32(16)), Int(u32(20)))
        guard let kind = Kind(rawValue: u32(12)) else { throw .damaged }
        guard (1...Self.mostTags).contains(tags), (1...Self.mostSets).contains(breadth) else {
            throw .outOfRange(tags: tags, breadth: breadth)
        }
        let count = Self.weightCount(kind, tags, breadth)
        let start = Self.headerBytes + Self.linkBytes(kind, tags, breadth)
        guard bytes.count == start + 4 * count else { throw .truncated(bytes: bytes.count) }
        let links = (0..<tags * breadth).map { index in
            kind == .labelSets ? UInt32(bytes[Self.headerBytes + index]) : u32(Self.headerBytes + 4 * index)
        }
        let weights = (0..<count).map { Float(bitPattern: u32(start + 4 * $0)) }
        try self.init(kind: kind, tagCount: tags, breadth: breadth, links: links, weights: weights)
    }

    /// The bytes of `tags.head`.
    public func serialized() -> [UInt8] {
        var bytes = Self.magic
        func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        for number in [1, kind.rawValue, UInt32(tagCount), UInt32(breadth)] { append(number) }
        switch kind {
        case .labelSets:
            bytes += links.map { UInt8($0) }
            while bytes.count % 4 != 0 { bytes.append(0) }
        case .relatedTags: for link in links { append(link) }
        }
        for weight in weights { append(weight.bitPattern) }
        return bytes
    }

    private static func weightCount(_ kind: Kind, _ tags: Int, _ breadth: Int) -> Int {
        kind == .labelSets ? breadth * (1 + 2 * tags) : tags * (3 + 3 * breadth)
    }

    private static func linkBytes(_ kind: Kind, _ tags: Int, _ breadth: Int) -> Int {
        kind == .labelSets ? (tags * breadth + 3) / 4 * 4 : 4 * tags * breadth
    }

    /// 1 / (1 + exp(-3 s)).
    public static func squashed(_ score: Float) -> Float { Float(1 / (1 + exp(-3 * Double(score)))) }

    /// The probability of each tag, from the score of each.
    public func probabilities(of scores: [Float]) -> [Double] {
        guard scores.count == tagCount else { return [Double](repeating: 0, count: tagCount) }
        let squashed = scores.map(Self.squashed)
        switch kind {
        case .labelSets: return byLabelSets(scores, squashed)
        case .relatedTags: return byRelatedTags(scores, squashed)
        }
    }

    private func byLabelSets(_ scores: [Float], _ squashed: [Float]) -> [Double] {
        let width = 1 + 2 * tagCount
        var parts = (0..<breadth).map { set in
            var sum = Double(weights[set * width])
            for tag in 0..<tagCount {
                sum += Double(weights[set * width + 1 + tag]) * Double(scores[tag])
                sum += Double(weights[set * width + 1 + tagCount + tag]) * Double(squashed[tag])
            }
            return sum
        }
        let largest = parts.max() ?? 0
        var total = 0.0
        for set in parts.indices {
            parts[set] = exp(parts[set] - largest)
            total += parts[set]
        }
        return (0..<tagCount).map { tag in
            var sum = 0.0
            for set in parts.indices where links[set * tagCount + tag] == 1 { sum += parts[set] }
            return min(sum / total, 1)
        }
    }

    private func byRelatedTags(_ scores: [Float], _ squashed: [Float]) -> [Double] {
        let width = 3 + 3 * breadth
        return (0..<tagCount).map { tag in
            let base = tag * width
            var sum = Double(weights[base])
            sum += Double(weights[base + 1]) * Double(scores[tag]) + Double(weights[base + 2]) * Double(squashed[tag])
            for position in 0..<breadth {
                let other = Int(links[tag * breadth + position])
                guard other < tagCount else { continue }
                let (s, q) = (Double(scores[other]), Double(squashed[other]))
                sum += Double(weights[base + 3 + position]) * s + Double(weights[base + 3 + breadth + position]) * q
                sum += Double(weights[base + 3 + 2 * breadth + position]) * q * Double(squashed[tag])
            }
            return 1 / (1 + exp(-sum))
        }
    }
}

/// Why `tags.head` was refused.
public enum TagHeadError: Error, Equatable, CustomStringConvertible {
    case notAHead
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case outOfRange(tags: Int, breadth: Int)
    case damaged

    public var description: String {
        switch self {
        case .notAHead: "it does not begin with LATAGHED; it is no head of tags: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        case .outOfRange(let tags, let breadth):
            "it is for \(tags) tags and is \(breadth) broad, where 1 to \(TagHead.mostTags) are read; restore the bundle"
        case .damaged: "it holds a number that is out of range; restore the bundle"
        }
    }
}
