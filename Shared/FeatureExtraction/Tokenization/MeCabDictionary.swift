import CMeCab
import Glibc

/// A compiled MeCab dictionary, memory-mapped and shared by every thread of a process.
public final class MeCabDictionary: Sendable {
    /// The folder it was opened from: `sys.dic`, `unk.dic`, `matrix.bin`, `char.bin`, `dicrc`.
    public let path: String
    nonisolated(unsafe) let model: OpaquePointer

    /// The files that make up a dictionary, in the order in which they are listed in bundles.
    public static let fileNames = ["char.bin", "dicrc", "matrix.bin", "sys.dic", "unk.dic"]

    /// - Throws: ``MeCabError/cannotOpen(path:reason:)`` when a file is missing or damaged, and
    ///   ``MeCabError/notUTF8(path:charset:)`` for a dictionary of another encoding.
    public init(path: String) throws(MeCabError) {
        // An explicit rc file, so that nothing of the machine's own configuration changes the result.
        let arguments = ["mecab", "-r", "/dev/null", "-d", path]
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        guard let model = mecab_model_new(Int32(pointers.count), &pointers) else {
            let reason = mecab_strerror(nil).map { String(cString: $0) } ?? "unknown"
            throw .cannotOpen(path: path, reason: Self.oneLine(reason))
        }
        let charset = mecab_model_dictionary_info(model).map { String(cString: $0.pointee.charset) } ?? "unknown"
        guard ["utf-8", "utf8"].contains(charset.lowercased()) else {
            mecab_model_destroy(model)
            throw .notUTF8(path: path, charset: charset)
        }
        self.path = path
        self.model = model
    }

    deinit { mecab_model_destroy(model) }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}

public enum MeCabError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case notUTF8(path: String, charset: String)
    case outOfMemory

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "MeCab can't open the dictionary at \(path): \(reason); install mecab-ipadic-utf8 or restore the folder"
        case .notUTF8(let path, let charset):
            "the MeCab dictionary at \(path) is encoded in \(charset); use one compiled for UTF-8"
        case .outOfMemory: "MeCab could not allocate a tagger; give the process more memory"
        }
    }
}
