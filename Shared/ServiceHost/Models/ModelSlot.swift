import ModelBundles
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The model a service answers with. A handler takes ``current()`` once a request and keeps it until it has answered:
/// every answer is from one model, and a replaced model goes away with its last request.
public final class ModelSlot<Model: ServableModel>: Sendable {
    /// A model and where it is from.
    public struct Loaded: Sendable {
        public let model: Model
        public let bundle: ModelBundle
        /// The alias that led to the bundle, if one did.
        public let alias: String?
        public let loadedAt: Date
        /// Golden examples answered.
        public let golden: Int
    }

    enum State {
        case empty(reason: String)
        case serving(Loaded)
    }

    private let state: Mutex<State>

    public init() { state = Mutex(.empty(reason: "the model is being loaded")) }

    /// - Throws: ``ModelUnavailable``, for which a service answers UNAVAILABLE.
    public func current() throws(ModelUnavailable) -> Loaded {
        switch state.withLock({ $0 }) {
        case .serving(let loaded): return loaded
        case .empty(let reason): throw ModelUnavailable(reason)
        }
    }

    /// The version that is served, `nil` while none is.
    public var version: String? { (try? current())?.bundle.manifest.version }

    func serve(_ loaded: Loaded) { state.withLock { $0 = .serving(loaded) } }

    func withdraw(_ reason: String) { state.withLock { $0 = .empty(reason: reason) } }
}
