/// A piece of normalised text.
struct Token {
    enum Kind: UInt8 {
        /// Latin or other letters that are not Japanese.
        case letters
        /// Digits, with decimal points and grouping commas between them.
        case number
        /// A morpheme found by MeCab.
        case morpheme
        /// A mark, a symbol or an emoji.
        case symbol
    }

    var kind: Kind
    /// No blank or mark stands between this token and the one before it.
    var joinsPrevious: Bool
    var start: Int32
    var end: Int32
    /// ``FeatureHash`` of its bytes.
    var hash: UInt64
}
