import Foundation
import Listings
import Suggesters
import Training

/// Sale pages, legal and illegal (Choshen et al. 2019): a classifier for each pair of their study, on its split.
enum PageRuns {
    private static let pairs: [(name: String, legal: [String], illegal: [String])] = [
        ("ebay / illegal drugs", ["ebay"], ["onion_drugs_illegal"]),
        ("legal / illegal drugs", ["onion_drugs_legal"], ["onion_drugs_illegal"]),
        ("ebay+legal / illegal drugs", ["ebay", "onion_drugs_legal"], ["onion_drugs_illegal"]),
        ("legal / illegal forums", ["onion_forums_legal"], ["onion_forums_illegal"]),
        (
            "all five", ["ebay", "onion_drugs_legal", "onion_forums_legal"],
            ["onion_drugs_illegal", "onion_forums_illegal"]
        ),
    ]

    static func run(folder: String) throws {
        func pages(_ part: String, _ names: [String], _ violation: String?) throws -> [Listing] {
            try names.flatMap { name in
                let text = try String(contentsOfFile: "\(folder)/\(part)/\(name).txt", encoding: .utf8)
                return text.split(separator: "\n").enumerated().map { index, line in
                    Listing(
                        id: "\(part)-\(name)-\(index)", content: ListingDraft(description: String(line)),
                        violation: violation)
                }
            }
        }
        for pair in pairs {
            let train = try ["train", "validation"].flatMap {
                try pages($0, pair.legal, nil) + pages($0, pair.illegal, "illegal")
            }
            let test = try pages("test", pair.legal, nil) + pages("test", pair.illegal, "illegal")
            let detector = ViolationDetector(model: try Models.train(train))
            let right = test.count { listing in
                _ = detector.judge(listing.content)
                return (detector.anyProbability >= 0.5) == (listing.violation != nil)
            }
            print("\(pair.name): \(test.count) pages, accuracy \(Double(right) / Double(test.count))")
        }
    }
}
