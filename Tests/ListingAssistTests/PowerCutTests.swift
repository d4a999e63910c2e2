import Foundation
import ModelBundles
import TestSupport
import Testing

/// `models publish`, `promote`, `rollback` and `gc`, killed in turn at each of their system calls that changes anything:
/// the models folder is as it was before, or as it is after.
@Suite(.serialized) struct PowerCutTests {
    /// What readers of a models folder can see.
    private struct Sight: Equatable {
        var versions: [String]
        var aliases: [String: String]
        var history: [String]

        init(_ root: ModelsRoot) throws {
            versions = try root.versions(of: "price")
            aliases = Dictionary(uniqueKeysWithValues: try root.aliases(of: "price").map { ($0.alias, $0.version) })
            // The clock differs from run to run.
            history = try root.history(of: "price").map {
                "\($0.action) \($0.alias ?? "-") \($0.from ?? "-") \($0.to ?? "-") \($0.by) \($0.why)"
            }
            // Each version that can be seen is whole.
            for version in versions { _ = try ModelBundle.open(root.url.appending(path: "price/\(version)")) }
        }
    }

    enum Verb: String, CaseIterable {
        case publish, promote, rollback, gc
    }

    @Test(.needsStrace, arguments: Verb.allCases)
    func theFolderIsAsBeforeOrAsAfter(_ verb: Verb) async throws {
        let folder = try TemporaryFolder()
        let start = folder.url.appending(path: "start")
        try prepare(start, new: folder.url.appending(path: "new"))
        let before = try Sight(ModelsRoot(start))

        let place = folder.url.appending(path: "root")
        func arguments() -> [String] {
            let common = ["--models", place.path, "--by", "aoi", "--why", "test"]
            return switch verb {
            case .publish: ["models", "publish", folder.path("new/price/4")] + common
            case .promote: ["models", "promote", "price", "3"] + common
            case .rollback: ["models", "rollback", "price"] + common
            case .gc: ["models", "gc", "price", "--keep", "0", "--days", "0"] + common
            }
        }
        let trace = folder.path("trace")
        try copy(start, to: place)
        let whole = try await Strace.run(Program.listingAssist, arguments(), ["-ff", "-o", trace])
        #expect(whole.status == 0, "\(whole.error)")
        let after = try Sight(ModelsRoot(place))
        #expect(after != before)

        // A power cut loses what was not synced; a killed process does not, so that is read off the trace.
        let threads = try Strace.threads(of: trace)
        let worker = try #require(threads.first { $0.contains { $0.contains(place.path) && !$0.hasPrefix("execve") } })
        #expect(Strace.unsynced(in: worker, under: place.path) == [])

        let calls = Strace.calls(of: worker, besides: threads.filter { $0 != worker }, from: place.path)
        for name in ["rename", "fsync", "write", "flock"] { #expect(calls.contains { $0.name == name }, "\(name)") }
        var seen = (before: 0, after: 0)
        for call in calls {
            try copy(start, to: place)
            let cut = try await Strace.run(
                Program.listingAssist, arguments(),
                ["-f", "-o", "/dev/null", "-e", "inject=\(call.name):signal=SIGKILL:when=\(call.turn)"])
            let sight = try Sight(ModelsRoot(place))
            if sight == before { seen.before += 1 } else { seen.after += 1 }
            #expect(sight == before || sight == after, "killed at \(call.name) \(call.turn), exit \(cut.status)")
            // Whatever it left, the next one works, and leaves what an undisturbed one leaves.
            if sight == before, call.turn % 5 == 0 {
                let again = try await Program.listingAssist.run(arguments())
                #expect(again.status == 0, "\(again.error)")
                #expect(try Sight(ModelsRoot(place)) == after)
            }
        }
        #expect(seen.before > 0 && seen.after > 0)
    }

    /// Versions 1, 2 and 3, of which 2 is live and 1 was; and a bundle 4 elsewhere.
    private func prepare(_ start: URL, new: URL) throws {
        for (root, versions) in [(start, ["0", "1", "2", "3"]), (new, ["4"])] {
            for version in versions {
                let writer = try BundleWriter(root: root, service: "price", version: version)
                try writer.add("deep/model.bin", bytes: Array(version.utf8))
                try writer.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
            }
        }
        let root = ModelsRoot(start)
        for version in ["1", "2"] { try root.promote("price", version: version, by: "ren", why: "start") }
        try root.promote("price", version: "3", alias: "challenger", by: "ren", why: "start")
    }

    private func copy(_ start: URL, to place: URL) throws {
        try? FileManager.default.removeItem(at: place)
        try FileManager.default.copyItem(at: start, to: place)
    }
}

/// Runs a program under strace, on one core so that its calls come in the same order each time.
private enum Strace {
    struct Call {
        var name: String
        /// Counts from 1, as strace does: each call by its own name.
        var turn: Int
    }

    static let isUsable: Bool = {
        let probe = Process()
        probe.executableURL = URL(filePath: "/usr/bin/strace")
        probe.arguments = ["-o", "/dev/null", "true"]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    static func run(_ program: Program, _ arguments: [String], _ options: [String]) async throws -> Program.Outcome {
        try await Program(url: URL(filePath: "/usr/bin/taskset")).run(
            ["-c", "0", "/usr/bin/strace", "-qq"] + options + [program.url.path] + arguments)
    }

    /// What a power cut could take: files written and not synced before a rename, folders not synced after one.
    static func unsynced(in thread: [String], under root: String) -> [String] {
        var open: [String: String] = [:]
        var files: Set<String> = []
        var folders: Set<String> = []
        var lost: [String] = []
        for line in thread {
            guard let bracket = line.firstIndex(of: "(") else { continue }
            let first = String(line[line.index(after: bracket)...].prefix(while: \.isNumber))
            let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
            switch line[..<bracket] {
            case "openat":
                guard quoted.count > 2, quoted[1].hasPrefix(root) else { continue }
                let result = line.range(of: " = ", options: .backwards)?.upperBound ?? line.endIndex
                open[String(line[result...])] = String(quoted[1])
            case "close": open[first] = nil
            case "write", "ftruncate": if let path = open[first] { files.insert(path) }
            case "fsync":
                guard let path = open[first] else { continue }
                files.remove(path)
                folders.remove(path)
            case "rename":
                guard quoted.count > 3 else { continue }
                lost += files.map { "\($0) before the rename to \(quoted[3])" }
                folders.insert(URL(filePath: String(quoted[3])).deletingLastPathComponent().path)
            default: break
            }
        }
        return lost + files.sorted() + folders.sorted()
    }

    /// The lines of each thread.
    static func threads(of trace: String) throws -> [[String]] {
        let url = URL(filePath: trace)
        let folder = url.deletingLastPathComponent()
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix(url.lastPathComponent + ".") }.sorted()
            .map {
                try String(contentsOf: folder.appending(path: $0), encoding: .utf8).split(separator: "\n").map(
                    String.init)
            }
    }

    /// The calls of a thread, from the first on that names `path`, that can be told from those of other threads by how
    /// often they were made: all that change a file, since only one thread does.
    static func calls(of thread: [String], besides others: [[String]], from path: String) -> [Call] {
        func name(_ line: String) -> String? {
            guard let bracket = line.firstIndex(of: "("), !line.hasPrefix("+"), !line.hasPrefix("-") else { return nil }
            return String(line[..<bracket])
        }
        var elsewhere: [String: Int] = [:]
        for other in others {
            let counts = Dictionary(grouping: other.compactMap(name)) { $0 }.mapValues(\.count)
            elsewhere.merge(counts) { max($0, $1) }
        }
        var turns: [String: Int] = [:]
        var isReached = false
        return thread.compactMap { line in
            guard let name = name(line) else { return nil }
            let turn = turns[name, default: 0] + 1
            turns[name] = turn
            isReached = isReached || line.contains(path)
            return isReached && turn > elsewhere[name, default: 0] && !name.hasPrefix("exit")
                ? Call(name: name, turn: turn) : nil
        }
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var needsStrace: Self {
        .enabled(if: Strace.isUsable, "needs strace, and a machine that lets a process trace its own")
    }
}
