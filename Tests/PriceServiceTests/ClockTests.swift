import Foundation
import RPC
import TestSupport
import Testing

/// A service whose wall clock jumps by years, while it answers and changes its model: waits, deadlines and intervals are
/// measured on a clock that does not jump.
@Suite(.needs("clang"), .needsDictionary, .timeLimit(.minutes(5))) struct ClockTests {
    /// Stands between a program and the system's wall clock, and adds the seconds that a file holds.
    private static let shim = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static int64_t none;
        static volatile int64_t *offset = &none;

        __attribute__((constructor)) static void start(void) {
            int file = open(getenv("CLOCK_OFFSET"), O_RDONLY);
            void *map = mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, file, 0);
            if (map != MAP_FAILED) offset = map;
            close(file);
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, clock, now);
            if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += *offset;
            return result;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            *now = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
            return 0;
        }
        time_t time(time_t *now) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (now != NULL) *now = exact.tv_sec;
            return exact.tv_sec;
        }
        """

    private func set(_ file: String, years: Int64) throws {
        let seconds = years * 365 * 86_400
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        try handle.write(contentsOf: withUnsafeBytes(of: seconds) { Data($0) })
        try handle.close()
    }

    @Test func aClockThatJumpsHarmsNoOne() async throws {
        let folder = try TemporaryFolder()
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        let clock = try folder.file("clock", "12345678")
        try set(clock, years: 0)
        let (source, library) = (try folder.file("clock.c", Self.shim), folder.path("clock.so"))
        let built = try await Program.shell("clang -shared -fPIC -o '\(library)' '\(source)'")
        try #require(built.status == 0, "\(built.error)")
        let start = try folder.file(
            "start.sh",
            "#!/bin/sh\nLD_PRELOAD='\(library)' CLOCK_OFFSET='\(clock)' exec '\(Program.priceService.url.path)' \"$@\"\n"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: start)
        let service = try await RunningService(
            Program(url: URL(filePath: start)), model: models.champion,
            options: [
                "--reload-milliseconds", "50", "--limits-idle-seconds", "600", "--limits-queue-milliseconds", "20000",
                "--log-sample", "1",
            ])
        try await service.ready()
        let client = try await PriceClient(service)
        var seen: Set<Substring> = []
        for (years, version) in [(0, "first"), (8, "second"), (-8, "first"), (1, "second")] as [(Int64, String)] {
            try set(clock, years: years)
            // Each with a minute to answer, on a connection that may be idle for ten.
            for _ in 0..<20 { _ = try await client.suggest(.init(title: "バッグ")) }
            try Data("\(version)\n".utf8).write(to: URL(filePath: models.champion), options: .atomic)
            try await eventually("the version \(version)") {
                try await client.suggest(.init(title: "バッグ")).modelVersion == version ? () : nil
            }
            #expect(try await service.get("/readyz").status == 200)
            if let line = service.program.error.split(separator: "\n").last(where: { $0.contains("\"request\"") }) {
                seen.insert(line.dropFirst("{\"time\":\"".count).prefix(4))
            }
        }
        #expect(seen.count == 4, "the years that its log shows: \(seen)")
        let outcome = await service.program.terminate()
        #expect(outcome.status == 0)
        #expect(service.entries("request").allSatisfy { $0["code"] == "OK" })
    }
}
