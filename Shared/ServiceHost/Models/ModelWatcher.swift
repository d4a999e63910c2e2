import Dispatch
import ServiceLifecycle

/// Looks at the model's path now and then, for as long as the service runs.
struct ModelWatcher<Model: ServableModel>: Service {
    let loader: ModelLoader<Model>
    let interval: Duration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Loading takes a thread for as long as it runs: not one of those that answer requests.
                await onThread { loader.refresh() }
                Task.detached { await onThread { loader.verifyRemaining() } }
                try await Task.sleep(for: interval)
            }
        }
    }
}

/// Runs blocking work on a thread of its own.
func onThread(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            work()
            continuation.resume()
        }
    }
}
