/// One key of a service's configuration: how it is called, what it takes, what it is for.
public struct ServiceOption: Sendable {
    public enum Kind: Sendable, Equatable {
        case text
        case integer(ClosedRange<Int>)
        case choice([String])
    }

    /// `listen.port`: the path in the JSON file. `--listen-port` on the command line,
    /// `LISTING_ASSIST_LISTEN_PORT` in the environment.
    public let key: String
    public let kind: Kind
    public let fallback: String
    public let help: String
    /// Whether the value is shown to no one.
    public let isSecret: Bool

    public init(_ key: String, _ kind: Kind, default fallback: String, isSecret: Bool = false, _ help: String) {
        (self.key, self.kind, self.fallback, self.isSecret, self.help) = (key, kind, fallback, isSecret, help)
    }

    /// The key's words: `limits.messageBytes` has `limits`, `message` and `bytes`.
    private var words: [String] {
        key.reduce(into: [""]) { words, character in
            if character == "." {
                words.append("")
            } else if character.isUppercase {
                words.append(character.lowercased())
            } else {
                words[words.count - 1].append(character)
            }
        }
    }

    public var flag: String { "--" + words.joined(separator: "-") }
    public var variable: String { Self.variablePrefix + words.joined(separator: "_").uppercased() }

    static let variablePrefix = "LISTING_ASSIST_"

    /// Why `text` is not a value of this option, `nil` when it is one.
    func objection(to text: String) -> String? {
        switch kind {
        case .text:
            nil
        case .integer(let range):
            Int(text).map(range.contains) == true
                ? nil : "takes a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choices):
            choices.contains(text) ? nil : "takes \(choices.joined(separator: ", "))"
        }
    }
}

extension ServiceOption {
    /// The options of every service. `--help` prints this table.
    static func common(port: Int) -> [ServiceOption] {
        let ports = Kind.integer(0...65_535)
        let sizes = Kind.integer(1...Int(Int32.max))
        return [
            .init("model", .text, default: "", "bundle folder, or alias file such as models/price/champion"),
            .init("listen.host", .text, default: "127.0.0.1", "address that requests are taken on"),
            .init("listen.port", ports, default: "\(port)", "its port; 0 takes a free one"),
            .init("listen.socket", .text, default: "", "path of a Unix socket, taken instead of host and port"),
            .init("admin.host", .text, default: "127.0.0.1", "address of /livez /readyz /metrics /model /version"),
            .init("admin.port", ports, default: "\(port + 1)", "its port; 0 takes a free one"),
            .init(
                "admin.token", .text, default: "", isSecret: true,
                "what changes on the admin port must show; better an environment variable"),
            .init(
                "admin.reads", .choice(["loopback", "open", "token"]), default: "loopback",
                "who may read more than /livez and /readyz without the token"),
            .init(
                "tls.certificate", .text, default: "", "PEM file with the service's certificates; read anew on change"),
            .init("tls.key", .text, default: "", "PEM file with the certificate's key"),
            .init(
                "tls.authority", .text, default: "", "PEM file with the authorities of clients; asks for certificates"),
            .init("tls.clients", .text, default: "", "names of clients let in, parted by spaces; empty lets all in"),
            .init(
                "listen.plain", .choice(["loopback", "anywhere"]), default: "loopback",
                "where requests may come from without TLS"),
            .init("threads", .integer(0...1024), default: "0", "worker threads; 0 takes one a core"),
            .init(
                "keepAwake.milliseconds", .integer(0...3_600_000), default: "0",
                "how long a core spins after a request instead of halting; 0 lets it halt"),
            .init(
                "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
                default: "info", "least level that is logged"),
            .init("log.format", .choice(["json", "text"]), default: "json", "json or text, one line an entry"),
            .init(
                "log.sample", .integer(0...Int(Int32.max)), default: "0",
                "logs one of so many requests that went well; 0 logs none"),
            .init(
                "feedback.folder", .text, default: "", "folder that outcomes are kept in; without it they are refused"),
            .init("feedback.fileBytes", sizes, default: "67108864", "size at which a file of outcomes is put away"),
            .init("feedback.files", sizes, default: "32", "files of outcomes that are kept"),
            .init("limits.messageBytes", sizes, default: "1048576", "longest request message"),
            .init(
                "limits.heldBytes", sizes, default: "33554432",
                "bytes of messages over 8 kB held at a time; more are refused at once"),
            .init("limits.queued", sizes, default: "16384", "requests that may wait; more are refused at once"),
            .init("limits.queuedPerConnection", sizes, default: "4096", "the same for one connection"),
            .init(
                "limits.queueMilliseconds", sizes, default: "100",
                "longest wait in a burst; requests that would wait longer are refused"),
            .init(
                "limits.standingQueueMilliseconds", sizes, default: "2",
                "longest wait under overload"),
            .init("limits.connections", sizes, default: "4096", "open connections; more are closed at once"),
            .init("limits.idleSeconds", .integer(0...86_400), default: "900", "a silent connection is closed; 0 never"),
            .init("limits.ageSeconds", .integer(0...604_800), default: "0", "a connection this old is ended; 0 never"),
            .init("limits.titleBytes", sizes, default: "4096", "longest title, in bytes of UTF-8"),
            .init("limits.descriptionBytes", sizes, default: "65536", "longest description"),
            .init("limits.fieldBytes", sizes, default: "512", "longest other field, category level or tag"),
            .init("limits.tags", sizes, default: "100", "most tags"),
            .init(
                "verify.fullDigestBytes", .integer(0...Int.max), default: "268435456",
                "files up to this size are digested before ready, larger ones after"),
            .init(
                "reload.milliseconds", .integer(10...86_400_000), default: "1000",
                "how often the alias or bundle is looked at"),
            .init("drain.seconds", .integer(0...3600), default: "10", "time that requests in work get after SIGTERM"),
        ]
    }

    /// The table of `--help`.
    static func help(name: String, options: [ServiceOption]) -> String {
        let rows = options.map { option in
            let fallback = option.fallback.isEmpty ? "" : " [\(option.fallback)]"
            return ("\(option.flag) VALUE", option.variable, option.help + fallback)
        }
        let all = [("--config FILE", variablePrefix + "CONFIG", "JSON file with these keys as nested objects")] + rows
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let widths = (all.map(\.0.count).max() ?? 0, all.map(\.1.count).max() ?? 0)
        let lines = all.map { "  \(padded($0.0, widths.0))  \(padded($0.1, widths.1))  \($0.2)" }
        return """
            usage: \(name) --model BUNDLE [options]

            A value comes from the command line, else from the environment, else from the file, else it is the one
            in brackets.

            \(lines.joined(separator: "\n"))
              --help, --version
              --health  asks the running service with these options whether it is ready, and exits with 0 or 1

            """
    }
}
