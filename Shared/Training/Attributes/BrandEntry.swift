/// A row of a brand dictionary: a brand, and how else it is written.
public struct BrandEntry: Sendable, Hashable {
    /// As the brand field should hold it.
    public var name: String
    /// Readings, names in other scripts, short forms.
    public var aliases: [String]

    public init(name: String, aliases: [String] = []) {
        self.name = name
        self.aliases = aliases
    }
}
