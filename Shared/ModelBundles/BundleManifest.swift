#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a bundle is and what it holds: `manifest.json`.
///
/// Written with sorted keys, so that equal values are equal bytes; `manifest.sha256` beside it, in the form of
/// `sha256sum`, holds its own digest, so that no byte of a bundle can change unnoticed. Keys that a reader does not
/// know are ignored; a change that an older reader must not ignore raises ``currentFormat``.
public struct BundleManifest: Sendable, Equatable {
    public static let currentFormat = 1
    public static let fileName = "manifest.json"
    public static let digestFileName = "manifest.sha256"

    /// The longest manifest, in bytes, and the most files that are read.
    static let byteLimit = 1 << 20
    static let fileLimit = 4096

    /// A file of the bundle: its name (with folders), its size in bytes and its SHA-256.
    public struct File: Sendable, Hashable, Codable {
        public let name: String
        public let bytes: Int
        public let sha256: String

        public init(name: String, bytes: Int, sha256: String) {
            (self.name, self.bytes, self.sha256) = (name, bytes, sha256)
        }
    }

    public var formatVersion = currentFormat
    public var service: String
    public var version: String
    /// Seconds since the Unix epoch, given by the trainer: the same data and seed must give the same bytes.
    public var createdAt: Int64
    public var featureDigest: String
    public var dictionaryDigest: String
    public var trainingSnapshot: String
    public var metrics: [String: Double]
    public var sourceCommit: String
    /// In byte order of their names.
    public var files: [File]
}

extension BundleManifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case service
        case version
        case createdAt = "created_at"
        case featureDigest = "feature_digest"
        case dictionaryDigest = "dictionary_digest"
        case trainingSnapshot = "training_snapshot"
        case metrics
        case sourceCommit = "source_commit"
        case files
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        formatVersion = try container.decode(Int.self, forKey: .formatVersion)
        service = try container.decode(String.self, forKey: .service)
        version = try container.decode(String.self, forKey: .version)
        let created = try container.decode(String.self, forKey: .createdAt)
        guard let date = try? Date(created, strategy: .iso8601) else {
            throw DecodingError.dataCorruptedError(
                forKey: .createdAt, in: container, debugDescription: "not a time such as 2026-01-31T09:30:00Z")
        }
        createdAt = Int64(date.timeIntervalSince1970)
        featureDigest = try container.decode(String.self, forKey: .featureDigest)
        dictionaryDigest = try container.decode(String.self, forKey: .dictionaryDigest)
        trainingSnapshot = try container.decode(String.self, forKey: .trainingSnapshot)
        metrics = try container.decode([String: Double].self, forKey: .metrics)
        sourceCommit = try container.decode(String.self, forKey: .sourceCommit)
        files = try container.decode([File].self, forKey: .files)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(formatVersion, forKey: .formatVersion)
        try container.encode(service, forKey: .service)
        try container.encode(version, forKey: .version)
        try container.encode(
            Date(timeIntervalSince1970: TimeInterval(createdAt)).formatted(.iso8601), forKey: .createdAt)
        try container.encode(featureDigest, forKey: .featureDigest)
        try container.encode(dictionaryDigest, forKey: .dictionaryDigest)
        try container.encode(trainingSnapshot, forKey: .trainingSnapshot)
        try container.encode(metrics, forKey: .metrics)
        try container.encode(sourceCommit, forKey: .sourceCommit)
        try container.encode(files, forKey: .files)
    }
}

extension BundleManifest {
    /// The manifest as it is written: equal values give equal bytes.
    /// - Throws: ``BundleError/unwritableMetric(name:value:)``.
    public func json() throws -> [UInt8] {
        for (name, value) in metrics.sorted(by: { precedes($0.key, $1.key) }) where !value.isFinite {
            throw BundleError.unwritableMetric(name: name, value: "\(value)")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads and checks a manifest; `path` is named in errors.
    /// - Throws: ``BundleError`` when it is not one, has another format, or names files it must not.
    init(json: [UInt8], path: String) throws {
        let data = Data(json)
        do {
            let found = try JSONDecoder().decode(FormatOnly.self, from: data).formatVersion
            guard found == Self.currentFormat else {
                throw BundleError.unsupportedFormat(path: path, found: found, supported: Self.currentFormat)
            }
            self = try JSONDecoder().decode(BundleManifest.self, from: data)
        } catch let error as DecodingError {
            throw BundleError.malformedManifest(path: path, reason: error.place)
        }
        try check(path: path)
    }

    private func check(path: String) throws {
        func refuse(_ reason: String) -> BundleError { .malformedManifest(path: path, reason: reason) }
        do {
            try BundleName.check(service)
            try BundleName.check(version)
            guard files.count <= Self.fileLimit else {
                throw refuse("it lists \(files.count) files, more than \(Self.fileLimit)")
            }
            for (index, file) in files.enumerated() {
                try BundleName.checkFile(file.name)
                guard file.bytes >= 0 else { throw refuse("\(file.name) has a negative size") }
                guard BundleDigest.isDigest(file.sha256) else { throw refuse("\(file.name) has no SHA-256") }
                guard index > 0 else { continue }
                guard files[index - 1].name != file.name else { throw refuse("it lists \(file.name) twice") }
                guard precedes(files[index - 1].name, file.name) else { throw refuse("its files are out of order") }
            }
        } catch BundleError.unsafeName(let name, let reason) {
            throw refuse("name \(String(name.prefix(60)).debugDescription) \(reason)")
        }
    }
}

/// The one key that every format has.
private struct FormatOnly: Decodable {
    enum CodingKeys: String, CodingKey { case formatVersion = "format_version" }

    let formatVersion: Int
}

extension DecodingError {
    /// Where in the document and what was wrong, in one line.
    fileprivate var place: String {
        let (context, what): (Context, String) =
            switch self {
            case .keyNotFound(let key, let context): (context, "key \(key.stringValue) is missing")
            case .typeMismatch(let type, let context): (context, "not a \(type)")
            case .valueNotFound(let type, let context): (context, "not a \(type)")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "unreadable")
            }
        let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        let reason = what.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200)
        return "it is not a manifest: " + (keys.isEmpty ? "" : keys.joined(separator: ".") + ": ") + reason
    }
}
