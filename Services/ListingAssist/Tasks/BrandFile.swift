import Foundation
import Training

/// Reads a file of brands: a line each, the name, a tab, other ways to write it parted by `|`.
enum BrandFile {
    private static let mostBytes = 1 << 28

    static func read(_ path: String) throws -> [BrandEntry] {
        let handle: FileHandle
        do { handle = try FileHandle(forReadingFrom: URL(filePath: path)) } catch {
            throw Failure(message: "--brands \(path) can't be read: \(error.localizedDescription)")
        }
        let bytes = try handle.read(upToCount: mostBytes) ?? Data()
        var entries: [BrandEntry] = []
        for (index, line) in bytes.split(separator: 0x0A).enumerated() {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw Failure(message: "--brands \(path) line \(index + 1) is not UTF-8; convert the file")
            }
            let fields = text.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            let name = fields[0].trimmingCharacters(in: .whitespaces)
            guard !name.isEmpty else { continue }
            let aliases = fields.count > 1 ? fields[1].split(separator: "|").map { String($0) } : []
            entries.append(BrandEntry(name: name, aliases: aliases))
        }
        return entries
    }
}
