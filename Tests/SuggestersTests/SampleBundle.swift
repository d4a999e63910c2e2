import FeatureExtraction
import Foundation
import ModelBundles
import Suggesters
import TestSupport
import Training

/// The sample's model as a bundle on disk, written once, and copies of it with other files.
struct SampleBundle {
    static let shared = Result { try SampleBundle() }

    let folder: TemporaryFolder
    let bundle: ModelBundle

    private init() throws {
        folder = try TemporaryFolder()
        let url = try TrainedSample.shared.get().trained.bundle.write(
            to: folder.url, version: "1", createdAt: 1_750_000_000, snapshot: "sample", sourceCommit: "none")
        bundle = try ModelBundle.open(url, verification: .everything)
    }

    /// A bundle whose manifest is right about files that are not what they should be.
    func replacing(_ changed: [String: [UInt8]]) throws -> ModelBundle {
        let writer = try BundleWriter(root: folder.url, service: "price", version: UUID().uuidString)
        var features: [BundleManifest.File] = []
        for file in bundle.manifest.files {
            guard let bytes = changed[file.name] else {
                try writer.add(file.name, copying: bundle.url(for: file.name))
                if file.name.hasPrefix("features.") { features.append(file) }
                continue
            }
            try writer.add(file.name, bytes: bytes)
            if file.name.hasPrefix("features.") {
                features.append(.init(name: file.name, bytes: bytes.count, sha256: BundleDigest.sha256(bytes)))
            }
        }
        let url = try writer.finish(
            createdAt: 0, featureDigest: BundleDigest.combined(features),
            dictionaryDigest: bundle.manifest.dictionaryDigest, trainingSnapshot: "sample")
        return try ModelBundle.open(url, verification: .sizesOnly)
    }
}
