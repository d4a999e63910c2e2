import NIOCore
import Synchronization

/// Lets so many log lines through in a second: overload must not be made worse by logging.
final class LineLimit: Sendable {
    private struct Window {
        var start = NIODeadline.now()
        var lines = 0
        var omitted = 0
    }

    private let perSecond: Int
    private let window = Mutex(Window())

    init(perSecond: Int) { self.perSecond = perSecond }

    /// How many lines were left out before this one, or nil when this one is to be left out too.
    func take(at now: NIODeadline = .now()) -> Int? {
        window.withLock { window in
            if now - window.start >= .seconds(1) { window = Window(start: now, lines: 0, omitted: window.omitted) }
            guard window.lines < perSecond else {
                window.omitted += 1
                return nil
            }
            window.lines += 1
            defer { window.omitted = 0 }
            return window.omitted
        }
    }
}
