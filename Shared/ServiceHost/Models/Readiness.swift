import Synchronization

/// Whether traffic should come here, and why not.
final class Readiness: Sendable {
    private let draining = Mutex(false)
    private let model: @Sendable () -> ModelUnavailable?

    /// - Parameter model: what is wrong with the model, if anything is.
    init(model: @escaping @Sendable () -> ModelUnavailable?) { self.model = model }

    /// `nil` when ready.
    var reason: String? {
        if draining.withLock({ $0 }) { return "the service is shutting down" }
        return model()?.reason
    }

    func drain() { draining.withLock { $0 = true } }
}
