import FeatureExtraction
import Listings
import Suggesters
import TestSupport
import Testing
import Training

/// A category-title model of a small marketplace that anyone can see through, once for all tests.
struct CategorySample {
    static let shared = Result { try CategorySample() }

    let listings: [Listing]
    let trained: TrainedFiles
    let model: CategoryTitleModel

    static let words: [(category: String, words: [String])] = [
        ("Men/Shoes/Sneakers", ["sneakers", "running", "trainers", "laces"]),
        ("Men/Shoes/Boots", ["boots", "leather", "ankle", "laces"]),
        ("Men/Tops/T-shirts", ["tshirt", "tee", "cotton", "print"]),
        ("Women/Shoes/Sneakers", ["sneakers", "ladies", "trainers", "pink"]),
        ("Women/Bags", ["bag", "handbag", "leather", "tote"]),
        ("Women/Bags/Wallets", ["wallet", "purse", "coins", "leather"]),
        ("Games", ["console", "game", "cartridge", "retro"]),
    ]

    private init() throws {
        listings = Self.made(420, seed: 11)
        (trained, model) = try Self.train(listings)
    }

    static func made(_ count: Int, seed: UInt64) -> [Listing] {
        var random = SeededGenerator(seed)
        return (0..<count).map { index in
            let (category, words) = Self.words[index % Self.words.count]
            let noise = ["new", "nice", "used", "size m", "rare", "2020"].shuffled(using: &random).prefix(2)
            let own = words.shuffled(using: &random).prefix(2)
            let description = index % 3 == 0 ? "A \(words.randomElement(using: &random) ?? "") in good state" : nil
            return Listing(
                id: "l\(index)",
                content: ListingDraft(
                    title: (own + noise).shuffled(using: &random).joined(separator: " "), description: description,
                    category: try? CategoryPath(parsing: category), brand: index % 4 == 0 ? "ACME" : nil))
        }
    }

    static func train(
        _ listings: [Listing], threads: Int = 2
    ) throws -> (trained: TrainedFiles, model: CategoryTitleModel) {
        let trainer = CategoryTitleTrainer(
            seed: 3, threads: threads, dictionary: try TrainedSample.dictionary.get())
        let (files, model) = try trainer.trainModel(ListingSource(listings))
        return (files, model)
    }

    func suggester() throws -> CategoryTitleSuggester { try CategoryTitleSuggester(model: model) }

    func categories() throws -> CategorySuggester {
        try CategorySuggester(model: #require(model.categories), dictionary: model.dictionary)
    }
}
