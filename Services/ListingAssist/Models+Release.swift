import ArgumentParser
import Foundation
import ModelBundles

extension Models {
    /// Who changes something, and why.
    struct Decision: ParsableArguments {
        @Option(help: "Who decided it.")
        var by = Person.current
        @Option(help: "Why, for the history.")
        var why: String
    }

    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a bundle into a models folder, checked and durable.",
            discussion: """
                It goes to MODELS/<service>/<version>, and no alias names it yet: `models promote` makes it live. \
                Publishing the same bundle again does nothing; another bundle of the same version is refused.
                """)
        @Option(help: "The models folder.")
        var models: String
        @Argument(help: "The bundle's folder or alias.")
        var bundle: String
        @OptionGroup var decision: Decision

        func run() throws {
            try reporting {
                let root = ModelsRoot(URL(filePath: models))
                let done = try root.publish(URL(filePath: bundle), by: decision.by, why: decision.why)
                let manifest = try ModelBundle.open(URL(filePath: bundle), verification: .sizesOnly).manifest
                print(
                    "\(manifest.service)/\(manifest.version) \(done == .alreadyThere ? "was there already" : "is published")"
                )
            }
        }
    }

    struct Promote: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Point an alias at a version, after checking it.")
        @OptionGroup var place: Place
        @Argument(help: "The version.")
        var version: String
        @Option(help: "The alias.")
        var alias = "champion"
        @OptionGroup var decision: Decision

        func run() throws {
            try reporting {
                try place.root.promote(
                    place.service, version: version, alias: alias, by: decision.by, why: decision.why)
                print("\(place.service)/\(alias) is \(version)")
            }
        }
    }

    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Point an alias at the version it named before.")
        @OptionGroup var place: Place
        @Option(help: "The alias.")
        var alias = "champion"
        @OptionGroup var decision: Decision

        func run() throws {
            try reporting {
                let change = try place.root.rollback(place.service, alias: alias, by: decision.by, why: decision.why)
                print("\(place.service)/\(alias) is \(change.to ?? "none")")
            }
        }
    }

    struct Collect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gc",
            abstract: "Remove old versions, and what crashed publishers left.",
            discussion: """
                A version stays while an alias names it or a rollback would lead to it, while it is among the newest, \
                and while it is young. A service that uses a removed version goes on with it.
                """)
        @OptionGroup var place: Place
        @Option(help: "How many of the newest versions stay.")
        var keep = 3
        @Option(help: "Versions younger than so many days stay.")
        var days = 7.0
        @Flag(help: "Print what would be removed.")
        var dryRun = false
        @Option(help: "Who decided it.")
        var by = Person.current
        @Option(help: "Why, for the history; else the options.")
        var why: String?

        func validate() throws {
            guard keep >= 0, days >= 0, days <= 100_000 else {
                throw ValidationError("--keep and --days must not be negative")
            }
        }

        func run() throws {
            try reporting {
                let retention = ModelRetention(newest: keep, seconds: Int64(days * 86_400))
                let versions =
                    dryRun
                    ? try place.root.superfluous(of: place.service, retention)
                    : try place.root.collectGarbage(
                        of: place.service, retention, by: by, why: why ?? "gc --keep \(keep) --days \(days)"
                    ).compactMap(\.from)
                for version in versions { print("\(dryRun ? "would remove" : "removed") \(place.service)/\(version)") }
                if versions.isEmpty { print("nothing to remove") }
            }
        }
    }
}

/// Whoever runs this program; a container's user often has no name.
enum Person {
    static var current: String {
        let name = NSUserName()
        return name.isEmpty ? "uid \(getuid())" : name
    }
}
