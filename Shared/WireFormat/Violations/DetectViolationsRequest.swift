import CListingAssistProtos
import Listings

/// What `ViolationService/DetectViolations` is asked.
public struct DetectViolationsRequest: WireMessage, Hashable {
    public var draft: ListingDraft
    /// The most pieces of evidence for one kind, at least 1; the service's default when nil.
    public var maxEvidence: Int?

    public init(draft: ListingDraft, maxEvidence: Int? = nil) {
        self.draft = draft
        self.maxEvidence = maxEvidence
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "DetectViolationsRequest", listing_assist__v1__detect_violations_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        maxEvidence = message.pointee.max_evidence.option
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        let maxEvidence = try UInt32(option: maxEvidence, "max_evidence")
        return try arena.pack(
            as: "DetectViolationsRequest", listing_assist__v1__detect_violations_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                message.max_evidence = maxEvidence
            }, body)
    }
}
