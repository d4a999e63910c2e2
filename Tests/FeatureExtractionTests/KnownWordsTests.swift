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
}
