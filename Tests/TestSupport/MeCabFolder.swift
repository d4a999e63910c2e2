import Foundation
import Testing

/// The MeCab dictionary that tests read: the folder that `MECAB_DICTIONARY` names, or where Debian's
/// mecab-ipadic-utf8 puts it.
public enum MeCabFolder {
    public static let path: String = {
        let path = ProcessInfo.processInfo.environment["MECAB_DICTIONARY"] ?? ""
        return path.isEmpty ? "/var/lib/mecab/dic/ipadic-utf8" : path
    }()

    public static let isInstalled = FileManager.default.fileExists(atPath: path + "/sys.dic")
}

extension Trait where Self == ConditionTrait {
    /// Skips a test or suite, saying so, where there is no MeCab dictionary.
    public static var needsMeCab: Self {
        .enabled(if: MeCabFolder.isInstalled, "needs mecab-ipadic-utf8, or MECAB_DICTIONARY naming a dictionary")
    }
}
