import Foundation
import Listings
import ServiceHost
import SuggestionService

/// Suggests categories, titles and attributes over RPC: the composition root.
@main
enum CategoryTitleService {
    static let defaultPort = 7103

    static func main() async {
        exit(
            await ServiceHost<ServedCategoryTitle>.main(
                name: "category-title-service", version: ProductVersion.current, port: defaultPort
            ) { context in
                CategoryTitleHandlers(handlers: try SuggestionHandlers(context)).registrations
            })
    }
}
