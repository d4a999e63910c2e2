import CListingAssistProtos
import Listings

/// What `PriceService/ExtractFeatures` answers.
public struct ExtractFeaturesResponse: WireMessage, Equatable {
    /// One a column of the model's feature spec, bit for bit what the model was given; NaN where missing.
    public var values: [Float]
    /// The digest of the feature spec and its fitted state, lower-case hexadecimal.
    public var featureDigest: String
    public var modelVersion: String
    public var requestID: String

    public init(values: [Float], featureDigest: String, modelVersion: String, requestID: String) {
        self.values = values
        self.featureDigest = featureDigest
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "ExtractFeaturesResponse", listing_assist__v1__extract_features_response__unpack)
        values = Array(
            UnsafeBufferPointer(
                start: message.pointee.values, count: message.pointee.values == nil ? 0 : message.pointee.n_values))
        featureDigest = try message.pointee.feature_digest.text("feature_digest") ?? ""
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "ExtractFeaturesResponse", listing_assist__v1__extract_features_response__init,
            { message throws(ArenaFull) in
                let copies = try arena.array(of: Float.self, values.count)
                _ = UnsafeMutableBufferPointer(start: copies, count: values.count).initialize(fromContentsOf: values)
                message.values = copies
                message.n_values = values.count
                message.feature_digest = try arena.bytes(featureDigest)
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}
