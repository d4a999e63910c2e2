import Listings

/// Rewrites an honest listing into one that breaks a rule, plainly or in disguise.
struct ViolationWriter: Sendable {
    private let kinds: [ViolationKind]
    private let disguises: [Disguise]

    /// The share of violations that are in disguise.
    private static let disguisedShare = 0.45

    init(wording: ViolationWording) {
        kinds = ViolationKind.all(wording: wording)
        disguises = Disguise.used(by: wording)
    }

    func write(into content: inout ListingDraft, _ random: inout RandomStream) -> SynthesizedViolation {
        let kind = kind(for: content, &random)
        let term = random.pick(kind.terms)
        var disguise = Disguise.plain
        var written = term.text
        if random.chance(Self.disguisedShare) {
            // Not every disguise can hide every term; the first one can.
            for attempt in 0...8 where written == term.text {
                disguise = attempt < 8 ? random.pick(disguises) : disguises[0]
                written = disguise.applied(to: term.text, reading: term.reading, &random)
            }
        }
        let place = random.unit()
        let inTitle = place < 0.75
        let inDescription = place >= 0.4
        if inTitle { content.title = title(content.title ?? "", kind: kind, written: written, &random) }
        if inDescription {
            let sentence = replacedFirst(random.pick(kind.sentences), "{term}", written)
            let rest = kind.goods.isEmpty || !inTitle ? content.description ?? "" : random.pick(Self.remarks)
            content.description = random.chance(0.5) ? sentence + rest : rest + (rest.isEmpty ? "" : " ") + sentence
        } else if !kind.goods.isEmpty {
            content.description = random.pick(Self.remarks)
        }
        if inTitle, !kind.goods.isEmpty {
            // Something else is for sale than what the honest listing was about.
            content.brand = nil
            content.size = nil
            content.color = nil
            content.tags = []
        }
        return SynthesizedViolation(
            kind: kind.name, term: term.text, disguise: disguise, written: written, inTitle: inTitle,
            inDescription: inDescription)
    }

    /// What such a seller also writes, as honest ones do.
    private static let remarks = [
        "", "即購入OKです。", "匿名配送で発送します。", "早い者勝ちです。", "質問はコメントへどうぞ。", "断捨離中のため、お安くお譲りします。", "写真の通りです。",
        "24時間以内に発送します。よろしくお願いいたします。",
    ]

    /// A kind that is at home in the listing's category, most of the time.
    private func kind(for content: ListingDraft, _ random: inout RandomStream) -> ViolationKind {
        let level = content.category?.levels[0] ?? ""
        for _ in 0..<4 {
            let kind = random.pick(kinds)
            if kind.habitats.isEmpty || kind.habitats.contains(where: level.hasPrefix) || random.chance(0.15) {
                return kind
            }
        }
        return random.pick(kinds)
    }

    /// The words whole, within the marketplace's limit, and as much of the old title as fits beside them.
    private func title(
        _ honest: String, kind: ViolationKind, written: String, _ random: inout RandomStream
    ) -> String {
        if !kind.goods.isEmpty {
            let goods = random.pick(kind.goods)
            let title = random.chance(0.7) ? written + " " + goods : goods + " " + written
            return random.chance(0.2) ? "【即購入OK】" + title : title
        }
        let room = TitleWriter.limit - length(written) - 1
        let rest = String(honest.unicodeScalars.prefix(max(room, 8)))
        return random.chance(0.6) ? written + " " + rest : rest + " " + written
    }
}
