import Foundation
import TestSupport
import Testing

/// What someone at a terminal may get wrong: an exit code that is not 0 and a line that helps, never a trace.
@Suite struct UsageTests {
    /// Runs what must be refused, and expects one line of error that holds `words`.
    private func refused(_ arguments: [String], _ words: String..., status: Int32 = 1) async throws {
        let outcome = try await Program.listingAssist.run(arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.error)")
        let errors = outcome.errorLines.filter { $0.hasPrefix("Error: ") }
        #expect(errors.count == 1, "\(arguments): \(outcome.error)")
        // A mistake in usage is followed by how it is meant.
        if status == 1 { #expect(outcome.errorLines.count == 1, "\(arguments): \(outcome.error)") }
        for word in words { #expect(errors.first?.contains(word) == true, "\(arguments): \(outcome.error)") }
        #expect(outcome.output.isEmpty)
    }

    @Test func wordsThatAreNone() async throws {
        try await refused(["trian", "price"], "trian", status: 64)
        try await refused(["train", "prices", "--store", "s", "--models", "m"], "prices", status: 64)
        try await refused(["models", "remove"], "remove", status: 64)
        try await refused(["import", "f.tsv", "--store", "s", "--colums", "x"], "--colums", status: 64)
        try await refused(["synthesize", "--count", "0", "out.tsv"], "--count must be at least 1", status: 64)
        try await refused(["synthesize", "--count", "many", "out.tsv"], "many", status: 64)
        try await refused(
            ["evaluate", "price", "--model", "m", "f.tsv", "--threads", "0"], "--threads must be from 1", status: 64)
    }

    @Test func everyVerbHasHelp() async throws {
        for verb in ["synthesize", "import", "train", "evaluate", "predict", "features", "models", "call", "up"] {
            let help = try await Program.listingAssist.run(verb, "--help")
            #expect(help.status == 0 && help.output.contains("USAGE: listing-assist \(verb)"))
        }
        let version = try await Program.listingAssist.run("--version")
        #expect(version.status == 0 && !version.output.isEmpty)
    }

    @Test func callsThatCannotBe() async throws {
        let folder = try TemporaryFolder()
        let service = try await RunningService(model: folder.path("none"))
        let address = service.address
        try await refused(["call", "SuggestPrice", "{\"title\": ", "--address", address], "the JSON is wrong")
        try await refused(["call", "SuggestPrice", "[]", "--address", address], "the JSON is wrong at the top")
        try await refused(["call", "SuggestPrice", #"{"titel": "x"}"#, "--address", address], "\"titel\"", "title")
        try await refused(
            ["call", "SuggestPrice", #"{"title": 7}"#, "--address", address], "the JSON is wrong at title", "text")
        try await refused(
            ["call", "SuggestPrice", #"{"condition": "shiny"}"#, "--address", address], "shiny", "like_new")
        try await refused(["call", "Suggest", "{}", "--address", address], "no method \"Suggest\"", "SuggestPrice")
        try await refused(
            ["call", "SuggestPrice", #"{"title": "t"}"#, "--address", address], "UNAVAILABLE", folder.path("none"))
        try await refused(["call", "SuggestPrice", "{}", "--address", "nowhere"], "neither HOST:PORT", status: 64)
        let socket = folder.path("no.socket")
        try await refused(
            ["call", "SuggestPrice", "{}", "--address", "unix:\(socket)"], "cannot connect to unix:\(socket)",
            "is the service running there?")
    }

    @Test func modelsThatAreNotThere() async throws {
        let folder = try TemporaryFolder()
        let listings = try folder.file("listings.tsv", "id\ttitle\tprice\tcurrency\n1\tbag\t100\tJPY\n")
        let none = folder.path("price/champion")
        try await refused(["evaluate", "price", "--model", none, listings], none, "train one first")
        try await refused(["predict", "price", "--model", none, listings, folder.path("out.tsv")], none)
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.tsv")))
        try await refused(["models", "verify", folder.url.path], "is not a model bundle")
        try await refused(["models", "show", listings], "neither a bundle folder nor an alias")
        try await refused(
            ["models", "promote", "--models", folder.url.path, "price", "m-1", "--why", "x"], "no bundle or alias")
        try await refused(
            ["models", "history", "--models", folder.url.path, "../price"], "../price", "use letters")
    }

    @Test(.needsDictionary) func filesThatCannotBeRead() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let missing = folder.path("missing.tsv")
        try await refused(["evaluate", "price", "--model", trained.champion, missing], missing)
        let untitled = try folder.file("untitled.tsv", "a\tb\n1\t2\n")
        try await refused(["predict", "price", "--model", trained.champion, untitled, folder.path("o.tsv")], "title")
        try await refused(
            ["features", "price", "--model", trained.champion, trained.listings, folder.path("no/o.tsv")],
            folder.path("no"))
    }

    @Test(.needsDictionary) func trainingThatCannotBe() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let train = ["train", "price", "--models", folder.url.path]
        let store = ["--store", trained.store]
        try await refused(train + ["--store", folder.path("none.sqlite")], "there is no store")
        try await refused(train + store + ["--dictionary", folder.path("dic")], folder.path("dic"))
        try await refused(train + store + ["--currency", "USD"], "only 0 listings can be learnt from")
        try await refused(train + store + ["--currency", "yens"], "currency \"yens\"")
        try await refused(
            ["train", "price", "--models", trained.models.path, "--version", "first"] + store, "exists already")
        try await refused(train + store + ["--version", "../m"], "../m")
        let other = ["--models", folder.url.path] + store
        try await refused(["train", "price", "--tag-precision", "0.9"] + other, "for the task tags", status: 64)
        try await refused(["train", "tags", "--tag-precision", "90"] + other, "--tag-precision", status: 64)
        let list = folder.path("tags.tsv")
        try await refused(["train", "tags", "--tag-dictionary", list] + other, "no list of tags at \(list)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
