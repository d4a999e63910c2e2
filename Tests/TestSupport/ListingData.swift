import Foundation
import Testing

/// Real listings, which no licence lets travel with the code: the folder that `LISTING_DATA` names, or `../shared/data`
/// next to the package.
public enum ListingData {
    public static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["LISTING_DATA"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.appendingPathComponent("../shared/data", isDirectory: true).standardizedFileURL
    }()

    /// A file of the folder, or nil where it is missing.
    public static func url(_ name: String) -> URL? {
        let url = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, saying so, where one of the files of real listings is missing.
    public static func needsListingData(_ names: String...) -> Self {
        .enabled("needs \(names.joined(separator: ", ")) in the folder that LISTING_DATA names") {
            names.allSatisfy { ListingData.url($0) != nil }
        }
    }
}
