import Listings

/// Why a model could not be trained. The description says what to do.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    case tooFewListings(usable: Int, needed: Int, why: String)
    case mixedCurrencies([String])
    case temporaryFile(path: String, reason: String)

    public var description: String {
        switch self {
        case .tooFewListings(let usable, let needed, let why):
            "only \(usable) listings can be learnt from (\(why)); at least \(needed) are needed: import more"
        case .mixedCurrencies(let codes):
            "the listings are priced in \(codes.joined(separator: ", ")); choose one with --currency"
        case .temporaryFile(let path, let reason):
            "training rows can't be kept in \(path): \(reason); make room, or set TMPDIR to another folder"
        }
    }
}
