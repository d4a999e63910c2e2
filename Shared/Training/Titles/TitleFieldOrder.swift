import Foundation
import Suggesters

func logarithm(_ value: Double) -> Double { log(value) }

/// Where the titles of a category put brand, item, size and colour.
struct TitleFieldOrder {
    var category: UInt64
    /// Mean places of brand, item, size and colour: 0 first, 1 last.
    var places: [Float]
    /// The share of titles that hold each.
    var shares: [Float]

    var bytes: [UInt8] {
        TitleIndexWriter.bytes([category]) + TitleIndexWriter.bytes((places + shares).map(\.bitPattern))
    }
}
