/// Why a bundle, or a folder of bundles, was refused or could not be written. The description names the place, what
/// was wrong and the remedy.
public enum BundleError: Error, Equatable, CustomStringConvertible {
    // A bundle that does not hold what its manifest says.
    case notABundle(path: String)
    case malformedManifest(path: String, reason: String)
    case unsupportedFormat(path: String, found: Int, supported: Int)
    case missingFile(path: String, file: String)
    case unexpectedFile(path: String, file: String)
    case notARegularFile(path: String, file: String)
    case wrongSize(path: String, file: String, expected: Int, found: Int)
    case wrongDigest(path: String, file: String, expected: String, found: String)

    /// The bundle is whole but was made for something else: another dictionary, feature code or file layout.
    case incompatible(path: String, what: String, expected: String, found: String, remedy: String)

    // A file asked of a good bundle.
    case noSuchFile(path: String, file: String)
    case overLimit(path: String, file: String, bytes: Int, limit: Int)

    // Writing.
    case unsafeName(name: String, reason: String)
    case duplicateName(String)
    case alreadyExists(path: String)
    case unwritableMetric(name: String, value: String)
    case alreadyFinished(path: String)

    // A folder of bundles and its aliases.
    case noSuchVersion(path: String, available: [String])
    case malformedAlias(path: String)
    case malformedHistory(path: String, line: Int)
    case nothingToRollBackTo(alias: String, current: String?)
    case wrongPlace(path: String, service: String, version: String)

    /// The operating system refused: the call, its path and its own words.
    case system(call: String, path: String, reason: String)

    public var description: String {
        switch self {
        case .notABundle(let path):
            "\(path) is not a model bundle: it has no \(BundleManifest.fileName); name a bundle folder or an alias file"
        case .malformedManifest(let path, let reason):
            "\(path): \(reason); \(Self.restore)"
        case .unsupportedFormat(let path, let found, let supported):
            "\(path) has bundle format \(found), this program reads format \(supported); "
                + (found > supported
                    ? "upgrade the program or train with this one" : "train it again with this program")
        case .missingFile(let path, let file):
            "\(path): \(file) is missing; \(Self.restore)"
        case .unexpectedFile(let path, let file):
            "\(path): \(file) is not in the manifest; remove it, or \(Self.restore)"
        case .notARegularFile(let path, let file):
            "\(path): \(file) is not a regular file; \(Self.restore)"
        case .wrongSize(let path, let file, let expected, let found):
            "\(path): \(file) is \(found) bytes, the manifest says \(expected); \(Self.restore)"
        case .wrongDigest(let path, let file, let expected, let found):
            "\(path): \(file) has SHA-256 \(found), expected \(expected); \(Self.restore)"
        case .incompatible(let path, let what, let expected, let found, let remedy):
            "\(path): the \(what) is \(found), the bundle was made for \(expected); \(remedy)"
        case .noSuchFile(let path, let file):
            "\(path) holds no \(file); train the bundle again with this program"
        case .overLimit(let path, let file, let bytes, let limit):
            "\(path): \(file) is \(bytes) bytes, at most \(limit) are read; train the bundle again with this program"
        case .unsafeName(let name, let reason):
            "name \(quoted(name)) \(reason); use letters, digits, '-', '_' and '.', in folders parted by '/'"
        case .duplicateName(let name):
            "\(name) is in the bundle twice; give each file its own name"
        case .alreadyExists(let path):
            "\(path) exists already; a bundle is never overwritten: choose another version"
        case .unwritableMetric(let name, let value):
            "metric \(name) is \(value); a manifest holds finite numbers only"
        case .alreadyFinished(let path):
            "\(path) is finished; open a new writer for another version"
        case .noSuchVersion(let path, let available):
            "there is no bundle or alias \(path); "
                + (available.isEmpty ? "train one first" : "there are: \(available.prefix(20).joined(separator: ", "))")
        case .malformedAlias(let path):
            "\(path) is neither a bundle folder nor an alias (one line that names a version beside it); promote a version"
        case .malformedHistory(let path, let line):
            "\(path), line \(line) is not a history entry; mend or move the file before changing an alias"
        case .nothingToRollBackTo(let alias, let current):
            "alias \(alias) has no earlier version" + (current.map { " than \($0)" } ?? "") + "; promote one by name"
        case .wrongPlace(let path, let service, let version):
            "\(path) says it is \(service)/\(version); move it there, or train it again"
        case .system(let call, let path, let reason):
            "\(call) \(path): \(reason)"
        }
    }

    private static let restore = "copy the bundle again from where it was published, or promote another version"
}

/// `text` in double quotes, cut after 60 characters so that an error stays one readable line.
private func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "?" : String($0) }
    return "\"\(shown.joined())\(text.unicodeScalars.count > 60 ? "…" : "")\""
}
