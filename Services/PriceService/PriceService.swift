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
                let limits = FieldLimits(context.configuration.settings)
                return try PriceHandlers(model: context.model, limits: limits, workers: context.workers).registrations
            })
    }
}

extension FieldLimits {
    /// The limits that the service was configured with.
    init(_ settings: ServiceSettings) {
        self.init()
        title = settings.integer("limits.titleBytes")
        description = settings.integer("limits.descriptionBytes")
        shortField = settings.integer("limits.fieldBytes")
        tags = settings.integer("limits.tags")
    }
}
