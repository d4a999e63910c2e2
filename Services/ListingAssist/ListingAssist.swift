import ArgumentParser
import Listings

/// The offline tool: makes, imports, learns from and asks about listings.
@main
struct ListingAssist: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listing-assist",
        abstract: "Train, compare, release and ask the models that help sellers to list.",
        version: ProductVersion.current,
        subcommands: [
            Synthesize.self, Import.self, Train.self, Evaluate.self, Predict.self, Features.self, Models.self,
            Call.self, Load.self, Up.self,
        ])
}
