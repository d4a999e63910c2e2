import Foundation
import Listings
import ServiceHost
import SuggestionService

/// Suggests prices over RPC: the composition root.
@main
enum PriceService {
    static let defaultPort = 7101

    static func main() async {
        exit(
            await ServiceHost<ServedPrice>.main(
                name: "price-service", version: ProductVersion.current, port: defaultPort
            ) { context in
                PriceHandlers(handlers: try SuggestionHandlers(context)).registrations
            })
    }
}
