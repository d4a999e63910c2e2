/// An ISO 4217 currency, by its three-letter code.
public struct Currency: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Three capital ASCII letters, for instance `JPY`.
    public let code: String

    /// Decimal places of the minor unit (ISO 4217): 0 for JPY, 2 for USD, 3 for KWD.
    public let minorUnitDigits: Int

    public static let jpy = Currency(knownCode: "JPY")
    public static let usd = Currency(knownCode: "USD")

    /// - Throws: ``ListingError/unknownCurrency(_:)`` unless `code` is three ASCII letters (either case).
    public init(_ code: String) throws(ListingError) {
        let bytes = Array(code.utf8)
        let isLetter = { (byte: UInt8) in (0x41...0x5A).contains(byte & 0xDF) }
        guard bytes.count == 3, bytes.allSatisfy(isLetter) else { throw .unknownCurrency(code) }
        self.init(knownCode: code.uppercased())
    }

    private init(knownCode code: String) {
        self.code = code
        minorUnitDigits = Self.exceptionalDigits[code] ?? 2
    }

    public var description: String { code }

    /// Minor units in one major unit: 1, 100, 1,000 or 10,000.
    public var minorUnitsPerMajor: Int64 {
        (0..<minorUnitDigits).reduce(Int64(1)) { scale, _ in scale * 10 }
    }

    /// ISO 4217 codes whose minor unit does not have two digits.
    private static let exceptionalDigits: [String: Int] = [
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
        "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3,
        "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
    ]

    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
