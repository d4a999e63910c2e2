import Foundation
import Listings
import ModelBundles
import NIOCore
import RPC
import Suggesters
import TestSupport
import Testing
import ViolationRules
import WireFormat

/// The violation service over TCP: it answers what the library answers, and rules come and go while it runs.
@Suite(.serialized) struct ViolationServiceTests {
    /// A bundle made with the command, once for all tests of a run.
    private static let made = Task {
        let folder = try TemporaryFolder()
        for arguments in [
            ["synthesize", "--count", "300", "--violation-rate", "0.4", "--seed", "3", folder.path("listings.tsv")],
            ["import", folder.path("listings.tsv"), "--store", folder.path("store")],
            [
                "train", "violations", "--store", folder.path("store"), "--models", folder.path("models"), "--version",
                "first",
            ],
        ] {
            let outcome = try await Program.listingAssist.run(arguments)
            guard outcome.status == 0 else { throw Failed(error: outcome.error) }
        }
        return folder
    }

    struct Failed: Error {
        let error: String
    }

    private static let rules = """
        version: 1
        kinds: {counterfeit: {title: Counterfeit goods}}
        rules:
          - {id: fake, kind: counterfeit, action: block, weight: 4, phrases: [激似品], match: [激似品です], no_match: [バッグ]}

        """

    private func ask(_ service: RunningService, _ draft: ListingDraft) async throws -> DetectViolationsResponse {
        let arena = try WireArena()
        let bytes = try await send(service, DetectViolationsRequest(draft: draft).encoded(arena: arena))
        return try DetectViolationsResponse(decoding: bytes, arena: arena)
    }

    private func send(
        _ service: RunningService, _ bytes: [UInt8], _ method: WireMethod = .detectViolations
    ) async throws -> [UInt8] {
        let client = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: service.port))
        let answer = try await client.call(
            service: method.service, method: method.name, payload: ByteBuffer(bytes: bytes), timeout: .seconds(60))
        return Array(answer.readableBytesView)
    }

    /// The status that bytes are refused with; `nil` when they are answered.
    private func refusal(
        _ service: RunningService, _ bytes: [UInt8], _ method: WireMethod = .detectViolations
    ) async -> RPCStatus? {
        do {
            _ = try await send(service, bytes, method)
            return nil
        } catch { return error as? RPCStatus ?? RPCStatus(.unknown, "\(error)") }
    }

    @Test func answersAreThoseOfTheLibrary() async throws {
        let folder = try await Self.made.value
        let champion = folder.path("models/violations/champion")
        let service = try await RunningService(.violationService, model: champion)
        try await service.ready()
        let detector = ViolationDetector(model: try ViolationModel(bundle: ModelBundle.open(URL(filePath: champion))))
        for title in ["スーパーコピー 財布", "かわいいバッグ", "現 金 10000円分", ""] {
            let draft = ListingDraft(title: title)
            let answer = try await ask(service, draft)
            #expect(answer.judgement == detector.judge(draft))
            #expect(answer.modelVersion == "first" && answer.judgement.rulesDigest.isEmpty)
        }
        #expect(await service.program.terminate().status == 0)
    }

    @Test func rulesAreReplacedWhileItRunsAndWrongOnesRefused() async throws {
        let folder = try await Self.made.value
        let path = folder.path("rules.yaml")
        let draft = ListingDraft(title: "激似品 ケトル")
        try Self.rules.write(toFile: path, atomically: true, encoding: .utf8)
        let service = try await RunningService(
            .violationService, model: folder.path("models/violations/champion"), "--rules-file", path,
            "--reload-milliseconds", "50")
        try await service.ready()
        let first = try await ask(service, draft).judgement
        #expect(first.decision == .block)
        #expect(first.rulesDigest == BundleDigest.sha256(Array(Self.rules.utf8)))

        // Wrong in one rule, whose own example does not match: none is taken.
        let other = Self.rules.replacing("激似品", with: "ケトル").replacing("id: fake", with: "id: other")
        let wrong =
            other
            + Self.rules.replacing("match: [激似品です],", with: "match: [財布],").split(separator: "\n").suffix(1)
            .joined() + "\n"
        try wrong.write(toFile: path, atomically: true, encoding: .utf8)
        try await eventually("the rules to be refused") {
            service.program.error.contains("rules refused") ? () : nil
        }
        #expect(try await ask(service, draft).judgement == first)

        let new = Self.rules.replacing("激似品", with: "ケトル")
        try new.write(toFile: path, atomically: true, encoding: .utf8)
        try await eventually("the new rules") {
            try await ask(service, draft).judgement.rulesDigest == BundleDigest.sha256(Array(new.utf8)) ? () : nil
        }
        let evidence = try await ask(service, draft).judgement.violations.flatMap(\.evidence)
        #expect(evidence.contains { $0.term == "ケトル" && $0.rule == "fake" })
        #expect(await service.program.terminate().status == 0)
    }

    @Test func badRequestsAreRefusedAndHarmNoOne() async throws {
        let folder = try await Self.made.value
        let service = try await RunningService(
            .violationService, model: folder.path("models/violations/champion"))
        try await service.ready()
        let arena = try WireArena()
        let long = ListingDraft(title: String(repeating: "あ", count: 2_000))
        let tooLong = await refusal(service, try DetectViolationsRequest(draft: long).encoded(arena: arena))
        #expect(tooLong?.code == .invalidArgument && tooLong?.message.contains("4096") == true)
        let notText = await refusal(service, [0x0A, 0x03, 0x0A, 0x01, 0xFF])
        #expect(notText?.code == .invalidArgument && notText?.message.contains("not UTF-8") == true)
        #expect(await refusal(service, [0x0A, 0x7F, 0x0A])?.code == .invalidArgument)
        #expect(await refusal(service, [], .suggestPrice)?.code == .unimplemented)
        #expect(try await ask(service, ListingDraft(title: "バッグ")).modelVersion == "first")
        #expect(try await ask(service, ListingDraft()).judgement.decision == .allow)
        #expect(await service.program.terminate().status == 0)
    }

    @Test func wrongRulesAtTheStartAreToldAtOnce() async throws {
        let folder = try await Self.made.value
        let outcome = try await Program.violationService.run([
            "--model", folder.path("models/violations/champion"), "--listen-port", "0", "--admin-port", "0",
            "--rules-file", folder.path("none.yaml"),
        ])
        #expect(outcome.status == 69 && outcome.error.contains("none.yaml"))
    }
}
