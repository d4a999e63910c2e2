import Foundation
import TestSupport
import Testing

/// The command from the first listing to a released model that answers.
@Suite(.needsDictionary) struct MainPathTests {
    private func lines(_ path: String) throws -> [Substring] {
        try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n")
    }

    private func run(_ arguments: String...) async throws -> Program.Outcome { try await run(arguments) }

    private func run(_ arguments: [String]) async throws -> Program.Outcome {
        let outcome = try await Program.listingAssist.run(arguments)
        #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
        return outcome
    }

    @Test func importingTwiceChangesNothing() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let first = try await run("import", trained.listings, "--store", folder.path("s.sqlite"), "--json").object()
        #expect(first["read"] as? Int == TrainedModels.listingCount)
        #expect(first["inserted"] as? Int == TrainedModels.listingCount)
        let second = try await run("import", trained.listings, "--store", folder.path("s.sqlite"), "--json").object()
        #expect(second["inserted"] as? Int == 0 && second["updated"] as? Int == 0)
        #expect(second["unchanged"] as? Int == TrainedModels.listingCount)
        #expect(second["rejected"] as? Int == 0)
    }

    @Test func evaluationReportsEveryFigure() async throws {
        let trained = try await TrainedModels.shared()
        let report = try await run("evaluate", "price", "--model", trained.champion, trained.listings, "--json")
            .object()
        let stages = try #require(report["by_completeness"] as? [String: Any])
        #expect(Set(stages.keys) == ["title", "title_category", "basics", "everything"])
        for figures in [report["overall"]] + stages.values.map(Optional.some) {
            let figures = try #require(figures as? [String: Double])
            #expect(figures["rows"] == Double(TrainedModels.listingCount))
            for (name, range) in [
                ("rmsle", 0.01...2), ("mae", 1...1e6), ("median_absolute_percentage_error", 0.1...500),
                ("interval_coverage", 0.5...1), ("mean_relative_width", 0.01...100),
            ] {
                let value = try #require(figures[name])
                #expect(range.contains(value), "\(name) is \(value)")
            }
        }
        let text = try await run("evaluate", "price", "--model", trained.champion, trained.listings).output
        #expect(text.contains("overall") && text.contains("title_category"))
    }

    @Test func predictionsAndFeaturesHaveARowAListing() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        for verb in ["predict", "features"] {
            var files: [Data] = []
            for threads in ["1", "3"] {
                let path = folder.path("\(verb)-\(threads).tsv")
                _ = try await run(
                    verb, "price", "--model", trained.champion, trained.listings, path, "--threads", threads)
                files.append(try Data(contentsOf: URL(filePath: path)))
                let rows = try lines(path)
                #expect(rows.count == TrainedModels.listingCount + 1)
                let widths = Set(rows.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count })
                #expect(widths.count == 1)
                #expect(rows[0].hasPrefix("id\t") && rows[0].hasSuffix("\terror"))
            }
            #expect(files[0] == files[1])
        }
    }

    @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        // The shared one was trained on one thread.
        try await trained.train("first", into: folder.url, seed: 1, threads: 2)
        let (left, right) = (trained.bundle("first"), folder.url.appending(path: "price/first"))
        let names = try FileManager.default.subpathsOfDirectory(atPath: left.path).sorted()
        #expect(try FileManager.default.subpathsOfDirectory(atPath: right.path).sorted() == names)
        #expect(names.contains("text.linear") && names.contains("manifest.json"))
        for name in names {
            let (one, other) = (left.appending(path: name), right.appending(path: name))
            #expect(FileManager.default.contentsEqual(atPath: one.path, andPath: other.path), "\(name)")
        }
        let other = trained.bundle("second")
        let differing = names.filter { name in
            let (one, other) = (left.appending(path: name), other.appending(path: name))
            return !FileManager.default.contentsEqual(atPath: one.path, andPath: other.path)
        }
        #expect(differing.contains { $0.hasSuffix(".trees") })
    }

    @Test func modelsAreReleasedAndRolledBack() async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        let root = models.root.path

        func aliases() async throws -> [String: [String]] {
            let outcome = try await run("models", "list", "--models", root, "--json")
            let rows = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]] ?? []
            #expect(rows.allSatisfy { $0["service"] as? String == "price" })
            return Dictionary(
                uniqueKeysWithValues: rows.map { ($0["version"] as? String ?? "", $0["aliases"] as? [String] ?? []) })
        }
        #expect(try await aliases() == ["first": ["champion"], "second": []])

        let manifest = try await run("models", "show", models.champion, "--json").object()
        #expect(manifest["version"] as? String == "first" && manifest["service"] as? String == "price")
        let shown = try await run("models", "show", models.champion).output
        #expect(shown.contains("trees: ") && shown.contains("text_mean"))
        #expect(try await run("models", "verify", models.champion).output.contains("64 golden examples hold"))

        _ = try await run(
            "models", "promote", "--models", root, "price", "second", "--by", "ann", "--why", "better on bags")
        #expect(try await aliases() == ["first": [], "second": ["champion"]])
        _ = try await run("models", "rollback", "--models", root, "price", "--by", "bob", "--why", "worse on shoes")
        #expect(try await aliases() == ["first": ["champion"], "second": []])

        let history = try await run(
            "models", "history", "--models", root, "price", "--alias", "champion", "--json")
        let changes = try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [[String: Any]] ?? []
        #expect(changes.map { $0["action"] as? String } == ["promote", "promote", "rollback"])
        #expect(changes.map { $0["to"] as? String } == ["first", "second", "first"])
        #expect(changes[1]["by"] as? String == "ann" && changes[2]["why"] as? String == "worse on shoes")
        let all = try await run("models", "history", "--models", root, "price").output
        #expect(all.contains("worse on shoes") && all.contains("publish second") && all.contains("trained from "))

        let at = Date(timeIntervalSince1970: (changes[2]["at"] as? Double) ?? 0)
        let live = try await run(
            "models", "history", "--models", root, "price", "--at", at.formatted(.iso8601))
        #expect(live.output == "first\n")
        let before = try await Program.listingAssist.run(
            "models", "history", "--models", root, "price", "--at", "2001-01-01T00:00:00Z")
        #expect(before.status == 1 && before.error.contains("no version"))

        let again = try await Program.listingAssist.run(
            "models", "rollback", "--models", root, "price", "--why", "no reason")
        #expect(again.status == 1 && again.errorLines.count == 1 && again.error.contains("no earlier version"))
    }

    @Test func aBundleIsPublishedElsewhereAndOldOnesGo() async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        let folder = try TemporaryFolder()
        let other = ["--models", folder.path("other")]
        for _ in 0..<2 {
            _ = try await run(["models", "publish", models.champion, "--why", "moved"] + other)
        }
        _ = try await run(["models", "publish", models.root.path + "/price/second", "--why", "moved"] + other)
        _ = try await run(["models", "promote", "price", "second", "--why", "go"] + other)
        let collect = ["models", "gc", "price", "--keep", "0", "--days", "0"] + other
        #expect(try await run(collect + ["--dry-run"]).output == "would remove price/first\n")
        #expect(try await run(collect).output == "removed price/first\n")
        #expect(try await run(collect).output == "nothing to remove\n")
        let listed = try await run(["models", "list"] + other)
        #expect(listed.output == "price/second  champion\n")
    }

    @Test func aRunningServiceIsCalledByName() async throws {
        let service = try await RunningService(model: try await TrainedModels.shared().champion)
        try await service.ready()
        let draft = #"{"title": "ナイキ スニーカー 27cm", "brand": "NIKE", "condition": "new", "max_reasons": 3}"#
        let answer = try await run("call", "SuggestPrice", draft, "--address", service.address).object()
        let price = try #require(answer["price"] as? [String: Any])
        #expect(price["currency"] as? String == "JPY")
        #expect(answer["model_version"] as? String == "first")
        #expect((answer["reasons"] as? [Any])?.count == 3)
        for key in ["low", "high", "raw_price", "raw_low", "raw_high", "confidence", "request_id"] {
            #expect(answer[key] != nil, "\(key)")
        }
        let features = try await run(
            "call", "PriceService/ExtractFeatures", #"{"draft": {"title": "バッグ"}}"#, "--address", service.address
        ).object()
        #expect((features["values"] as? [Any])?.isEmpty == false && features["feature_digest"] != nil)
    }
}
