import ArgumentParser
import Foundation
import ModelBundles

extension Models {
    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every change of a service's models, or the version that was live at a time.")
        @OptionGroup var place: Place
        @Option(help: "Only this alias.")
        var alias: String?
        @Option(
            help: "Print the version that the alias (champion by default) named at this time: 2026-01-31T09:30:00Z.")
        var at: String?
        @Flag(help: "Print as JSON.")
        var json = false

        private struct Live: Encodable {
            var service, alias, at: String
            var version: String?
        }

        func run() throws {
            try reporting {
                if let at { return try printLive(at: at) }
                let changes = try place.root.history(of: place.service, alias: alias)
                if json { return try Console.print(json: changes) }
                for change in changes { print(Self.line(change)) }
            }
        }

        private func printLive(at text: String) throws {
            guard let time = try? Date(text, strategy: .iso8601) else {
                throw Failure(message: "--at \(text) is not a time such as 2026-01-31T09:30:00Z")
            }
            let alias = alias ?? "champion"
            let version = try place.root.version(
                of: place.service, alias: alias, at: Int64(time.timeIntervalSince1970.rounded(.down)))
            if json {
                return try Console.print(
                    json: Live(service: place.service, alias: alias, at: time.formatted(.iso8601), version: version))
            }
            guard let version else { throw Failure(message: "\(place.service)/\(alias) named no version at \(text)") }
            print(version)
        }

        private static func line(_ change: ModelChange) -> String {
            let at = Date(timeIntervalSince1970: Double(change.at)).formatted(.iso8601)
            let what =
                switch change.action {
                case .publish: change.to ?? ""
                case .remove: change.from ?? ""
                case .promote, .rollback: "\(change.alias ?? ""): \(change.from ?? "none") -> \(change.to ?? "none")"
                }
            return "\(at) \(change.action) \(what), by \(change.by): \(change.why)"
        }
    }
}
