import Listings
import TestSupport
import Testing

@testable import Suggesters

@Suite struct CategoryTreeTests {
    private func tree(_ paths: [String: Int]) throws -> CategoryTree {
        var counts: [CategoryPath: Int] = [:]
        for (path, count) in paths { counts[try CategoryPath(parsing: path)] = count }
        return try CategoryTree(counts)
    }

    @Test func siblingsStandTogetherAndCountsAddUp() throws {
        let tree = try tree(["A/B/C": 3, "A/B/D": 4, "A/E": 5, "F": 1])
        #expect(tree.nodes[0].listings == 13)
        #expect(tree.leaves.count == 4)
        for (index, node) in tree.nodes.enumerated() {
            #expect(node.children.allSatisfy { tree.nodes[$0].parent == index })
            if !node.isLeaf {
                #expect(node.children.reduce(0) { $0 + tree.nodes[$1].listings } == node.listings)
                let names = node.children.map { tree.nodes[$0].name }
                #expect(names == names.sorted())
            }
        }
        for path in ["A/B/C", "A/B/D", "A/E", "F"] {
            let leaf = try #require(tree.leaf(of: CategoryPath(parsing: path)))
            #expect(tree.path(of: leaf)?.description == path)
        }
        #expect(try tree.leaf(of: CategoryPath(parsing: "A/B")) == nil)
        #expect(try tree.node(at: CategoryPath(parsing: "A/X")) == nil)
    }

    @Test func aCategoryMayAlsoBeAnInnerNode() throws {
        let tree = try tree(["Women/Bags": 2, "Women/Bags/Wallets": 3])
        let bags = try #require(tree.leaf(of: CategoryPath(parsing: "Women/Bags")))
        #expect(tree.nodes[bags].isLeaf && tree.nodes[bags].listings == 2)
        #expect(tree.path(of: bags)?.description == "Women/Bags")
        #expect(tree.leaves.count == 2)
    }

    @Test func oneLeafIsATree() throws {
        let tree = try tree(["Only": 9])
        #expect(tree.leaves.count == 1)
        #expect(try CategoryTree(reading: tree.serialized()) == tree)
    }

    @Test func equalNamesUnderDifferentParentsAreDifferentLeaves() throws {
        let tree = try tree(["A/Other": 1, "B/Other": 1, "C/other": 1])
        #expect(tree.leaves.count == 3)
    }

    @Test func readsBackWhatItWrote() throws {
        var random = SeededGenerator(51)
        for _ in 0..<50 {
            var counts: [CategoryPath: Int] = [:]
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let levels = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    ["a", "b\tc", "d\ne", "f\\", "服", "g/h", "\u{0}"].randomElement(using: &random) ?? ""
                }
                counts[try CategoryPath(levels: levels), default: 0] += Int.random(in: 1...9, using: &random)
            }
            let tree = try CategoryTree(counts)
            #expect(try CategoryTree(reading: tree.serialized()) == tree)
            for path in counts.keys {
                let leaf = try #require(tree.leaf(of: path))
                #expect(tree.path(of: leaf) == path)
                #expect(tree.nodes[leaf].listings == counts[path])
            }
        }
    }

    @Test func damagedFilesAreRefusedOrWhole() throws {
        let bytes = try tree(["A/B/C": 3, "A/B/D": 4, "A/E": 5, "F": 1, "A": 2]).serialized()
        var random = SeededGenerator(52)
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let tree = try? CategoryTree(reading: changed) else { continue }
            for (index, node) in tree.nodes.enumerated().dropFirst() {
                #expect(node.parent < index && tree.nodes[node.parent].children.contains(index))
            }
            for leaf in tree.leaves { #expect(tree.path(of: leaf) != nil) }
        }
        #expect(throws: CategoryTreeError.empty) { try CategoryTree(reading: []) }
        #expect(throws: CategoryTreeError.malformed(line: 1)) { try CategoryTree(reading: Array("5\t1\tx\n".utf8)) }
        #expect(throws: CategoryTreeError.malformed(line: 2)) {
            try CategoryTree(reading: Array("0\t1\tx\n-1\t1\ty\n".utf8))
        }
    }

    @Test func aMillionNodesAreRefused() {
        let line = Array("0\t1\tx\n".utf8)
        let bytes = [UInt8]((0..<CategoryTree.mostNodes).flatMap { _ in line })
        #expect(throws: CategoryTreeError.tooLarge(nodes: CategoryTree.mostNodes + 1)) {
            try CategoryTree(reading: bytes)
        }
    }
}
