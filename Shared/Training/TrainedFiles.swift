import FeatureExtraction
import Foundation
import ModelBundles

/// A trained model's files, ready to be written as a bundle.
public struct TrainedFiles: Sendable {
    /// The service that the bundle is for.
    public let service: String
    /// The bundle's own files, the dictionary apart, in the order in which they are written.
    public let files: [(name: String, bytes: [UInt8])]
    /// `nil` for a model that reads without one.
    public let dictionary: MeCabDictionary?
    /// Figures for the manifest.
    public let metrics: [String: Double]

    /// Writes `root/<service>/<version>`.
    /// - Parameters:
    ///   - createdAt: seconds since 1970; derive it from the data, so that the same data give the same bytes.
    ///   - snapshot: names the training data.
    /// - Returns: the bundle's folder.
    public func write(
        to root: URL, version: String, createdAt: Int64, snapshot: String, sourceCommit: String,
        metrics more: [String: Double] = [:]
    ) throws -> URL {
        let writer = try BundleWriter(root: root, service: service, version: version)
        for file in files { try writer.add(file.name, bytes: file.bytes) }
        let names = dictionary == nil ? [] : MeCabDictionary.fileNames
        let folder = URL(fileURLWithPath: dictionary?.path ?? "/")
        for name in names {
            try writer.add(
                "dictionary/\(name)", copying: folder.appendingPathComponent(name).resolvingSymlinksInPath())
        }
        let features = files.filter { $0.name.hasPrefix("features.") }.map {
            BundleManifest.File(name: $0.name, bytes: $0.bytes.count, sha256: BundleDigest.sha256($0.bytes))
        }
        return try writer.finish(
            createdAt: createdAt, featureDigest: BundleDigest.combined(features),
            dictionaryDigest: BundleDigest.combined(of: names, in: folder, prefix: "dictionary/"),
            trainingSnapshot: snapshot, metrics: metrics.merging(more) { $1 }, sourceCommit: sourceCommit)
    }
}
