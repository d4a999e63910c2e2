/// What the listings of a second-level category have in common.
struct CategoryProfile: Sendable {
    enum Sizes: Sendable {
        case none, letters, kids, shoes, kidsShoes, rings, dimensions, inches, bedding, volume, wheels, clubs, weight
        /// Letters for what is worn, centimetres for shoes, none for the rest.
        case gear
    }
    enum Models: Sendable {
        case none, number, collection, game, character, comic, book, magazine, artist, film, vehicle
    }
    enum Conditions: Sendable {
        case used, careful, new
    }

    let name: String
    var sizes = Sizes.none
    /// The name of the table of materials, or none.
    var materials: String?
    /// The name of the table of styles, or none.
    var styles: String?
    var models = Models.none
    var conditions = Conditions.used
    /// How strongly condition moves the price.
    var depreciation = 1.0
    /// How strongly a brand's tier moves the price.
    var tierWeight = 1.0
    var brandRate = 0.85
    var colorRate = 0.6
    var setRate = 0.05
    var hasStorage = false
    /// 0 fits a letter box, 3 needs a truck.
    var bulk = 1
    /// Which remarks on its state fit: cloth, leather, shoe, device, paper, disc, card, bottle or plain.
    var wear = "plain"
    /// Relative number of listings.
    var popularity = 1.0

    static let all: [CategoryProfile] = [
        .init(
            name: "wear", sizes: .letters, materials: "fabric", styles: "wear", models: .collection, colorRate: 0.85,
            setRate: 0.03, wear: "cloth", popularity: 1.6),
        .init(
            name: "innerwear", sizes: .letters, materials: "fabric", styles: "wear", conditions: .careful,
            colorRate: 0.8, setRate: 0.15, bulk: 0, wear: "cloth"),
        .init(
            name: "kidswear", sizes: .kids, materials: "fabric", styles: "kids", colorRate: 0.75, setRate: 0.22,
            bulk: 0, wear: "cloth", popularity: 1.4),
        .init(
            name: "shoes", sizes: .shoes, materials: "leather", styles: "shoes", models: .collection, depreciation: 1.2,
            colorRate: 0.85, setRate: 0, wear: "shoe", popularity: 1.2),
        .init(
            name: "kidshoes", sizes: .kidsShoes, styles: "kids", depreciation: 1.2, colorRate: 0.75, setRate: 0.08,
            wear: "shoe"),
        .init(
            name: "bag", materials: "leather", styles: "bag", models: .collection, tierWeight: 1.3, colorRate: 0.85,
            setRate: 0.01, wear: "leather", popularity: 1.3),
        .init(
            name: "smallgoods", materials: "leather", styles: "bag", models: .collection, tierWeight: 1.2,
            colorRate: 0.85, setRate: 0.02, bulk: 0, wear: "leather"),
        .init(
            name: "jewelry", sizes: .rings, materials: "metal", styles: "jewelry", conditions: .careful,
            depreciation: 0.6, tierWeight: 1.3, brandRate: 0.55, colorRate: 0.5, setRate: 0.06, bulk: 0),
        .init(
            name: "watch", materials: "metal", styles: "watch", models: .number, tierWeight: 1.5, brandRate: 0.95,
            colorRate: 0.7, setRate: 0.01, bulk: 0),
        .init(
            name: "phone", styles: "device", models: .number, depreciation: 1.3, brandRate: 0.95, colorRate: 0.7,
            setRate: 0.01, hasStorage: true, bulk: 0, wear: "device", popularity: 1.5),
        .init(
            name: "phonecase", styles: "case", models: .vehicle, conditions: .careful, brandRate: 0.4, setRate: 0.08,
            bulk: 0),
        .init(
            name: "pc", sizes: .inches, styles: "device", models: .number, depreciation: 1.2, brandRate: 0.95,
            colorRate: 0.4, setRate: 0, hasStorage: true, wear: "device"),
        .init(
            name: "pcpart", styles: "device", models: .number, brandRate: 0.9, colorRate: 0.25, setRate: 0.06,
            wear: "device"),
        .init(
            name: "camera", styles: "device", models: .number, brandRate: 0.97, colorRate: 0.35, setRate: 0.05,
            wear: "device"),
        .init(
            name: "audio", styles: "device", models: .number, brandRate: 0.93, colorRate: 0.6, setRate: 0.02,
            wear: "device"),
        .init(
            name: "appliance", styles: "device", models: .number, depreciation: 1.1, brandRate: 0.9, colorRate: 0.5,
            setRate: 0.01, bulk: 2, wear: "device"),
        .init(
            name: "console", styles: "device", models: .number, brandRate: 0.95, colorRate: 0.6, setRate: 0.08,
            hasStorage: true, wear: "device", popularity: 1.2),
        .init(
            name: "gamesoft", styles: "media", models: .game, depreciation: 0.7, brandRate: 0.6, colorRate: 0,
            setRate: 0.1, bulk: 0, wear: "disc", popularity: 1.5),
        .init(
            name: "cards", styles: "cards", models: .character, conditions: .careful, depreciation: 1.2,
            brandRate: 0.3, colorRate: 0, setRate: 0.3, bulk: 0, wear: "card", popularity: 2),
        .init(
            name: "figure", styles: "goods", models: .character, conditions: .careful, brandRate: 0.7, colorRate: 0,
            setRate: 0.12, popularity: 1.5),
        .init(
            name: "modelkit", styles: "goods", models: .number, conditions: .careful, brandRate: 0.8, colorRate: 0.1,
            setRate: 0.08),
        .init(
            name: "plush", styles: "goods", models: .character, conditions: .careful, brandRate: 0.25, colorRate: 0.05,
            setRate: 0.25, bulk: 0, popularity: 2),
        .init(
            name: "idolgoods", styles: "goods", models: .artist, conditions: .careful, brandRate: 0.05, colorRate: 0.1,
            setRate: 0.25, bulk: 0, popularity: 1.6),
        .init(
            name: "toy", styles: "kids", models: .character, brandRate: 0.7, colorRate: 0.15,
            setRate: 0.15),
        .init(
            name: "instrument", models: .number, depreciation: 0.8, brandRate: 0.9, colorRate: 0.45, setRate: 0.02,
            bulk: 2),
        .init(
            name: "collectible", materials: "metal", styles: "antique", depreciation: 0.6, brandRate: 0.1,
            colorRate: 0.1, setRate: 0.25, bulk: 0),
        .init(
            name: "art", sizes: .dimensions, materials: "ceramic", styles: "antique", conditions: .careful,
            depreciation: 0.7, brandRate: 0.15, colorRate: 0.15, setRate: 0.05, bulk: 2),
        .init(
            name: "comic", styles: "media", models: .comic, depreciation: 0.8, brandRate: 0, colorRate: 0,
            setRate: 0.55, wear: "paper", popularity: 2),
        .init(
            name: "book", styles: "media", models: .book, depreciation: 0.8, brandRate: 0, colorRate: 0, setRate: 0.12,
            bulk: 0, wear: "paper", popularity: 1.2),
        .init(
            name: "magazine", styles: "media", models: .magazine, depreciation: 0.8, brandRate: 0, colorRate: 0,
            setRate: 0.2, bulk: 0, wear: "paper"),
        .init(
            name: "cd", styles: "media", models: .artist, depreciation: 0.8, brandRate: 0, colorRate: 0,
            setRate: 0.12, bulk: 0, wear: "disc", popularity: 1.2),
        .init(
            name: "video", styles: "media", models: .film, depreciation: 0.8, brandRate: 0, colorRate: 0, setRate: 0.12,
            bulk: 0, wear: "disc"),
        .init(
            name: "makeup", styles: "cosmetics", models: .collection, conditions: .careful, depreciation: 1.3,
            brandRate: 0.93, colorRate: 0.55, setRate: 0.12, bulk: 0, wear: "bottle", popularity: 1.3),
        .init(
            name: "skincare", sizes: .volume, styles: "cosmetics", conditions: .new, depreciation: 1.4,
            brandRate: 0.93, colorRate: 0, setRate: 0.2, wear: "bottle", popularity: 1.2),
        .init(
            name: "fragrance", sizes: .volume, styles: "scent", models: .collection, conditions: .careful,
            brandRate: 0.97, colorRate: 0, setRate: 0.04, bulk: 0, wear: "bottle"),
        .init(
            name: "haircare", sizes: .volume, styles: "scent", conditions: .new, brandRate: 0.9, colorRate: 0,
            setRate: 0.25, wear: "bottle"),
        .init(
            name: "nailgoods", styles: "nail", conditions: .new, brandRate: 0.35, colorRate: 0.7, setRate: 0.2,
            bulk: 0, wear: "bottle"),
        .init(
            name: "health", sizes: .volume, styles: "scent", conditions: .new, brandRate: 0.7, colorRate: 0.05,
            setRate: 0.25, wear: "bottle"),
        .init(name: "golf", sizes: .clubs, models: .number, brandRate: 0.95, colorRate: 0.15, setRate: 0.02, bulk: 2),
        .init(
            name: "fishing", sizes: .gear, styles: "device", models: .number, brandRate: 0.92, colorRate: 0.25,
            setRate: 0.12),
        .init(
            name: "bicycle", sizes: .gear, styles: "sports", models: .number, brandRate: 0.85, colorRate: 0.6,
            setRate: 0.02, bulk: 3),
        .init(
            name: "camp", sizes: .gear, materials: "gear", styles: "sports", models: .collection, brandRate: 0.85,
            colorRate: 0.5,
            setRate: 0.06, bulk: 2),
        .init(
            name: "sportgear", sizes: .gear, styles: "sports", models: .collection, brandRate: 0.88, colorRate: 0.6,
            setRate: 0.05),
        .init(
            name: "snow", sizes: .gear, styles: "sports", models: .collection, brandRate: 0.9, colorRate: 0.6,
            setRate: 0.06, bulk: 3),
        .init(
            name: "furniture", sizes: .dimensions, materials: "wood", styles: "interior", brandRate: 0.35,
            colorRate: 0.8, setRate: 0.05, bulk: 3),
        .init(
            name: "bedding", sizes: .bedding, materials: "fabric", styles: "interior", brandRate: 0.5, colorRate: 0.6,
            setRate: 0.08, bulk: 3, wear: "cloth"),
        .init(
            name: "interior", sizes: .dimensions, materials: "wood", styles: "interior", brandRate: 0.4, colorRate: 0.6,
            setRate: 0.1),
        .init(
            name: "kitchen", materials: "ceramic", styles: "tableware", conditions: .careful, brandRate: 0.65,
            colorRate: 0.4, setRate: 0.35),
        .init(name: "daily", conditions: .new, brandRate: 0.5, colorRate: 0.3, setRate: 0.35),
        .init(name: "tools", models: .number, brandRate: 0.75, colorRate: 0.2, setRate: 0.08, bulk: 2, wear: "device"),
        .init(
            name: "garden", sizes: .dimensions, materials: "ceramic", conditions: .new, brandRate: 0.1, colorRate: 0.1,
            setRate: 0.3),
        .init(name: "pet", sizes: .gear, styles: "kids", conditions: .careful, brandRate: 0.5, setRate: 0.12),
        .init(
            name: "stationery", styles: "stationery", conditions: .careful, depreciation: 0.8, brandRate: 0.6,
            setRate: 0.25, bulk: 0),
        .init(
            name: "handacc", materials: "metal", styles: "jewelry", conditions: .new, brandRate: 0, colorRate: 0.6,
            setRate: 0.05, bulk: 0, popularity: 1.1),
        .init(
            name: "handmade", sizes: .dimensions, materials: "fabric", styles: "handmade", conditions: .new,
            brandRate: 0, colorRate: 0.6, setRate: 0.1, bulk: 0, popularity: 1.1),
        .init(
            name: "craft", materials: "fabric", styles: "handmade", conditions: .new, brandRate: 0.1, colorRate: 0.5,
            setRate: 0.35, bulk: 0),
        .init(
            name: "babygoods", styles: "kids", depreciation: 1.2, brandRate: 0.8, colorRate: 0.55, setRate: 0.06,
            bulk: 2),
        .init(
            name: "autopart", sizes: .wheels, models: .vehicle, brandRate: 0.7, colorRate: 0.25, setRate: 0.1,
            bulk: 3, wear: "device"),
        .init(
            name: "autoacc", models: .number, brandRate: 0.75, colorRate: 0.2, setRate: 0.04, wear: "device"),
        .init(name: "bikepart", models: .vehicle, brandRate: 0.7, colorRate: 0.3, setRate: 0.05, bulk: 2),
        .init(
            name: "bikewear", sizes: .gear, models: .collection, brandRate: 0.85, colorRate: 0.6, setRate: 0.02,
            wear: "cloth"),
        .init(
            name: "food", sizes: .weight, styles: "food", conditions: .new, brandRate: 0.5, colorRate: 0, setRate: 0.4),
        .init(
            name: "drink", sizes: .weight, styles: "food", conditions: .new, brandRate: 0.65, colorRate: 0,
            setRate: 0.4),
    ]
}
