import Foundation
import Listings
import ServiceHost
import SuggestionService

/// Judges drafts over RPC: the composition root.
@main
enum ViolationService {
    static let defaultPort = 7107
    static let options = [
        ServiceOption(
            "rules.file", .text, default: "",
            "reviewed rules in YAML, read again when the file changes; without it only the model judges")
    ]

    static func main() async {
        exit(
            await ServiceHost<ServedViolations>.main(
                name: "violation-service", version: ProductVersion.current, port: defaultPort, options: options
            ) { context in
                ViolationHandlers(
                    handlers: try SuggestionHandlers(context),
                    rules: try WatchedRules(
                        path: context.configuration.settings.text("rules.file"),
                        interval: context.configuration.reloadInterval, logger: context.logger,
                        registry: context.registry)
                ).registrations
            })
    }
}
