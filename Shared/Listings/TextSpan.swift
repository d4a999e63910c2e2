/// Where in a draft something was read: byte offsets into one field's UTF-8, as the seller wrote it.
public struct TextSpan: Sendable, Hashable, Codable {
    /// A field that holds text.
    public enum Field: String, Sendable, Hashable, Codable, CaseIterable {
        case title, description
        case categoryLevel = "category_level"
        case brand
        case shippingMethod = "shipping_method"
        case size, color, tag
    }

    public var field: Field
    /// Which category level or tag, from 0; 0 for the other fields.
    public var element: Int
    /// Both ends fall between Unicode scalars.
    public var start: Int
    public var end: Int

    public init(field: Field, element: Int = 0, start: Int, end: Int) {
        self.field = field
        self.element = element
        self.start = start
        self.end = end
    }
}
