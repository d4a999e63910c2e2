import Logging
import Synchronization

/// The least level that is logged, which can be changed while a service runs.
public final class LogThreshold: Sendable {
    private let number: Atomic<Int>

    public init(_ level: Logger.Level = .info) { number = Atomic(Self.number(level)) }

    public var level: Logger.Level {
        get { Logger.Level.allCases[number.load(ordering: .relaxed)] }
        set { number.store(Self.number(newValue), ordering: .relaxed) }
    }

    private static func number(_ level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}
