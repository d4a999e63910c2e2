import Foundation
import TestSupport
import Testing

/// Starting with something missing or taken.
@Suite struct StartTests {
    @Test func aMissingModelIsWaitedFor() async throws {
        let folder = try TemporaryFolder()
        let service = try await RunningService(model: folder.path("price/champion"))
        #expect(try await service.refusal().contains(folder.path("price/champion")))
        #expect(try await service.get("/livez").status == 200)
        #expect(try await service.get("/readyz").status == 503)
        let outcome = await service.program.terminate()
        #expect(outcome.status == 0)
    }

    @Test func aTakenPortIsToldInOneLine() async throws {
        let folder = try TemporaryFolder()
        let first = try await RunningService(model: folder.path("none"))
        for (flag, port) in [("--listen-port", first.port), ("--admin-port", first.adminPort)] {
            let other = flag == "--listen-port" ? "--admin-port" : "--listen-port"
            let second = try await Program.priceService.run(
                "--model", folder.path("none"), flag, "\(port)", other, "0", "--log-level", "critical")
            #expect(second.status == 69)
            #expect(second.errorLines.count == 1 && second.error.contains("\(port)"), "\(second.error)")
        }
        #expect(try await first.get("/livez").status == 200)
    }

    @Test func optionsThatAreWrongAreToldInOneLine() async throws {
        for (arguments, word) in [
            (["--model", "m", "--listen-prot", "1"], "--listen-prot"), (["--model", "m", "serve"], "serve"),
            ([], "--model"), (["--model", "m", "--threads", "many"], "--threads"),
        ] {
            let outcome = try await Program.priceService.run(arguments)
            #expect(outcome.status == 64)
            #expect(outcome.errorLines.count == 1 && outcome.error.contains(word), "\(outcome.error)")
        }
        let version = try await Program.priceService.run("--version")
        #expect(version.status == 0 && version.output.hasPrefix("price-service "))
    }
}
