/// Why a service did not start with what it was told. One line, and the exit code of `sysexits.h` that fits.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unknownFlag(String)
    case strayArgument(String)
    case missing(flag: String, variable: String)
    case badValue(name: String, value: String, why: String)
    case badFile(path: String, why: String)
    case unknownKey(path: String, key: String)
    /// Options that do not fit together, or files they name that are of no use.
    case unusable(String)

    public var description: String {
        switch self {
        case .unknownFlag(let flag): "there is no option \(flag.prefix(80)); see --help"
        case .strayArgument(let argument): "\(argument.prefix(80)) belongs to no option; see --help"
        case .missing(let flag, let variable): "give \(flag) or set \(variable); see --help"
        case .badValue(let name, let value, let why): "\(name) \(why), not \"\(value.prefix(80))\""
        case .badFile(let path, let why): "configuration file \(path): \(why)"
        case .unknownKey(let path, let key): "configuration file \(path): there is no key \(key); see --help"
        case .unusable(let reason): reason
        }
    }

    /// 64 (usage) for the command line, 78 (configuration) for the rest.
    public var exitCode: Int32 {
        switch self {
        case .unknownFlag, .strayArgument, .missing: 64
        case .badValue(let name, _, _): name.hasPrefix("--") ? 64 : 78
        case .badFile, .unknownKey, .unusable: 78
        }
    }
}
