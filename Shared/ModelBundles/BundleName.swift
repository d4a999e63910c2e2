/// Which names a bundle takes for files, services, versions and aliases.
///
/// A name never leaves its folder, means the same on every file system, and needs no quoting in a shell.
enum BundleName {
    static let longest = 200

    /// Names of the models folder itself, which no version or alias may have.
    static let reserved: Set<String> = ["history.jsonl"]

    /// One name without folders.
    static func check(_ name: String) throws {
        guard let first = name.utf8.first else { throw BundleError.unsafeName(name: name, reason: "is empty") }
        guard name.utf8.count <= longest else {
            throw BundleError.unsafeName(name: name, reason: "is longer than \(longest) bytes")
        }
        guard name.utf8.allSatisfy(isSafe) else {
            throw BundleError.unsafeName(name: name, reason: "has a character that is not safe in a path")
        }
        guard first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
            throw BundleError.unsafeName(name: name, reason: "starts with '.' or '-'")
        }
        guard !reserved.contains(name) else {
            throw BundleError.unsafeName(name: name, reason: "is reserved")
        }
    }

    /// A file of a bundle, `dictionary/sys.dic` for one.
    static func checkFile(_ name: String) throws {
        guard !name.utf8.isEmpty, name.utf8.count <= longest else { return try check(name) }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            guard !part.isEmpty else {
                throw BundleError.unsafeName(name: name, reason: "has an empty part or is absolute")
            }
            do {
                try check(String(part))
            } catch BundleError.unsafeName(_, let reason) {
                throw BundleError.unsafeName(name: name, reason: reason)
            }
        }
        guard name != BundleManifest.fileName, name != BundleManifest.digestFileName else {
            throw BundleError.unsafeName(name: name, reason: "is written by the bundle itself")
        }
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}

/// Byte order: the same on every machine, and what `LC_ALL=C sort` gives.
func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
