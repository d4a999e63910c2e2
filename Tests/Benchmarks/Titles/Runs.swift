import Foundation
import Listings
import Suggesters
import Synthesis
import Training

/// A column of a tab-separated file with a header.
enum TitleColumn {
    struct Missing: Error, CustomStringConvertible {
        let column: String
        var description: String { "no column \(column)" }
    }

    static func read(_ path: String, column: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let rows = text.utf8.split(separator: UInt8(ascii: "\n"))
        let header = rows.first?.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) ?? []
        guard let place = header.firstIndex(where: { $0.elementsEqual(column.utf8) }) else {
            throw Missing(column: column)
        }
        return rows.dropFirst().compactMap { row in
            let fields = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            return place < fields.count ? String(fields[place]) : nil
        }
    }
}

/// Mining, then typing what was held out.
struct FileRun {
    let titles: [String]

    func run(maxCharacters: Int) throws {
        let train = titles.enumerated().filter { $0.offset % 5 != 4 }.map(\.element)
        let test = titles.enumerated().filter { $0.offset % 5 == 4 }.map(\.element)
        let clock = ContinuousClock()
        var start = clock.now
        var builder = TitleIndexBuilder()
        for title in train { builder.add(title) }
        let bytes = try builder.finish()
        print(
            "mined \(builder.titlesMined) of \(train.count) titles in \((clock.now - start) / .seconds(1)) s,",
            "\(bytes.count) bytes, peak \(peakMegabytes()) MB")
        let index = try TitleIndex(copying: bytes)
        print("words=\(index.wordCount) nodes=\(index.nodeCount)")
        for use in index.summary().ranker { print("  \(use.feature) \(use.weight)") }
        let suggester = TitleSuggester(index: index)
        start = clock.now
        var typist = Typist()
        var timer = Timer()
        for title in test {
            typist.type(title) { typed in
                timer.time { suggester.complete(typed, maxCharacters: maxCharacters).map(\.title) }
            }
        }
        print("completions: saved \(typist.saved), accepted \(typist.accepted) for \(test.count) titles")
        print(timer.summary)
        var impatient = Typist()
        for title in test {
            var declined: [String] = []
            impatient.type(title) { typed in
                let shown = suggester.complete(typed, maxCharacters: maxCharacters, declined: declined).map(\.title)
                declined += shown
                return shown
            }
        }
        print("completions, none shown twice: saved \(impatient.saved)")
        var words = Typist()
        let nextWord = MostPopularNextWord(train)
        for title in test { words.type(title, nextWord.complete) }
        print("most popular next word: saved \(words.saved); relative gain \(typist.saved / words.saved - 1)")
        let baseline = MostPopularTitles(train)
        var plain = Typist()
        for title in test { plain.type(title, baseline.complete) }
        print("most popular prefix: saved \(plain.saved); relative gain \(typist.saved / plain.saved - 1)")
    }
}

struct Timer {
    var times: [Double] = []

    mutating func time<Result>(_ work: () -> Result) -> Result {
        let start = Self.now()
        let result = work()
        times.append(Self.now() - start)
        return result
    }

    /// Microseconds of this thread: other work on the machine does not count.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    var summary: String {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return "no calls" }
        func quantile(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
        return "CPU microseconds a completion: p50 \(quantile(0.5)) p99 \(quantile(0.99)) most \(quantile(1))"
    }
}

/// The most frequent whole titles that begin with what is typed; ties by text.
struct MostPopularTitles {
    private let sorted: [(title: [UInt8], count: Int)]

    init(_ titles: [String]) {
        var counts: [[UInt8]: Int] = [:]
        for title in titles { counts[Array(title.utf8), default: 0] += 1 }
        sorted = counts.map { ($0.key, $0.value) }.sorted { $0.title.lexicographicallyPrecedes($1.title) }
    }

    private final class Cache { var answers: [String: [String]] = [:] }
    private let cache = Cache()

    func complete(_ typed: String) -> [String] {
        if let known = cache.answers[typed] { return known }
        let prefix = Array(typed.utf8)
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].title.lexicographicallyPrecedes(prefix) { low = middle + 1 } else { high = middle }
        }
        var best: [(title: [UInt8], count: Int)] = []
        while low < sorted.count, sorted[low].title.starts(with: prefix) {
            var place = best.count
            while place > 0, best[place - 1].count < sorted[low].count { place -= 1 }
            if place < 5 { best.insert(sorted[low], at: place) }
            if best.count > 5 { best.removeLast() }
            low += 1
        }
        let answer = best.map { String(decoding: $0.title, as: UTF8.self) }
        if typed.utf8.count < 6 { cache.answers[typed] = answer }
        return answer
    }
}

/// The most frequent words that follow the last word, blanks and slashes parting words, among those that begin as typed;
/// ties by text.
struct MostPopularNextWord {
    private var followers: [[UInt8]: [(word: [UInt8], count: Int)]] = [:]

    init(_ titles: [String]) {
        var counts: [[UInt8]: [[UInt8]: Int]] = [:]
        for title in titles {
            var previous: [UInt8] = []
            for word in Self.words(title) {
                counts[previous, default: [:]][word, default: 0] += 1
                previous = word
            }
        }
        for (previous, words) in counts {
            followers[previous] = words.map { ($0.key, $0.value) }.sorted {
                $0.count > $1.count || ($0.count == $1.count && $0.word.lexicographicallyPrecedes($1.word))
            }
        }
    }

    /// Words with the blank or slash before them.
    private static func words(_ title: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        for byte in title.utf8 {
            if words.isEmpty || byte == 0x20 || byte == 0x2F { words.append([]) }
            words[words.count - 1].append(byte)
        }
        return words
    }

    func complete(_ typed: String) -> [String] {
        var words = Self.words(typed)
        let partial = words.popLast() ?? []
        var found: [String] = []
        // After a whole word, the next ones; else the rest of the word.
        for (previous, begin) in [(words.last ?? [], partial), (partial, [])] {
            for (word, _) in followers[previous] ?? [] where word.starts(with: begin) && word.count > begin.count {
                found.append(typed + String(decoding: word.dropFirst(begin.count), as: UTF8.self))
                if found.count == 5 { return found }
            }
        }
        return found
    }
}

/// Mining invented listings, for size and speed.
struct SyntheticRun {
    let count: Int

    func run(maxCharacters: Int) throws {
        let synthesizer = ListingSynthesizer(seed: 11)
        let clock = ContinuousClock()
        var builder = TitleIndexBuilder()
        var spent = Duration.zero
        for number in 0..<count {
            let listing = synthesizer.listing(number)
            let start = clock.now
            builder.add(listing)
            spent += clock.now - start
        }
        print("added \(builder.titlesMined) in \(spent / .seconds(1)) s, peak \(peakMegabytes()) MB")
        let start = clock.now
        let bytes = try builder.finish()
        print("mined in \((clock.now - start) / .seconds(1)) s, \(bytes.count) bytes, peak \(peakMegabytes()) MB")
        let index = try TitleIndex(copying: bytes)
        print("words=\(index.wordCount) nodes=\(index.nodeCount)")
        let suggester = TitleSuggester(index: index)
        var typist = Typist()
        var timer = Timer()
        for number in count..<count + 1_000 {
            let content = synthesizer.listing(number).content
            guard let title = content.title else { continue }
            typist.type(title) { typed in
                timer.time {
                    suggester.complete(
                        typed, category: content.category, brand: content.brand, maxCharacters: maxCharacters
                    ).map(\.title)
                }
            }
        }
        print("completions: saved \(typist.saved)")
        print(timer.summary)
    }

}

/// The process's peak resident memory.
func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1_024
}
