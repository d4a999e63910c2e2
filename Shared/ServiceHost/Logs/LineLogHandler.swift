import Logging
import Synchronization

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

/// Writes each log entry as one line, a JSON object or text, to a file descriptor (standard error).
///
/// A line is one `write`, so that lines of several threads do not mix.
public struct LineLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    /// The shared threshold, or a logger's own level when that is higher.
    public var logLevel: Logger.Level {
        get { max(ownLevel ?? .trace, threshold.level) }
        set { ownLevel = newValue }
    }

    private let label: String
    private let threshold: LogThreshold
    private var ownLevel: Logger.Level?
    private let format: ServiceConfiguration.LogFormat
    private let sink: @Sendable (String) -> Void

    public init(
        label: String, threshold: LogThreshold = LogThreshold(), format: ServiceConfiguration.LogFormat = .json,
        sink: @escaping @Sendable (String) -> Void = standardError
    ) {
        (self.label, self.threshold, self.format, self.sink) = (label, threshold, format, sink)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let given = event.metadata { all.merge(given) { $1 } }
        sink(line(event.level, "\(event.message)", all, at: Date()))
    }

    func line(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, at date: Date) -> String {
        let time = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let entries = metadata.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let fields = entries.map { " \($0.key)=\(Self.plain("\($0.value)"))" }.joined()
            return "\(time) \(level.rawValue) \(label): \(Self.plain(message))\(fields)\n"
        case .json:
            var text = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":"
            Self.append(label, to: &text)
            text += ",\"message\":"
            Self.append(message, to: &text)
            if !entries.isEmpty {
                text += ",\"metadata\":"
                Self.append(.dictionary(metadata), to: &text)
            }
            return text + "}\n"
        }
    }

    /// Writes to standard error; what cannot be written is lost.
    public static let standardError: @Sendable (String) -> Void = { line in
        var line = line
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension LineLogHandler {
    private static func append(_ value: Logger.Metadata.Value, to text: inout String) {
        switch value {
        case .string(let string): append(string, to: &text)
        case .stringConvertible(let convertible): append("\(convertible)", to: &text)
        case .array(let array):
            text += "["
            for (index, item) in array.enumerated() {
                if index > 0 { text += "," }
                append(item, to: &text)
            }
            text += "]"
        case .dictionary(let dictionary):
            text += "{"
            for (index, item) in dictionary.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                append(item.key, to: &text)
                text += ":"
                append(item.value, to: &text)
            }
            text += "}"
        }
    }

    private static func append(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x2028...0x2029).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// Text that stays on its line.
    private static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return text }
        var plain = ""
        for scalar in text.unicodeScalars { plain.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar) }
        return plain
    }
}
