import FeatureExtraction
import Foundation
import ModelBundles

/// Reads the parts of a model from an opened bundle, and says which part an error is about.
struct BundleParts {
    /// The files that the manifest's feature digest is over.
    static let featureFiles = "features."
    /// The folder of the MeCab dictionary, which the dictionary digest is over.
    static let dictionaryFolder = "dictionary/"

    let bundle: ModelBundle

    /// The dictionary and the features must be those that the model was trained with, whoever put the bundle together.
    /// - Throws: ``BundleError``.
    init(_ bundle: ModelBundle) throws {
        self.bundle = bundle
        let manifest = bundle.manifest
        for (what, expected, prefix) in [
            ("MeCab dictionary's digest", manifest.dictionaryDigest, Self.dictionaryFolder),
            ("feature digest", manifest.featureDigest, Self.featureFiles),
        ] {
            let found = bundle.digest(ofFilesUnder: prefix)
            guard found == expected else {
                throw BundleError.incompatible(
                    path: bundle.url.path, what: what, expected: expected, found: found,
                    remedy: "put back the files that the model was trained with, or train it again with these")
            }
        }
    }

    /// A part kept as JSON.
    func json<Part: Decodable>(_ name: String) throws -> Part {
        let bytes = try bundle.read(name, limit: 1 << 20)
        return try part(name) { try JSONDecoder().decode(Part.self, from: Data(bytes)) }
    }

    /// A part that is mapped and stays so.
    func mapped<Part>(
        _ name: String, _ read: (UnsafeRawBufferPointer, any AnyObject & Sendable) throws -> Part
    ) throws -> Part {
        let file = try bundle.map(name)
        return try part(name) { try read(file.bytes, file) }
    }

    /// A part that is read whole.
    func read<Part>(_ name: String, limit: Int, _ read: ([UInt8]) throws -> Part) throws -> Part {
        let bytes = try bundle.read(name, limit: limit)
        return try part(name) { try read(bytes) }
    }

    func dictionary() throws -> MeCabDictionary {
        try MeCabDictionary(path: bundle.url(for: "dictionary/sys.dic").deletingLastPathComponent().path)
    }

    private func part<Part>(_ name: String, _ read: () throws -> Part) throws -> Part {
        do { return try read() } catch let error as BundleError { throw error } catch {
            throw BundlePartError(name: name, reason: "\(error)")
        }
    }
}

/// Why a part of a bundle can't be used.
public struct BundlePartError: Error, Equatable, CustomStringConvertible {
    public var name: String
    public var reason: String

    public var description: String { "\(name) of the bundle can't be used: \(reason)" }
}
