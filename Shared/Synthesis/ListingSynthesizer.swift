import Listings

/// Makes the listings of an invented Japanese marketplace: same seed, options and index, same listing, on every machine
/// and in any order. Everything in them is made up: brands, works, people and prices.
public struct ListingSynthesizer: Sendable {
    private let world: World
    private let descriptions = DescriptionWriter()
    private let violations: ViolationWriter

    /// Builds the world of `seed`: its brands, models and price laws. Options do not change that world.
    public init(seed: UInt64, options: SynthesisOptions = SynthesisOptions()) {
        world = World(seed: seed, options: options)
        violations = ViolationWriter(wording: options.violationWording)
    }

    /// The leaves of the category tree, three levels each.
    public var categories: [CategoryPath] { world.leaves.map(\.path) }

    /// All brands, those that appear late too.
    public var brands: [SynthesizedBrand] {
        world.brands.map { brand in
            let short = brand.abbreviation.map { [$0] } ?? []
            return SynthesizedBrand(name: brand.name, aliases: [brand.kana] + brand.misspellings + short)
        }
    }

    /// The listing of an index.
    public func listing(_ index: Int) -> Listing { labelled(index).listing }

    /// How the listing of an index breaks a rule; nil when it breaks none.
    public func violation(_ index: Int) -> SynthesizedViolation? { labelled(index).violation }

    /// The listings of the indices 0..<count, made one at a time.
    public func listings(count: Int) -> some Sequence<Listing> { (0..<max(count, 0)).lazy.map(listing) }

    private func labelled(_ index: Int) -> (listing: Listing, violation: SynthesizedViolation?) {
        var random = RandomStream(
            seed: world.seed, domain: WorldDomain.listings, index: UInt64(bitPattern: Int64(index)))
        let facts = world.facts(&random)
        let worth = PriceLaw.price(facts, &random)
        var content = ListingDraft(
            title: TitleWriter(facts: facts).title(&random), description: descriptions.description(facts, &random),
            category: facts.leaf.path, brand: random.chance(0.88) ? facts.brand?.name : nil,
            condition: random.chance(0.99) ? facts.condition : nil, shippingPayer: facts.shippingPayer,
            shippingMethod: random.chance(0.97) ? facts.shippingMethod : nil,
            size: random.chance(0.8) ? facts.size : nil, color: random.chance(0.8) ? facts.color?.name : nil,
            tags: TagWriter.tags(facts, &random), currency: .jpy, listedAt: facts.listedAt, seller: facts.seller.name)
        var listing = Listing(id: id(index), content: content)
        let soldAt = facts.listedAt + 600 + Int64(random.unit() * random.unit() * random.unit() * 60 * 86_400)
        if random.chance(0.83), soldAt < world.options.endsAt {
            listing.soldAt = soldAt
            listing.price = Money(minorUnits: worth, currency: .jpy)
        } else {
            let asking = PriceLaw.rounded(Double(worth) * (1.05 + 0.25 * random.unit()), &random)
            listing.price = Money(minorUnits: asking, currency: .jpy)
        }
        // A stream of its own, so that the rate and the wording change nothing else.
        var misdeeds = RandomStream(hash(random.next(), 1))
        var violation: SynthesizedViolation?
        if misdeeds.chance(world.options.violationRate) {
            violation = violations.write(into: &content, &misdeeds)
            listing.content = content
            listing.violation = violation?.kind
        }
        return (listing, violation)
    }

    private func id(_ index: Int) -> String {
        let digits = String(index)
        return "m" + String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
    }
}
