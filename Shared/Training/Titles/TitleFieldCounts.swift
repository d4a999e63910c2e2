import Listings

/// Sums up where titles hold their listing's fields.
struct TitleFieldCounts {
    mutating func add(_ title: [UInt8], category: CategoryPath?, brand: String?, size: String?, color: String?) {}
    func orders() -> [TitleFieldOrder] { [] }
}
