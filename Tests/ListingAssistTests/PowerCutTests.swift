import Foundation
import ModelBundles
import TestSupport
import Testing

/// `models publish`, `promote`, `rollback` and `gc`, killed at each of their system calls in turn: the models folder is
/// as it was before, or as it is after.
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
        let whole = try await Strace.run(Program.listingAssist, arguments(), ["-o", trace])
        #expect(whole.status == 0, "\(whole.error)")
        let after = try Sight(ModelsRoot(place))
        #expect(after != before)

        // A power cut loses what was not synced; a killed process does not, so that is read off the trace.
        #expect(try Strace.unsynced(in: trace, under: place.path) == [])

        let calls = try Strace.calls(of: trace, from: place.path)
        #expect(calls.count > 20)
        var seen = (before: 0, after: 0)
        for call in calls {
            try copy(start, to: place)
            let cut = try await Strace.run(
                Program.listingAssist, arguments(),
                ["-o", "/dev/null", "-e", "inject=\(call.name):signal=SIGKILL:when=\(call.turn)"])
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
    static func unsynced(in trace: String, under root: String) throws -> [String] {
        var open: [Substring: String] = [:]
        var files: Set<String> = []
        var folders: Set<String> = []
        var lost: [String] = []
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
            guard let bracket = line.firstIndex(of: "(") else { continue }
            let first = line[line.index(after: bracket)...].prefix(while: \.isNumber)
            let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
            switch line[..<bracket] {
            case "openat":
                guard quoted.count > 2, quoted[1].hasPrefix(root) else { continue }
                open[line[(line.range(of: " = ", options: .backwards)?.upperBound ?? line.endIndex)...]] =
                    String(quoted[1])
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

    /// The calls of a trace, from the first on that names `path`.
    static func calls(of trace: String, from path: String) throws -> [Call] {
        var turns: [String: Int] = [:]
        var calls: [Call] = []
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
            guard let bracket = line.firstIndex(of: "("), !line.hasPrefix("+++"), !line.hasPrefix("---") else {
                continue
            }
            let name = String(line[..<bracket])
            turns[name, default: 0] += 1
            let isReached = !calls.isEmpty || (line.contains(path) && name != "execve")
            if isReached, name != "exit_group" { calls.append(Call(name: name, turn: turns[name] ?? 0)) }
        }
        return calls
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var needsStrace: Self {
        .enabled(if: Strace.isUsable, "needs strace, and a machine that lets a process trace its own")
    }
}
