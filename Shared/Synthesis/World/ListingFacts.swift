import Listings

/// What is true of one item for sale, before anyone writes about it.
struct ListingFacts: Sendable {
    let leaf: Leaf
    let branch: Branch
    let item: String
    let seller: Seller
    /// Position in the window, 0 to 1, and the same as a date.
    let time: Double
    let listedAt: Int64
    let month: Int
    var brand: Brand?
    /// A model number, a collection, or what a part fits.
    var model: String?
    /// A work, performer or title it is about, and a second name in it: a character, a member, a volume.
    var subject: String?
    var detail: String?
    var color: Attribute?
    var material: Attribute?
    var style: Attribute?
    var size: String?
    var storage: String?
    /// How many pieces are sold together.
    var pieces = 1
    var condition = Condition.good
    var shippingPayer = ShippingPayer.seller
    var shippingMethod = ""
    /// The log of what it is worth, before the seller's own mind.
    var logPrice = 0.0

    var profile: CategoryProfile { branch.profile }
    /// The year in Japan, for windows that are about the 2020s.
    var year: Int { 1970 + Int((listedAt + 32_400) * 400 / 12_622_780_800) }
}

/// A person who sells, and how that person writes.
struct Seller: Sendable {
    let name: String
    /// The log of how much more than usual this seller asks.
    let markup: Double
    /// 0 writes little and plainly, 1 decorates everything.
    let flourish: Double
    /// How long the descriptions are, 0 to 1.
    let patience: Double
    let usesWideSpaces: Bool
    let habit: UInt64

    init(world: World, number: Int) {
        var random = RandomStream(seed: world.seed, domain: WorldDomain.sellers, index: UInt64(number))
        name = "s" + String(10_000_000 + number * 37 % 89_999_999)
        markup = 0.12 * random.gaussian()
        let boldness = random.unit()
        flourish = boldness * boldness
        patience = random.unit()
        usesWideSpaces = random.chance(0.12)
        habit = random.next()
    }
}
