/// The invented works, performers and products a listing can be about.
struct Works: Sendable {
    struct Series: Sendable {
        let title: String
        let short: String
        let characters: [String]
        /// What it adds to the log price of goods, and when it appears (0 to 1).
        let effect: Double
        let launch: Double
    }

    let series: [Series]
    let performers: [String]
    let performerEffects: [Double]
    let members: [[String]]
    let adjectives = fields(WorkTable.adjectives, ",")
    let nouns = fields(WorkTable.nouns, ",")
    let subjects = fields(WorkTable.subjects, ",")
    let forms = fields(WorkTable.forms, ",")
    let magazines = fields(WorkTable.magazines, ",")
    let gameSuffixes = fields(WorkTable.gameSuffixes, ",")
    let platforms = fields(WorkTable.platforms, ",")
    let cars = fields(WorkTable.cars, ",")
    let bikes = fields(WorkTable.bikes, ",")
    let phones = fields(WorkTable.phones, ",")
    let collections = fields(WorkTable.collections, ",")

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, domain: WorldDomain.works)
        let starts = fields(WorkTable.memberStarts, ",")
        let ends = fields(WorkTable.memberEnds, ",")
        func names(_ count: Int, _ random: inout RandomStream) -> [String] {
            (0..<count).map { _ in
                random.pick(starts) + (random.chance(0.3) ? random.pick(ends) : "") + random.pick(ends)
            }
        }
        series = lines(WorkTable.series).map { line in
            let parts = fields(line, ",")
            return Series(
                title: parts[0], short: parts[1], characters: names(7, &random), effect: 0.3 * random.gaussian(),
                launch: random.chance(0.25) ? 0.1 + 0.8 * random.unit() : 0)
        }
        performers = fields(WorkTable.performers, ",")
        performerEffects = performers.map { _ in 0.3 * random.gaussian() }
        members = performers.map { _ in names(6, &random) }
    }
}
