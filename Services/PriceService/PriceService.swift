import Foundation
import Listings
import ServiceHost

/// Suggests prices over RPC: the composition root.
@main
enum PriceService {
    static let defaultPort = 7101

    static func main() async {
        exit(
            await ServiceHost<ServedPrice>.main(
                name: "price-service", version: ProductVersion.current, port: defaultPort
            ) { context in
                try PriceHandlers(model: context.model, workers: context.workers).registrations
            })
    }
}
