import ArgumentParser
import Foundation
import ModelBundles
import Suggesters

struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, inspect, check, publish, promote, roll back and remove models.",
        subcommands: [
            List.self, Show.self, Verify.self, Publish.self, Promote.self, Rollback.self, History.self, Collect.self,
        ])

    /// A models folder and the service in it.
    struct Place: ParsableArguments {
        @Option(help: "The models folder.")
        var models: String
        @Argument(help: "The service: \(Task.allCases.map(\.rawValue).joined(separator: ", ")).")
        var service: String

        var root: ModelsRoot { ModelsRoot(URL(filePath: models)) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every service's versions and aliases.")
        @Option(help: "The models folder.")
        var models: String
        @Flag(help: "Print as JSON.")
        var json = false

        struct Row: Encodable {
            var service, version: String
            var aliases: [String]
        }

        func run() throws {
            try reporting {
                let root = ModelsRoot(URL(filePath: models))
                let rows = try root.services().flatMap { service in
                    let aliases = try root.aliases(of: service)
                    return try root.versions(of: service).map { version in
                        Row(
                            service: service, version: version,
                            aliases: aliases.filter { $0.version == version }.map(\.alias))
                    }
                }
                if json { return try Console.print(json: rows) }
                for row in rows {
                    print("\(row.service)/\(row.version)  \(row.aliases.joined(separator: " "))")
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A bundle's manifest, and what its model is made of.")
        @Argument(help: "A bundle's folder or alias.")
        var bundle: String
        @Flag(help: "Print the manifest as JSON.")
        var json = false

        func run() throws {
            try reporting {
                let opened = try ModelBundle.open(URL(filePath: bundle), verification: .sizesOnly)
                if json { return try Console.print(json: opened.manifest) }
                print(String(decoding: try opened.manifest.json(), as: UTF8.self))
                guard let task = Task(rawValue: opened.manifest.service) else { return }
                print(try task.commands.description(of: opened).joined(separator: "\n"))
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every byte of a bundle and replay its golden examples.")
        @Argument(help: "A bundle's folder or alias.")
        var bundle: String

        func run() throws {
            try reporting {
                let opened = try ModelBundle.open(URL(filePath: bundle), verification: .everything)
                let task = Task(rawValue: opened.manifest.service)
                let replayed = try task?.commands.replayGolden(of: opened) ?? 0
                print("\(opened.url.path): \(opened.manifest.files.count) files and \(replayed) golden examples hold")
            }
        }
    }
}
