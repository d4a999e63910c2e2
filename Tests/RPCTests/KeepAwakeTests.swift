#if os(Linux)
    import Glibc
    import Logging
    import NIOCore
    import Testing

    @testable import RPC

    @Suite(.serialized)
    struct KeepAwakeTests {
        /// The helper threads of this process: their ids, scheduling policies, and processor time in hundredths.
        private struct Helper: Equatable {
            let id: Int32
            let policy: Int
            let ticks: Int

            static var all: [Helper] {
                guard let folder = opendir("/proc/self/task") else { return [] }
                defer { closedir(folder) }
                var helpers: [Helper] = []
                while let entry = readdir(folder) {
                    let name = withUnsafeBytes(of: entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                    guard let id = Int32(name), let line = read("/proc/self/task/\(name)/stat"),
                        line.contains("(keep-awake)"), let end = line.lastIndex(of: ")")
                    else { continue }
                    // From the third field on; see proc_pid_stat(5).
                    let fields = line[line.index(after: end)...].split(separator: " ").map { Int($0) ?? 0 }
                    helpers.append(Helper(id: id, policy: fields[38], ticks: fields[11] + fields[12]))
                }
                return helpers
            }

            /// Of all of them.
            static var ticks: Int { all.reduce(0) { $0 + $1.ticks } }

            private static func read(_ path: String) -> String? {
                guard let file = fopen(path, "r") else { return nil }
                defer { fclose(file) }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = fread(&bytes, 1, bytes.count, file)
                return String(decoding: bytes.prefix(count), as: UTF8.self)
            }
        }

        private static let idlePolicy = 5
        private static let batchPolicy: Int32 = 3

        @Test func aCoreIsKeptAwakeForAWhileAfterWorkAndNoLonger() async throws {
            let keepAwake = try #require(KeepAwake(for: .milliseconds(300), logger: Logger(label: "test")))
            #expect(await eventually { Helper.all.map(\.policy) == [Self.idlePolicy] })
            #expect(await eventually { !keepAwake.isSpinning })
            let rested = try #require(Helper.all.first).ticks
            try await Task.sleep(for: .milliseconds(200))
            #expect(try #require(Helper.all.first).ticks <= rested + 1)
            keepAwake.note()
            #expect(keepAwake.isSpinning)
            // A busy machine gives it little; some it gets.
            #expect(
                await eventually {
                    keepAwake.note()
                    return Helper.all.first.map { $0.ticks > rested + 1 } ?? false
                })
            #expect(await eventually { !keepAwake.isSpinning })
            keepAwake.stop()
            #expect(await eventually { Helper.all.isEmpty })
        }

        @Test(.enabled(if: geteuid() == 0, "raising a thread's priority takes rights"))
        func whoRaisesTheWholeProcessDoesNotRaiseTheHelper() async throws {
            let keepAwake = try #require(KeepAwake(for: .seconds(60), logger: Logger(label: "test")))
            #expect(await eventually { Helper.all.map(\.policy) == [Self.idlePolicy] })
            var none = sched_param()
            let raised = sched_setscheduler(try #require(Helper.all.first).id, Self.batchPolicy, &none)
            #expect(raised == 0)
            #expect(await eventually { Helper.all.map(\.policy) == [Self.idlePolicy] })
            keepAwake.stop()
            #expect(await eventually { Helper.all.isEmpty })
        }

        @Test func aServerKeepsItsCoresAwakeAndEndsThatWithItself() async throws {
            try await EchoServer.run(
                .loopback {
                    $0.threads = 2
                    $0.keepAwakeTime = .milliseconds(20)
                }
            ) { server in
                #expect(await eventually { Helper.all.count == 2 })
                // Without work they rest.
                try await Task.sleep(for: .milliseconds(200))
                let rested = Helper.ticks
                try await Task.sleep(for: .milliseconds(200))
                #expect(Helper.ticks <= rested + 2)
                try await server.withClient { client in
                    let end = ContinuousClock.now + .seconds(60)
                    while Helper.ticks <= rested + 4, ContinuousClock.now < end {
                        _ = try await client.call(EchoMethods.echo, payload: ByteBuffer())
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                #expect(Helper.ticks > rested + 4)
            }
            #expect(await eventually { Helper.all.isEmpty })
        }
    }
#endif
