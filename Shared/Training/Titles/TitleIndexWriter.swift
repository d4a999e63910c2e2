import Foundation
import Suggesters

/// Lays out the file that ``TitleIndex`` reads.
struct TitleIndexWriter {
    let corpus: TitleCorpus
    let options: TitleMiningOptions

    func serialized(_ trie: TitleTrie, ranker: TitleRanker, fieldOrders: [TitleFieldOrder]) -> [UInt8] {
        var sections = [[UInt8]](repeating: [], count: TitleIndexSection.allCases.count)
        func set(_ section: TitleIndexSection, _ bytes: [UInt8]) { sections[Int(section.rawValue)] = bytes }
        var keys: [UInt8] = []
        var offsets: [UInt32] = [0]
        for word in trie.words {
            keys += corpus.keys[Int(word)]
            offsets.append(UInt32(keys.count))
        }
        set(.keys, keys)
        set(.keyOffsets, Self.bytes(offsets))
        let (starts, variants, surfaces) = spellings(trie)
        set(.variantStarts, Self.bytes(starts))
        set(.variants, variants)
        set(.surfaces, surfaces)
        set(.contexts, Self.bytes(trie.contexts))
        set(.nodeTokens, Self.bytes(trie.tokens))
        set(.firstChild, Self.bytes(firstChildren(trie)))
        var cumulative: [UInt32] = [0]
        cumulative.reserveCapacity(trie.counts.count + 1)
        for count in trie.counts { cumulative.append(cumulative[cumulative.count - 1] &+ count) }
        set(.cumulative, Self.bytes(cumulative))
        let block = TitleIndex.block
        set(
            .maxima,
            Self.bytes(
                stride(from: 0, to: trie.counts.count, by: block).map { start in
                    trie.counts[start..<min(start + block, trie.counts.count)].max() ?? 0
                }))
        set(.ranker, Self.bytes(ranker.weights.map(\.bitPattern)))
        set(.styles, Self.bytes(styleTilts().map(\.bitPattern)))
        set(
            .fieldOrders,
            fieldOrders.flatMap {
                Self.bytes([$0.category]) + Self.bytes(($0.places + $0.shares).map(\.bitPattern))
            })
        return Self.join(sections)
    }

    static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
        #if _endian(little)
            return numbers.withUnsafeBytes { Array($0) }
        #else
            return numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
        #endif
    }

    private static func join(_ sections: [[UInt8]]) -> [UInt8] {
        var file = TitleIndex.magic
        file += bytes([TitleIndex.version, UInt32(sections.count)])
        var offset = TitleIndex.headerBytes
        for section in sections {
            file += bytes([UInt64(offset), UInt64(section.count)])
            offset += (section.count + 7) / 8 * 8
        }
        file.reserveCapacity(offset)
        for section in sections {
            file += section
            file += [UInt8](repeating: 0, count: (8 - section.count % 8) % 8)
        }
        return file
    }

    private func firstChildren(_ trie: TitleTrie) -> [UInt32] {
        var sizes = [UInt32](repeating: 0, count: trie.tokens.count)
        for parent in trie.parents.dropFirst() { sizes[Int(parent)] += 1 }
        var starts: [UInt32] = [1]
        starts.reserveCapacity(sizes.count + 1)
        for size in sizes { starts.append(starts[starts.count - 1] + size) }
        return starts
    }

    /// The spellings of each kept word that a tenth of its listings use, four at most.
    private func spellings(_ trie: TitleTrie) -> (starts: [UInt32], variants: [UInt8], surfaces: [UInt8]) {
        var words = [UInt32](repeating: TitleTrie.none, count: corpus.keys.count)
        for (place, word) in trie.words.enumerated() { words[Int(word)] = UInt32(place) }
        var ofWord = [[Int]](repeating: [], count: trie.words.count)
        for (place, spelling) in corpus.spellings.enumerated() {
            let word = words[Int(spelling.word - TitleCorpus.firstWord)]
            if word != TitleTrie.none { ofWord[Int(word)].append(place) }
        }
        var (starts, variants, surfaces): ([UInt32], [UInt8], [UInt8]) = ([0], [], [])
        for places in ofWord {
            let sorted = places.map { corpus.spellings[$0] }.sorted {
                ($1.count, $0.bytes.count) < ($0.count, $1.bytes.count)
                    || ($0.count == $1.count && $0.bytes.count == $1.bytes.count
                        && $0.bytes.lexicographicallyPrecedes($1.bytes))
            }
            let total = sorted.reduce(0) { $0 + Int($1.count) }
            for spelling in sorted.prefix(4) where Int(spelling.count) * 20 >= total {
                variants += Self.bytes([UInt32(surfaces.count)])
                variants += Self.bytes([UInt16(spelling.bytes.count)])
                variants.append(UInt8(min(255, TitleBytes.scalars(spelling.bytes))))
                variants.append(spelling.style)
                variants += Self.bytes([spelling.count])
                surfaces += spelling.bytes
            }
            starts.append(UInt32(variants.count / TitleIndex.variantBytes))
        }
        return (starts, variants, surfaces)
    }

    /// Logarithms of how much likelier a style is behind each style than at large.
    private func styleTilts() -> [Float] {
        let count = TitleStyle.allCases.count
        var tilts = [Float](repeating: 0, count: count * count)
        let total = corpus.styles.reduce(0, +)
        guard total > 0 else { return tilts }
        for previous in 0..<count {
            let row = corpus.styles[previous * count..<(previous + 1) * count].reduce(0, +)
            for style in 0..<count {
                let column = (0..<count).reduce(0) { $0 + corpus.styles[$1 * count + style] }
                guard column > 0 else { continue }
                let usual = column / total
                let here = (corpus.styles[previous * count + style] + 10 * usual) / (row + 10)
                tilts[previous * count + style] = Float(log(here / usual))
            }
        }
        return tilts
    }
}
