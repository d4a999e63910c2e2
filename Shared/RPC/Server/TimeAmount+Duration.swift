import NIOCore

extension TimeAmount {
    /// The same length of time, cut to what 64 bits of nanoseconds hold.
    init(clamping duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflow) = nanoseconds.addingReportingOverflow(attoseconds / 1_000_000_000)
        self = overflow || sumOverflow ? .nanoseconds(seconds < 0 ? .min : .max) : .nanoseconds(sum)
    }
}
