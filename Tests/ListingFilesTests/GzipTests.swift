import Foundation
import ListingFiles
import Testing

@Suite struct GzipTests {
    let folder: TemporaryFolder
    let text = "id\ttitle\n" + (0..<40_000).map { "\($0)\ttitle \($0 &* 7_919)\n" }.joined()

    init() throws { folder = try TemporaryFolder() }

    private func gzip(_ text: String) throws -> [UInt8] {
        let plain = try folder.file("plain", text)
        return try #require(try output(of: ["gzip", "-c", plain]))
    }

    @Test func compressedFilesReadLikePlainOnes() throws {
        let plain = try rows(try folder.file("a.tsv", text)).map(\.listing)
        let compressed = try rows(try folder.file("a.tsv.gz", try gzip(text))).map(\.listing)
        #expect(plain.count == 40_000)
        #expect(compressed == plain)
    }

    @Test func membersThatFollowOneAnotherAreOneFile() throws {
        let half = text.utf8.count / 2
        let first = String(decoding: Array(text.utf8)[..<half], as: UTF8.self)
        let second = String(decoding: Array(text.utf8)[half...], as: UTF8.self)
        let bytes = try gzip(first) + (try gzip("")) + (try gzip(second)) + [0, 0, 0]
        #expect(try rows(try folder.file("m.tsv", bytes)).compactMap(\.listing).count == 40_000)
    }

    @Test(arguments: [0.9, 0.5, 0.01]) func aTruncatedFileIsAnErrorBehindItsWholeRows(share: Double) throws {
        let whole = try gzip(text)
        let path = try folder.file("t.tsv.gz", whole.prefix(Int(Double(whole.count) * share)))
        #expect {
            let reader = try ListingReader(path: path)
            while let row = try reader.next() { _ = try row.result.get() }
        } throws: { error in
            guard case .truncatedGzip(path, _) = error as? ListingFileError else { return false }
            return true
        }
    }

    @Test func damagedDataIsAnError() throws {
        var bytes = try gzip(text)
        bytes[bytes.count - 6] ^= 0xFF
        let path = try folder.file("d.tsv.gz", bytes)
        #expect {
            _ = try rows(path)
        } throws: { error in
            guard case .corruptGzip(path, _) = error as? ListingFileError else { return false }
            return true
        }
        let trailing = try folder.file("x.tsv.gz", try gzip(text) + Array("more".utf8))
        #expect(throws: ListingFileError.self) { try rows(trailing) }
    }
}
