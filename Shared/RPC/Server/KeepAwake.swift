import CKeepAwake
import Logging
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps the core of one event loop from halting for some time after each piece of work (see CKeepAwake). Touched on that
/// loop only, which is what makes the unchecked conformance hold.
struct KeepAwake: @unchecked Sendable {
    private let helper: OpaquePointer

    /// Nil when `time` is zero, or no helper can be had, which is logged.
    init?(for time: Duration, logger: Logger) {
        let nanoseconds = TimeAmount(clamping: time).nanoseconds
        guard nanoseconds > 0 else { return nil }
        guard let helper = la_keep_awake_start(UInt64(nanoseconds)) else {
            let reason = String(cString: strerror(errno))
            logger.warning("a core that is to be kept awake may halt", metadata: ["reason": "\(reason)"])
            return nil
        }
        self.helper = helper
    }

    var isSpinning: Bool { la_keep_awake_is_spinning(helper) != 0 }

    /// There is work.
    func note() { la_keep_awake_note(helper) }

    /// Ends it; not to be followed by anything else.
    func stop() { la_keep_awake_stop(helper) }
}
