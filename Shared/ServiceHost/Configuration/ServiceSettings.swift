import Configuration
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The values of a service's options, each from the first of command line, environment, file and default that has it.
public struct ServiceSettings: Sendable {
    private let values: [String: String]
    private let secrets: Set<String>

    /// - Throws: ``ConfigurationError`` for an unknown option or key, a value an option does not take, or a file that
    ///   cannot be read.
    public static func load(
        options: [ServiceOption], arguments: [String], environment: [String: String]
    ) async throws -> ServiceSettings {
        let configOption = ServiceOption("config", .text, default: "", "")
        try check(arguments: arguments, against: options + [configOption])
        let commandLine = CommandLineArgumentsProvider(arguments: ["service"] + arguments)
        let prefix = ServiceOption.variablePrefix
        let ours = environment.filter { $0.key.hasPrefix(prefix) && !$0.value.isEmpty }
        let variables = EnvironmentVariablesProvider(
            environmentVariables: Dictionary(
                uniqueKeysWithValues: ours.map { (String($0.dropFirst(prefix.count)), $1) }))
        var sources: [Source] = [
            Source(provider: commandLine, name: \.flag), Source(provider: variables, name: \.variable),
        ]
        if let path = try value(of: configOption, in: sources) {
            sources.append(try await file(path, options: options))
        }
        var values: [String: String] = [:]
        for option in options { values[option.key] = try value(of: option, in: sources) ?? option.fallback }
        return ServiceSettings(values: values, secrets: Set(options.filter(\.isSecret).map(\.key)))
    }

    /// Every option and its value, but for what is secret.
    public var redacted: [String: String] {
        values.reduce(into: [:]) { shown, entry in
            let isHidden = secrets.contains(entry.key) && !entry.value.isEmpty
            shown[entry.key] = isHidden ? "(set)" : entry.value
        }
    }

    /// A value as text; empty for a key that is no option.
    public func text(_ key: String) -> String { values[key] ?? "" }

    /// A value as a whole number; an `.integer` option always has one.
    public func integer(_ key: String) -> Int { Int(text(key)) ?? 0 }
}

extension ServiceSettings {
    /// One place values come from, and what it calls an option.
    private struct Source {
        let provider: any ConfigProvider
        let name: @Sendable (ServiceOption) -> String
    }

    private static func value(of option: ServiceOption, in sources: [Source]) throws -> String? {
        for source in sources {
            let key = AbsoluteConfigKey(option.key.split(separator: ".").map(String.init))
            let name = source.name(option)
            let content: ConfigContent?
            do {
                let type: ConfigType = if case .integer = option.kind { .int } else { .string }
                content = try source.provider.value(forKey: key, type: type).value?.content
            } catch {
                let given = text(try? source.provider.value(forKey: key, type: .string).value?.content)
                throw ConfigurationError.badValue(
                    name: name, value: given ?? "several or none or of another type",
                    why: option.objection(to: "") ?? "takes one value without a comma")
            }
            guard let text = text(content) else { continue }
            if let why = option.objection(to: text) {
                throw ConfigurationError.badValue(name: name, value: text, why: why)
            }
            return text
        }
        return nil
    }

    private static func text(_ content: ConfigContent?) -> String? {
        switch content {
        case .string(let value): value
        case .int(let value): "\(value)"
        default: nil
        }
    }

    /// The provider takes whatever it is given; a misspelt option must not be ignored.
    private static func check(arguments: [String], against options: [ServiceOption]) throws {
        var takesValue = false
        for argument in arguments {
            if argument.hasPrefix("--") {
                let flag = String(argument.prefix { $0 != "=" })
                guard options.contains(where: { $0.flag == flag }) else { throw ConfigurationError.unknownFlag(flag) }
                takesValue = flag == argument
            } else {
                guard takesValue else { throw ConfigurationError.strayArgument(argument) }
                takesValue = false
            }
        }
    }

    private static func file(_ path: String, options: [ServiceOption]) async throws -> Source {
        do {
            let tree = try JSONDecoder().decode(KeyTree.self, from: Data(contentsOf: URL(filePath: path)))
            if let key = tree.keys.first(where: { key in !options.contains { $0.key == key } }) {
                throw ConfigurationError.unknownKey(path: path, key: key)
            }
            let provider = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
            return Source(provider: provider, name: { "\(path): \($0.key)" })
        } catch let error as ConfigurationError {
            throw error
        } catch let error as DecodingError {
            throw ConfigurationError.badFile(path: path, why: "not a JSON object of settings (\(error.summary))")
        } catch {
            throw ConfigurationError.badFile(path: path, why: "cannot be read (\(oneLine("\(error)")))")
        }
    }
}

/// The dotted keys of a JSON object, in order.
private struct KeyTree: Decodable {
    var keys: [String] = []

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            if let inner = try? container.decode(KeyTree.self, forKey: name) {
                keys += inner.keys.map { "\(name.stringValue).\($0)" }
            } else {
                keys.append(name.stringValue)
            }
        }
    }
}

extension DecodingError {
    fileprivate var summary: String {
        switch self {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            oneLine(context.debugDescription)
        @unknown default: "unreadable"
        }
    }
}

/// `text` without line breaks, cut to what fits a log line.
func oneLine(_ text: String) -> String {
    String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(400))
}
