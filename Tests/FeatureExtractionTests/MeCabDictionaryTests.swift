import FeatureExtraction
import Foundation
import TestSupport
import Testing

@Suite(.needsMeCab, .serialized) struct MeCabDictionaryTests {
    /// A folder that links to all files of the real dictionary but `changed`, which holds `bytes` or is missing.
    private func open(_ changed: String, _ bytes: Data?) throws -> Error? {
        let folder = try TemporaryFolder()
        for name in MeCabDictionary.fileNames where name != changed {
            try FileManager.default.createSymbolicLink(
                atPath: folder.url.path + "/" + name, withDestinationPath: MeCabFolder.path + "/" + name)
        }
        try bytes?.write(to: folder.url.appending(path: changed))
        do throws(MeCabError) {
            _ = try MeCabDictionary(path: folder.url.path)
            return nil
        } catch {
            return error
        }
    }

    private func isCannotOpen(_ error: (any Error)?) -> Bool {
        guard case .cannotOpen(let path, let reason) = error as? MeCabError else { return false }
        return !path.isEmpty && !reason.isEmpty && !reason.contains("\n")
    }

    @Test(arguments: ["/nowhere/at/all", "", "/", "/etc/hostname"])
    func aFolderThatHoldsNoDictionaryIsRefused(_ path: String) {
        #expect(throws: MeCabError.self) { try MeCabDictionary(path: path) }
    }

    @Test(arguments: MeCabDictionary.fileNames)
    func aDictionaryWithoutOneOfItsFilesIsRefused(_ name: String) throws {
        let error = try open(name, nil)
        #expect(isCannotOpen(error))
    }

    @Test(arguments: ["char.bin", "matrix.bin", "sys.dic", "unk.dic"])
    func aTruncatedFileIsRefused(_ name: String) throws {
        let whole = try Data(contentsOf: URL(filePath: MeCabFolder.path + "/" + name), options: .alwaysMapped)
        for count in [0, 1, 3, 4, 40, 71, 72, 100, whole.count / 2, whole.count - 1] {
            let error = try open(name, whole.prefix(count))
            #expect(isCannotOpen(error), "\(name) of \(count) bytes")
        }
    }

    @Test(arguments: ["char.bin", "matrix.bin", "sys.dic", "unk.dic"])
    func noiseIsRefused(_ name: String) throws {
        var random = SeededGenerator(5)
        for count in [64, 300, 5_000] {
            let noise = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            let error = try open(name, noise)
            #expect(isCannotOpen(error), "\(name) of \(count) bytes")
        }
    }

    private static let eucFolder = "/var/lib/mecab/dic/ipadic"

    @Test(.enabled(if: FileManager.default.fileExists(atPath: eucFolder + "/sys.dic"), "needs mecab-ipadic in EUC-JP"))
    func anotherEncodingIsRefused() throws {
        #expect {
            try MeCabDictionary(path: Self.eucFolder)
        } throws: { error in
            guard case .notUTF8(_, let charset) = error as? MeCabError else { return false }
            return charset.lowercased().hasPrefix("euc")
        }
    }
}
