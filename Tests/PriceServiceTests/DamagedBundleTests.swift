import Foundation
import ModelBundles
import Suggesters
import TestSupport
import Testing

/// A bundle that is not what it was when it was published answers no one.
@Suite(.needsDictionary) struct DamagedBundleTests {
    @Test func aChangedByteOfAnyFileIsRefused() async throws {
        let trained = try await TrainedModels.shared()
        let files = try ModelBundle.open(trained.bundle("first")).manifest.files.map(\.name)
        #expect(files.contains("dictionary/sys.dic") && files.contains("features.json"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for file in files + ["manifest.json"] {
                group.addTask { try await aChangedByteIsRefused(file, trained) }
            }
            try await group.waitForAll()
        }
    }

    private func aChangedByteIsRefused(_ file: String, _ trained: TrainedModels) async throws {
        let models = try ModelsCopy(of: trained)
        try models.damage(file, of: "first")

        let service = try await RunningService(model: models.champion)
        let reason = try await service.refusal()
        #expect(try await service.get("/livez").status == 200)
        #expect(try await service.get("/readyz").status == 503)
        #expect(reason.contains(file))
        #expect(reason.contains("copy the bundle again from where it was published, or promote another version"))
        #expect(reason.matches(of: /[0-9a-f]{64}/).count == 2, "\(reason)")
        let call = try await Program.listingAssist.run(
            "call", "SuggestPrice", #"{"title": "スニーカー"}"#, "--address", service.address)
        #expect(call.status != 0)
        #expect(call.errorLines.count == 1 && call.error.contains("UNAVAILABLE") && call.error.contains(file))

        let verified = try await Program.listingAssist.run("models", "verify", models.bundle("first").path)
        #expect(verified.status == 1)
        #expect(verified.errorLines.count == 1 && verified.error.contains(file), "\(verified.error)")
        let promoted = try await Program.listingAssist.run(
            "models", "promote", "--models", models.root.path, "price", "first", "--alias", "challenger", "--why",
            "test")
        #expect(promoted.status == 1 && promoted.error.contains(file))
    }

    /// Someone who packs a bundle anew makes its digests right; what it was trained with still tells.
    @Test(arguments: ["dictionary/dicrc", "dictionary/char.bin", "features.json"])
    func aRepackedBundleIsRefused(_ file: String) async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        let json = models.bundle("first").appending(path: "manifest.json")
        let before = String(decoding: try Data(contentsOf: json), as: UTF8.self)
        let old = try #require(try ModelBundle.open(models.bundle("first")).file(file))
        let (size, digest) = (old.bytes, old.sha256)
        var replaced = Data()
        try models.change(file, of: "first") { bytes in
            // White space at the end changes nothing that the file says, and no size.
            bytes.append(file == "dictionary/char.bin" ? 0 : UInt8(ascii: "\n"))
            replaced = bytes
        }
        let text = before.replacingOccurrences(of: digest, with: BundleDigest.sha256(Array(replaced)))
            .replacingOccurrences(of: "\"bytes\" : \(size),", with: "\"bytes\" : \(size + 1),")
            .replacingOccurrences(of: "\"bytes\":\(size),", with: "\"bytes\":\(size + 1),")
        #expect(text != before)
        try models.change("manifest.json", of: "first") { $0 = Data(text.utf8) }
        try models.change("manifest.sha256", of: "first") {
            $0 = Data("\(BundleDigest.sha256(Array(text.utf8)))  manifest.json\n".utf8)
        }
        let service = try await RunningService(model: models.champion)
        let reason = try await service.refusal()
        #expect(try await service.get("/livez").status == 200)
        #expect(reason.contains("the bundle was made for"), "\(reason)")
        let verified = try await Program.listingAssist.run("models", "verify", models.bundle("first").path)
        #expect(verified.status == 1 && verified.errorLines.count == 1)
    }

    @Test func aMissingFileIsRefusedAndAMendedBundleServes() async throws {
        let trained = try await TrainedModels.shared()
        let models = try ModelsCopy(of: trained)
        let file = models.bundle("first").appending(path: "text.linear")
        try FileManager.default.removeItem(at: file)
        let service = try await RunningService(model: models.champion, "--reload-milliseconds", "50")
        #expect(try await service.refusal().contains("text.linear is missing"))
        try FileManager.default.linkItem(at: trained.bundle("first").appending(path: "text.linear"), to: file)
        try await service.ready()
        #expect(try await service.get("/model").body.contains("\"first\""))
    }

    @Test func aTruncatedFileIsRefused() async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        try models.change("dictionary/sys.dic", of: "first") { $0.removeLast(1_000) }
        let service = try await RunningService(model: models.champion)
        let reason = try await service.refusal()
        #expect(reason.contains("dictionary/sys.dic is ") && reason.contains("the manifest says"))
    }

    @Test func aBadNewChampionLeavesTheOldOneServing() async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        let service = try await RunningService(model: models.champion, "--reload-milliseconds", "50")
        try await service.ready()
        let client = try await PriceClient(service)
        try models.damage("text.linear", of: "second")
        try Data("second\n".utf8).write(to: URL(filePath: models.champion), options: .atomic)
        try await eventually("the new champion to be refused") {
            try await service.get("/model").body.contains("SHA-256") ? () : nil
        }
        #expect(try await service.get("/readyz").status == 200)
        #expect(try await client.suggest(.init(title: "バッグ")).modelVersion == "first")
    }
}
