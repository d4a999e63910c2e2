import FeatureExtraction
import Foundation
import Listings
import ModelBundles
import Suggesters
import TestSupport

@testable import Training

/// A tag model of a small marketplace that anyone can see through, once for all tests.
struct TagSample {
    static let shared = Result { try TagSample() }

    let listings: [Listing]
    let files: TrainedFiles
    let folder: TemporaryFolder
    let bundle: ModelBundle
    let model: TagModel

    /// Words that a tag is put on for; the years of a model number are one too.
    static let words: [(tag: String, words: [String])] = [
        ("レザー", ["レザー", "ライダース", "牛革", "本革"]),
        ("ミリタリー", ["M-65", "フィールドジャケット", "MA-1", "カーゴ"]),
        ("古着", ["used", "90s", "80s", "ヴィンテージ"]),
    ]
    static let jackets = "ファッション/ジャケット"
    static let coats = "ファッション/コート"
    static let toys = "おもちゃ/フィギュア"

    static let list = [
        TagList.Entry(tag: "猫", aliases: ["ねこ", "ネコ", "cat"]), TagList.Entry(tag: "限定品", aliases: ["限定"]),
        TagList.Entry(tag: "レザー", aliases: ["革製"]),
    ]

    private init() throws {
        listings = Self.made(900, seed: 5)
        files = try Self.train(listings, list: TagList(Self.list))
        folder = try TemporaryFolder()
        let url = try files.write(
            to: folder.url, version: "1", createdAt: 1_750_000_000, snapshot: "sample", sourceCommit: "none")
        bundle = try ModelBundle.open(url, verification: .everything)
        model = try TagModel(bundle: bundle)
    }

    /// Jackets and coats in the ratio 2 to 1, all tagged by their words but for one in forty; and ten toys.
    static func made(_ count: Int, seed: UInt64) -> [Listing] {
        var random = SeededGenerator(seed)
        return (0..<count).map { index in
            var title: [String] = []
            var tags: [String] = []
            for (tag, words) in Self.words where Bool.random(using: &random) {
                title.append(words.randomElement(using: &random) ?? "")
                if Int.random(in: 0..<40, using: &random) > 0 { tags.append(tag) }
            }
            title += ["M", "BLK", "綿", "美品"].shuffled(using: &random).prefix(2)
            title.append("AB\(Int.random(in: 10..<100, using: &random))-\(Int.random(in: 100..<999, using: &random))")
            if tags.isEmpty { tags.append("その他") }
            if index % 300 == 0 { tags.append("めずらしい") }
            let category = index % 90 == 7 ? toys : index % 3 == 0 ? coats : jackets
            return Listing(
                id: "l\(index)",
                content: ListingDraft(
                    title: title.shuffled(using: &random).joined(separator: "/"),
                    description: index % 4 == 0 ? "着用は数回です。状態は良いです。" : nil,
                    category: try? CategoryPath(parsing: category), tags: tags))
        }
    }

    static func train(
        _ listings: [Listing], threads: Int = 2, list: TagList? = nil,
        change: (inout TagTrainingOptions) -> Void = { _ in }
    ) throws -> TrainedFiles {
        var options = TagTrainingOptions()
        options.threads = threads
        change(&options)
        var trainer = TagTrainer(options: options, dictionary: try TrainedSample.dictionary.get())
        trainer.list = list
        return try trainer.train(ListingSource(listings))
    }

    /// The model that was trained, by way of a bundle.
    static func model(_ files: TrainedFiles, in folder: TemporaryFolder) throws -> TagModel {
        let url = try files.write(
            to: folder.url, version: UUID().uuidString, createdAt: 0, snapshot: "s", sourceCommit: "none")
        return try TagModel(bundle: ModelBundle.open(url))
    }

    func file(_ name: String) -> [UInt8] { files.files.first { $0.name == name }?.bytes ?? [] }

    /// A bundle whose manifest is right about files that are not what they should be.
    func replacing(_ changed: [String: [UInt8]]) throws -> ModelBundle {
        let writer = try BundleWriter(root: folder.url, service: TagModel.service, version: UUID().uuidString)
        var features: [BundleManifest.File] = []
        for file in bundle.manifest.files {
            guard let bytes = changed[file.name] else {
                try writer.add(file.name, copying: bundle.url(for: file.name))
                if file.name.hasPrefix("features.") { features.append(file) }
                continue
            }
            try writer.add(file.name, bytes: bytes)
            if file.name.hasPrefix("features.") {
                features.append(.init(name: file.name, bytes: bytes.count, sha256: BundleDigest.sha256(bytes)))
            }
        }
        let url = try writer.finish(
            createdAt: 0, featureDigest: BundleDigest.combined(features),
            dictionaryDigest: bundle.manifest.dictionaryDigest, trainingSnapshot: "sample")
        return try ModelBundle.open(url, verification: .sizesOnly)
    }

    func suggester() throws -> TagSuggester { try TagSuggester(model: model) }

    func draft(_ title: String, _ category: String = TagSample.jackets) -> ListingDraft {
        ListingDraft(title: title, category: try? CategoryPath(parsing: category))
    }
}
