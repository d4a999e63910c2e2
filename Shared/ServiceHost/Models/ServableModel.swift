import ModelBundles

/// What a service can serve: made from a verified bundle, and able to prove that it answers as it did when it was trained.
public protocol ServableModel: Sendable {
    /// Makes the model. The bundle's files are what its manifest says, but for those in `bundle.unverified`.
    /// - Parameter workers: threads that will ask it at once.
    /// - Throws: an error whose description says what does not fit, and the remedy.
    static func load(bundle: ModelBundle, workers: Int) throws -> Self

    /// Answers the bundle's golden examples and compares, bit for bit.
    /// - Returns: how many there were.
    /// - Throws: an error that names the first example that differs.
    func verifyGolden() throws -> Int
}

/// Why there is no model to answer with.
public struct ModelUnavailable: Error, Equatable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) { self.reason = reason }

    public var description: String { "no model is ready: \(reason)" }
}
