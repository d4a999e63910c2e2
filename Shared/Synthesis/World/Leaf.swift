import Listings

/// A second-level category.
struct Branch: Sendable {
    let profile: CategoryProfile
    let domains: [Character]
    /// Brands that sell here, and their cumulative popularity.
    let brands: [Int]
    let brandPopularity: CumulativeWeights
    /// The change of the log price over the window.
    let trend: Double
}

/// A third-level category and its laws.
struct Leaf: Sendable {
    let number: Int
    let branch: Int
    let path: CategoryPath
    let items: [String]
    let sizes: CategoryProfile.Sizes
    let materials: [Attribute]
    /// Whether it is sold by its gigabytes.
    let hasStorage: Bool
    /// The log of the usual price.
    let basePrice: Double
    /// What each item adds to the log price.
    let itemEffects: [Double]
    /// How the popularity changes over the window, as a log.
    let popularityTrend: Double
    /// The month (1 to 12) it sells best in, or none.
    let peakMonth: Int?
}

/// A colour, a material or a style.
struct Attribute: Sendable {
    let name: String
    /// What titles call it; the name too.
    let spellings: [String]
    /// What it adds to the log price.
    let effect: Double
    let tags: [String]

    init(line: String) {
        let parts = columns(line, "|")
        name = parts[0]
        spellings = [parts[0]] + fields(parts.count > 1 ? parts[1] : "", ",")
        effect = Double(parts.count > 2 ? Int(parts[2]) ?? 0 : 0) / 100
        tags = fields(parts.count > 3 ? parts[3] : "", ",")
    }

    /// The tables of a text in which `#name` starts a table.
    static func tables(_ text: String) -> [String: [Attribute]] {
        var tables: [String: [Attribute]] = [:]
        var name = ""
        for line in lines(text) {
            if line.hasPrefix("#") {
                name = String(line.dropFirst())
            } else {
                tables[name, default: []].append(Attribute(line: line))
            }
        }
        return tables
    }
}

/// Draws an index in proportion to weights.
struct CumulativeWeights: Sendable {
    private let sums: [Double]

    init(_ weights: [Double]) {
        var total = 0.0
        sums = weights.map { weight in
            total += weight
            return total
        }
    }

    /// The index at `position`, 0..<1, of the total weight.
    func index(at position: Double) -> Int {
        let target = position * (sums.last ?? 0)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
