import Foundation
import Listings
import ServiceHost
import SuggestionService

/// Suggests tags over RPC: the composition root.
@main
enum TagService {
    static let defaultPort = 7105

    static func main() async {
        exit(
            await ServiceHost<ServedTags>.main(
                name: "tag-service", version: ProductVersion.current, port: defaultPort
            ) { context in
                TagHandlers(handlers: try SuggestionHandlers(context)).registrations
            })
    }
}
