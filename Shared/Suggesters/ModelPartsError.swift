/// Why the parts of a bundle do not make a model.
public enum ModelPartsError: Error, Equatable, CustomStringConvertible {
    /// Each can be read, and they are not of one model.
    case doNotFit(String)
    /// One of them, by its name, is missing or damaged.
    case part(String, reason: String)

    public var description: String {
        switch self {
        case .doNotFit(let what): "the bundle's parts do not fit together: \(what); train the model again"
        case .part(let name, let reason): "\(name) of the bundle can't be used: \(reason)"
        }
    }
}
