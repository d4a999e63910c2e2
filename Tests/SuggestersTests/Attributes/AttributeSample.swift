import FeatureExtraction
import Listings
import Suggesters
import Synthesis
import TestSupport
import Training

/// Attribute models for tests, each trained once.
enum AttributeSample {
    static let dictionary = Result { try MeCabDictionary(path: MeCabFolder.path) }

    /// Trained on invented listings of a Japanese marketplace.
    static let japanese = Result { try train(Array(ListingSynthesizer(seed: 5).listings(count: 600))) }
    static var heldOut: [Listing] {
        let synthesizer = ListingSynthesizer(seed: 5)
        return (700..<900).map { synthesizer.listing($0) }
    }

    /// Trained on listings whose brands are words that titles hold anyway.
    static let commonWords = Result { try train(commonWordListings, brands: commonWordBrands) }

    static let commonWordBrands =
        [
            BrandEntry(name: "as know as", aliases: ["アズノウアズ"]), BrandEntry(name: "Zeta & Sons", aliases: ["ゼータ"]),
            BrandEntry(name: "&"), BrandEntry(name: "", aliases: ["gap"]), BrandEntry(name: "<b>C.H.U.M.</b>*["),
            BrandEntry(name: "NIKE", aliases: ["ナイキ", "Nike Inc", "nike"]), BrandEntry(name: "nike"),
            BrandEntry(name: "As"),
        ] + rareBrands.map { BrandEntry(name: $0) }

    static let rareBrands: [String] = ["a", "o"].flatMap { (end: String) -> [String] in
        ["th", "nn", "ck", "x", "ll"].flatMap { (middle: String) -> [String] in
            ["ve", "li", "mo", "da", "su", "ke"].map { "Or\($0)\(middle)\(end)" }
        }
    }

    static let commonWordListings: [Listing] = {
        let titles: [(brand: String?, [String])] = [
            ("Apple", ["Apple iPhone # case", "iPhone # by Apple", "iPad mini # Apple", "Apple watch band #"]),
            ("GAP", ["GAP denim jacket #", "Gap hoodie size #", "GAP kids shirt #", "hoodie Gap logo #"]),
            ("ナイキ", ["ナイキ スニーカー #", "NIKE エアジョーダン #", "Air Jordan # sneakers", "ナイキのパーカー#"]),
            ("Kitchenly", ["apple pie dish #", "mind the gap bread knife #", "as new pan #", "apple corer #"]),
            ("Hot-Wheels", ["hot wheels car #", "HotWheels track #", "Hot Wheels truck #", "red hotwheels #"]),
            ("$$$", ["bundle of # things", "lot # reserved", "misc # items", "box # odds"]),
            (nil, ["apple seeds #", "gap filler #", "as is #", "handmade bowl #"]),
        ]
        // Brands that are seen once or twice, as most are.
        let rare = (0..<90).map { index in
            let name = rareBrands[index % rareBrands.count]
            return Listing(id: "r\(index)", content: ListingDraft(title: "\(name) \(index % 7)", brand: name))
        }
        return rare
            + (0..<560).map { index in
                let (brand, forms) = titles[index % titles.count]
                let number = String(index / titles.count % 13)
                let title = forms[index / titles.count % forms.count].split(
                    separator: "#", omittingEmptySubsequences: false
                )
                .joined(separator: number)
                return Listing(
                    id: "c\(index)",
                    content: ListingDraft(title: title, brand: brand, color: index % 3 == 0 ? "ブラック" : nil))
            }
    }()

    static func options(threads: Int = 2) -> AttributeTrainingOptions {
        var options = AttributeTrainingOptions()
        options.features.bits = 14
        options.maxEpochs = 4
        options.threads = threads
        return options
    }

    static func files(
        _ listings: [Listing], brands: [BrandEntry] = [], options: AttributeTrainingOptions = options()
    ) throws -> [String: [UInt8]] {
        try AttributeTrainer(dictionary: dictionary.get(), options: options)
            .train(listings: listings, brandDictionary: brands).files.reduce(into: [:]) { $0[$1.name] = $1.bytes }
    }

    static func train(_ listings: [Listing], brands: [BrandEntry] = []) throws -> AttributeModel {
        try AttributeModel(dictionary: dictionary.get(), files: files(listings, brands: brands))
    }
}
