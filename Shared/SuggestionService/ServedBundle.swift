import ModelBundles
import ServiceHost

/// A bundle as the host loads, verifies and replaces it. A class, so that a worker sees at once that it changed.
public protocol ServedBundle: ServableModel, AnyObject {
    /// What one thread asks. Not shared between threads.
    associatedtype Suggester

    init(bundle: ModelBundle) throws

    func makeSuggester() throws -> Suggester
}

extension ServedBundle {
    public static func load(bundle: ModelBundle, workers: Int) throws -> Self { try Self(bundle: bundle) }
}
