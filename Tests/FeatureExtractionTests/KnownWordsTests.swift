import Listings
import Testing

@testable import FeatureExtraction

@Suite struct KnownWordsTests {
    private func worker(_ titles: [String]) throws -> ReadingWorker {
        let spec = HashedSpec(blocks: [HashedSpec.Block(.knownWords)], bits: 16)
        let fitter = try HashedFitter(readingBy: spec, threads: 1)
        fitter.add(titles.map { ListingDraft(title: $0) })
        return ReadingWorker(features: try HashedFeatures(spec: spec, copying: fitter.serialized()))
    }

    private func ids(_ title: String, _ worker: ReadingWorker) -> [UInt32] {
        worker.extract(ListingDraft(title: title))
        return worker.ids
    }

    /// What was learnt of a word holds for others of its sense, however they are cased and parted.
    @Test func wordsOfOneSenseAreOneFeature() throws {
        let worker = try worker(["pure cocaine", "Xanax bars", "blue jeans"])
        let narcotic = ids("cocaine", worker)
        #expect(narcotic.count == 1)
        #expect(ids("MEPHEDRONE 5g", worker) == narcotic && ids("ｈｅｒｏｉｎ", worker) == narcotic)
        #expect(ids("2C-B pills", worker) == narcotic && ids("fresh Magic  Mushrooms!", worker) == narcotic)
        #expect(ids("diazepam", worker).count == 1 && ids("diazepam", worker) != narcotic)
        #expect(ids("cocaine and diazepam", worker).count == 2)
    }

    @Test func wordsWithinOthersAndUnseenSensesAreNone() throws {
        let worker = try worker(["pure cocaine", "blue jeans"])
        for title in ["heroine", "blue jeans", "magic", "ransomware", ""] { #expect(ids(title, worker).isEmpty) }
    }

    /// A pair that a line's end parted would leave two common words that accuse, and no pair.
    @Test func pairsCountAndTheirCommonWordsDoNot() throws {
        let pairs = [
            ("san pedro", "cocaine"), ("2c e", "cocaine"), ("bath salts", "cocaine"), ("cheese weed", "kush"),
            ("clone cards", "cvv"), ("credit report", "cvv"), ("id cards", "passport"), ("social security", "passport"),
            ("visa card", "passport"), ("wifi hacking", "malware"), ("steam account", "netflix"),
        ]
        let worker = try worker(KnownWords.table.map { KnownWords.split($0.words)[0] })
        for (pair, word) in pairs {
            #expect(ids(pair, worker).contains(try #require(ids(word, worker).first)), "\(pair)")
        }
        let known = ["weed", "hacking", "account"]
        for word in pairs.flatMap({ $0.0.split(separator: " ") }).map(String.init) where !known.contains(word) {
            #expect(ids(word, worker).isEmpty, "\(word)")
        }
        #expect(ids("bath towel", worker).isEmpty && ids("Pokemon card, visa, cheese", worker).isEmpty)
    }

    /// A line's end is a blank; what three words say would be read as their last two; no word has two senses.
    @Test func everyEntryIsAWordOrAPairOfOneSense() {
        #expect(KnownWords.split("bath\n    salts, visa card,\nweed") == ["bath salts", "visa card", "weed"])
        var senses: [String: String] = [:]
        for (sense, words) in KnownWords.table {
            for word in KnownWords.split(words) {
                #expect((1...2).contains(word.split(separator: " ").count), "\(word)")
                #expect(senses.updateValue("\(sense)", forKey: word) == nil, "\(word) is there twice")
            }
        }
        #expect(KnownWords.senses.count == senses.count)
    }
}
