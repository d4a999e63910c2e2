#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The usual `process_…` metrics, read from `/proc` when they are asked for.
struct ProcessMetrics: Sendable {
    private let memory: PrometheusGauge
    private let descriptors: PrometheusGauge
    private let processor: PrometheusGauge

    init(_ registry: PrometheusRegistry, started: Date = Date()) {
        registry.gauge("process_start_time_seconds", help: "When the process started, seconds since the Unix epoch.")
            .set(started.timeIntervalSince1970)
        memory = registry.gauge("process_resident_memory_bytes", help: "Resident memory.")
        descriptors = registry.gauge("process_open_fds", help: "Open file descriptors.")
        processor = registry.gauge("process_cpu_seconds", help: "User and system time taken.")
    }

    func update() {
        if let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) {
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            memory.set(Double(pages * Int(sysconf(Int32(_SC_PAGESIZE)))))
        }
        descriptors.set(Double((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0))
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return }
        processor.set(Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}
