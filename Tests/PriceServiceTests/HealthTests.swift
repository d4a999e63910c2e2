import TestSupport
import Testing

/// `--health`, what a container's health check runs.
@Suite struct HealthTests {
    private func health(_ port: Int) async throws -> Program.Outcome {
        try await Program.priceService.run("--health", "--admin-port", "\(port)", "--admin-host", "0.0.0.0")
    }

    @Test(.needsDictionary) func aReadyServiceIsWell() async throws {
        let service = try await RunningService(model: try await TrainedModels.shared().champion)
        try await service.ready()
        let outcome = try await health(service.adminPort)
        #expect(outcome.status == 0 && outcome.output == "{\"ready\":true}\n", "\(outcome)")
    }

    @Test func oneWithoutAModelIsNotAndSaysWhy() async throws {
        let folder = try TemporaryFolder()
        let service = try await RunningService(model: folder.path("champion"))
        _ = try await service.refusal()
        let outcome = try await health(service.adminPort)
        #expect(outcome.status == 1 && outcome.output.contains("no bundle"), "\(outcome)")
        await service.program.terminate()
        let gone = try await health(service.adminPort)
        #expect(gone.status == 1 && gone.errorLines.count == 1 && gone.error.contains("does not answer"), "\(gone)")
    }
}
