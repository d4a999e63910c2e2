/// Why a title index was refused.
public enum TitleIndexError: Error, Equatable, CustomStringConvertible {
    case notAnIndex
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    /// A section has another size than the ones it belongs to ask for.
    case section(name: String, bytes: Int)
    case notFinite

    public var description: String {
        switch self {
        case .notAnIndex: "it does not begin with LATITLES; it is no title index: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        case .section(let name, let bytes):
            "its section \(name) cannot have \(bytes) bytes beside the others; restore the bundle"
        case .notFinite: "a weight of its ranker is not a finite number; train the model again"
        }
    }
}
