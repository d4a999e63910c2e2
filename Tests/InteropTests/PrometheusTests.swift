import Foundation
import TestSupport
import Testing

/// Prometheus itself reads what the services report.
@Suite(.needs("prometheus", "promtool"), .needsDictionary, .timeLimit(.minutes(5))) struct PrometheusTests {
    @Test func aServerScrapesAndItsToolFindsNothingWrong() async throws {
        let services = try await AllServices()
        let folder = try TemporaryFolder()
        for (service, methods) in services.all {
            // Something to report, a failure too.
            for method in methods.dropLast() {
                let name = method.split(separator: "/").last.map(String.init) ?? ""
                for title in ["ナイキ スニーカー 27cm", String(repeating: "長", count: 3_000)] {
                    _ = try await Program.listingAssist.run(
                        "call", name, "{\"title\": \"\(title)\"}", "--address", service.address)
                }
            }
            let text = try await service.get("/metrics").body
            try text.write(toFile: folder.path("metrics"), atomically: true, encoding: .utf8)
            let checked = try await Program.shell("promtool check metrics < '\(folder.path("metrics"))'")
            #expect(checked.status == 0 && checked.output.isEmpty && checked.error.isEmpty, "\(checked)")
            for name in [
                "listing_assist_requests_in_flight", "listing_assist_draft_fields_missing_total",
                "listing_assist_predictions_total", "listing_assist_build_info", "listing_assist_model_info",
            ] { #expect(text.contains(name)) }
        }
        let targets = services.all.map { "\"127.0.0.1:\($0.service.adminPort)\"" }.joined(separator: ", ")
        try """
        global: {scrape_interval: 1s}
        scrape_configs: [{job_name: listing-assist, static_configs: [{targets: [\(targets)]}]}]

        """.write(toFile: folder.path("prometheus.yml"), atomically: true, encoding: .utf8)
        let port = try Loopback.freePort()
        let prometheus = try RunningProgram(
            try #require(Installed.program("prometheus")),
            [
                "--config.file=" + folder.path("prometheus.yml"), "--storage.tsdb.path=" + folder.path("data"),
                "--web.listen-address=127.0.0.1:\(port)",
            ])
        func value(_ query: String) async throws -> String {
            (try? await Loopback.get("/api/v1/query?query=\(query)", port: port).body) ?? ""
        }
        try await eventually("every service to be scraped") { () -> Void? in
            try await value("sum(up)").contains("\"4\"]") ? () : nil
        }
        let asked = try await eventually("the requests to be counted") { () -> String? in
            let body = try await value("sum(listing_assist_requests_total)")
            return body.contains("\"result\":[]") ? nil : body
        }
        #expect(asked.contains("\"14\"]"), "\(asked)")
        await prometheus.terminate()
        await services.stop()
    }
}
