/// Why a feature state was refused.
public enum FeatureStateError: Error, Equatable, CustomStringConvertible {
    case notAState
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case specVersion(found: Int, known: Int)
    case otherSpec(blocks: Int, expected: Int)
    case inconsistent
    case specOutOfRange

    public var description: String {
        switch self {
        case .notAState: "features.state does not begin with LAFEATS1; it is not a feature state: train the model again"
        case .truncated(let bytes):
            "features.state of \(bytes) bytes does not have the size its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "features.state has layout version \(found), this program reads \(known); train again or use its release"
        case .specVersion(let found, let known):
            "features.json has version \(found), this program computes version \(known); train again or use its release"
        case .otherSpec(let blocks, let expected):
            "features.state holds \(blocks) text blocks, features.json names \(expected); restore the bundle"
        case .inconsistent: "features.state contradicts itself; restore the bundle"
        case .specOutOfRange:
            "features.json has a number that is out of range: text bytes 1 to \(FeatureSpec.mostTextBytes), shrinkages above "
                + "0, neighbours 1 to \(NeighbourSpec.most); restore the bundle"
        }
    }
}
