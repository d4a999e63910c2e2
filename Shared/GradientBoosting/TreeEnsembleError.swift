/// Why a block of bytes, or a tree handed to ``TreeEnsembleBuilder``, was refused.
public enum TreeEnsembleError: Error, Equatable, CustomStringConvertible {
    case truncated(bytes: Int, needed: Int)
    case misaligned
    case notAnEnsemble
    case unsupportedVersion(UInt32)
    case malformedHeader(String)
    case sizeMismatch(bytes: Int, expected: UInt64)
    case malformedTree(tree: Int, reason: String)
    case malformedNode(node: Int, reason: String)
    case nonZeroPadding(offset: Int)

    public var description: String {
        let remedy = "the tree file is damaged or from another program; publish the model again"
        return switch self {
        case .truncated(let bytes, let needed): "\(bytes) bytes where at least \(needed) are needed; \(remedy)"
        case .misaligned: "trees start at an address that is not a multiple of 8; map the file or align its section"
        case .notAnEnsemble: "the first 8 bytes are not those of a tree ensemble; \(remedy)"
        case .unsupportedVersion(let version):
            "layout version \(version), this program reads \(TreeEnsembleLayout.version); train again or update the program"
        case .malformedHeader(let reason): "header: \(reason); \(remedy)"
        case .sizeMismatch(let bytes, let expected): "\(bytes) bytes where the header implies \(expected); \(remedy)"
        case .malformedTree(let tree, let reason): "tree \(tree): \(reason); \(remedy)"
        case .malformedNode(let node, let reason): "node \(node): \(reason); \(remedy)"
        case .nonZeroPadding(let offset): "byte \(offset) is padding but not zero; \(remedy)"
        }
    }
}
