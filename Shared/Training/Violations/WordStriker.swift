import Listings
import Suggesters

/// Strikes the words out of a listing that a first model judges it by, so that a second one learns what else such
/// listings say: words are replaced sooner than habits of writing.
struct WordStriker {
    let model: ViolationModel
    /// Struck listings that the first model finds less likely than this say nothing else: they would teach noise.
    let leastLeft: Double

    func makeDetector() -> ViolationDetector { ViolationDetector(model: model) }

    /// - Returns: `nil` for honest listings, and where too little is left.
    func strike(_ listing: Listing, detector: ViolationDetector) -> ListingDraft? {
        guard let kind = listing.violation else { return nil }
        let judgement = detector.judge(listing.content, maxEvidence: 2)
        let violations = judgement.violations
        guard let violation = violations.first(where: { $0.kind == kind }) ?? violations.first,
            let first = violation.evidence.first
        else { return nil }
        var struck = listing.content
        // The same word often stands in title and description: parts that are as heavy go too.
        for evidence in violation.evidence where evidence.weight >= first.weight / 2 {
            switch evidence.span.field {
            case .title: struck.title = Self.cut(struck.title, evidence.span)
            case .description: struck.description = Self.cut(struck.description, evidence.span)
            default: break
            }
        }
        _ = detector.judge(struck, maxEvidence: 1)
        return detector.anyProbability >= leastLeft ? struck : nil
    }

    /// Spans of one field do not overlap, and blanks of the same length keep later ones in place.
    private static func cut(_ text: String?, _ span: TextSpan) -> String? {
        guard let text else { return nil }
        var bytes = Array(text.utf8)
        for place in max(0, span.start)..<min(span.end, bytes.count) { bytes[place] = 0x20 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
