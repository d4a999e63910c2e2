import Foundation
import TestSupport

/// All four services, each with a small model of its own.
struct AllServices {
    /// Each service and its methods.
    let all: [(service: RunningService, methods: [String])]
    private let folder: TemporaryFolder

    private static let services: [(Program, task: String, methods: [String])] = [
        (.priceService, "price", ["PriceService/SuggestPrice", "PriceService/ExtractFeatures"]),
        (
            .categoryTitleService, "category-title",
            ["SuggestCategories", "SuggestTitles", "SuggestAttributes"].map { "CategoryTitleService/" + $0 }
        ),
        (.tagService, "tags", ["TagService/SuggestTags"]),
        (.violationService, "violations", ["ViolationService/DetectViolations"]),
    ]

    /// Enough listings with a tag in one category for it to be learnt.
    private static let taggedListings =
        (["id\ttitle\tcategory\ttags"]
        + (0..<160).map { "t\($0)\t\($0 % 2 == 0 ? "ナイキ スニーカー" : "革の鞄") \($0)\t靴\t\($0 % 2 == 0 ? "ナイキ" : "革")" })
        .joined(separator: "\n") + "\n"

    private static let made = Task {
        let folder = try TemporaryFolder()
        let (listings, store) = (folder.path("listings.tsv"), folder.path("store"))
        var commands = [
            ["synthesize", "--count", "300", "--violation-rate", "0.3", "--seed", "3", listings],
            ["import", listings, "--store", store],
            ["import", try folder.file("tags.tsv", taggedListings), "--store", folder.path("tagged")],
        ]
        for service in services {
            commands.append([
                "train", service.task, "--store", service.task == "tags" ? folder.path("tagged") : store, "--models",
                folder.path("models"), "--version", "first",
            ])
        }
        for arguments in commands {
            let outcome = try await Program.listingAssist.run(arguments)
            guard outcome.status == 0 else { throw Failed(error: outcome.error) }
        }
        return folder
    }

    struct Failed: Error {
        let error: String
    }

    init() async throws {
        let models = try await Self.made.value
        folder = try TemporaryFolder()
        var all: [(RunningService, [String])] = []
        for (program, task, methods) in Self.services {
            let service = try await RunningService(
                program, model: models.path("models/\(task)/champion"), "--feedback-folder", folder.path(task),
                "--limits-queue-milliseconds", "60000")
            try await service.ready()
            let names = methods + ["FeedbackService/RecordOutcome"]
            all.append((service, names.map { "listing_assist.v1." + $0 }))
        }
        self.all = all
    }

    func stop() async {
        for (service, _) in all { await service.program.terminate() }
    }
}
