import Listings

/// The marketplace's categories as seen in training. Nodes stand breadth first, siblings side by side in order of their
/// names, the root at 0.
///
/// File `categories.tsv`: a line a node after the root, in that order: the parent's number, how many training listings are
/// in or below it, its name with backslash, tab and line feed escaped. A category that is also an inner node has a leaf
/// without a name below it, for the listings that stop there.
public struct CategoryTree: Sendable, Equatable {
    public struct Node: Sendable, Equatable {
        public var name: String
        /// The root is its own.
        public var parent: Int
        public var listings: Int
        public var children: Range<Int>

        public var isLeaf: Bool { children.isEmpty }
    }

    /// What a ``LinearModels/SparseClassifier`` can tell apart.
    public static let mostNodes = 1 << 15

    public private(set) var nodes: [Node]
    /// The numbers of the leaves, in order.
    public private(set) var leaves: [Int] = []
    /// How far each node is from the root.
    public private(set) var depths: [Int] = []
    /// Whether all leaves are children of the root.
    public var isFlat: Bool { nodes[0].children.count == leaves.count }

    /// The tree of the categories that listings are in, with the number of listings in each.
    /// - Throws: ``CategoryTreeError/tooLarge(nodes:)``.
    public init(_ categories: [CategoryPath: Int]) throws(CategoryTreeError) {
        var children: [[String]: [String: Int]] = [:]
        for (path, count) in categories {
            for depth in path.levels.indices {
                children[Array(path.levels[..<depth]), default: [:]][path.levels[depth], default: 0] += count
            }
        }
        for (path, count) in categories where children[path.levels] != nil { children[path.levels]?[""] = count }
        nodes = [Node(name: "", parent: 0, listings: categories.values.reduce(0, +), children: 0..<0)]
        var paths: [[String]] = [[]]
        var index = 0
        while index < nodes.count {
            let start = nodes.count
            // An inner node's own leaf has its path, and no children.
            let below = index > 0 && nodes[index].name.isEmpty ? [:] : children[paths[index]] ?? [:]
            for (name, count) in below.sorted(by: { $0.key < $1.key }) {
                nodes.append(Node(name: name, parent: index, listings: count, children: 0..<0))
                paths.append(name.isEmpty ? paths[index] : paths[index] + [name])
            }
            if nodes.count > start { nodes[index].children = start..<nodes.count }
            guard nodes.count <= Self.mostNodes else { throw .tooLarge(nodes: nodes.count) }
            index += 1
        }
        finish()
    }

    /// Reads `categories.tsv`.
    /// - Throws: ``CategoryTreeError``.
    public init(reading bytes: [UInt8]) throws(CategoryTreeError) {
        nodes = [Node(name: "", parent: 0, listings: 0, children: 0..<0)]
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: true) {
            number += 1
            let fields = line.split(separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let parent = Self.number(fields[0]), let count = Self.number(fields[1]),
                let name = Self.unescaped(fields[2])
            else { throw .malformed(line: number) }
            // Breadth first: a parent never goes back, and its children stand side by side.
            guard parent < nodes.count, parent >= nodes[nodes.count - 1].parent,
                parent == 0 ? !name.isEmpty : !nodes[parent].name.isEmpty
            else { throw .malformed(line: number) }
            if nodes[parent].children.isEmpty { nodes[parent].children = nodes.count..<nodes.count }
            nodes[parent].children = nodes[parent].children.lowerBound..<nodes.count + 1
            nodes.append(Node(name: name, parent: parent, listings: count, children: 0..<0))
            if parent == 0 { nodes[0].listings += count }
            guard nodes.count <= Self.mostNodes else { throw .tooLarge(nodes: nodes.count) }
        }
        guard nodes.count > 1 else { throw .empty }
        finish()
        guard depths.max() ?? 0 <= CategoryPath.deepest + 1 else { throw .tooDeep }
    }

    private mutating func finish() {
        depths = [Int](repeating: 0, count: nodes.count)
        for node in 1..<max(1, nodes.count) { depths[node] = depths[nodes[node].parent] + 1 }
        leaves = nodes.indices.filter { nodes[$0].isLeaf && $0 > 0 }
    }

    /// The bytes of `categories.tsv`.
    public func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        for node in nodes.dropFirst() {
            bytes += Array("\(node.parent)\t\(node.listings)\t".utf8)
            for byte in node.name.utf8 {
                switch byte {
                case 0x5C: bytes += [0x5C, 0x5C]
                case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
                case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
                default: bytes.append(byte)
                }
            }
            bytes.append(0x0A)
        }
        return bytes
    }

    /// The names from below the root down to `node`; `nil` for the root.
    public func path(of node: Int) -> CategoryPath? {
        var levels: [String] = []
        var node = node
        while node != 0 {
            if !nodes[node].name.isEmpty { levels.append(nodes[node].name) }
            node = nodes[node].parent
        }
        return try? CategoryPath(levels: levels.reversed())
    }

    /// The node at a path; `nil` where there is none.
    public func node(at path: CategoryPath) -> Int? {
        var node = 0
        for level in path.levels {
            guard let child = nodes[node].children.first(where: { nodes[$0].name == level }) else { return nil }
            node = child
        }
        return node
    }

    /// The leaf that listings of exactly this category are in.
    public func leaf(of path: CategoryPath) -> Int? {
        guard let node = node(at: path) else { return nil }
        return nodes[node].isLeaf ? node : nodes[node].children.first { nodes[$0].name.isEmpty }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...12).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text {
            guard isEscaped else {
                if byte == 0x5C { isEscaped = true } else { bytes.append(byte) }
                continue
            }
            isEscaped = false
            switch byte {
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case 0x5C: bytes.append(0x5C)
            default: return nil
            }
        }
        return isEscaped ? nil : String(validating: bytes, as: UTF8.self)
    }
}

/// Why a category tree was refused.
public enum CategoryTreeError: Error, Equatable, CustomStringConvertible {
    case tooLarge(nodes: Int)
    case malformed(line: Int)
    case tooDeep
    case empty

    public var description: String {
        switch self {
        case .tooLarge(let nodes):
            "the category tree has over \(CategoryTree.mostNodes) nodes (\(nodes)); merge the rarest categories"
        case .malformed(let line): "categories.tsv line \(line) is no category; restore the bundle"
        case .tooDeep: "categories.tsv is deeper than \(CategoryPath.deepest) levels; restore the bundle"
        case .empty: "categories.tsv holds no category; train the model again"
        }
    }
}
