/// What speaks for and against a value of a field: the columns that an ``AttributeRanker`` weighs.
package enum AttributeSignal: Int, CaseIterable, Sendable {
    /// The title, or only the description, holds the value's own name.
    case namedInTitle
    case namedInDescription
    /// Log odds that a listing whose title holds the most telling of the names has the value; 0 without a name.
    case namePrecision
    /// Log odds that a listing that holds the name fills the field at all, beside those of all listings.
    case nameFills
    /// Log odds, as for a name, of other words that go with the value, in the title; the second most telling too.
    case hintPrecision
    case secondHintPrecision
    case hasHint
    /// The same of names and words in the description.
    case descriptionPrecision
    case isInDescription
    /// ln(1 + training listings with the value), for values that are named, and for others.
    case priorNamed
    case prior
    /// No training listing had the value.
    case isUnseen
    /// ln of the longest name's bytes; whether all names are part of longer ones, cut out of words, typed in small letters.
    case nameLength
    case nameIsCovered
    case nameIsCut
    case nameIsSmall
    /// The title begins with the name.
    case nameIsFirst
    /// ln(1 + mentions).
    case mentionCount
    /// The text classifier's log probability, where it knows the value, and whether it does not.
    case classifier
    case classifierNamed
    case isUnclassified
    /// How much likelier the value is in the draft's category than elsewhere, as a logarithm.
    case categoryLift

    package static let count = allCases.count

    /// As bundles write it: `named_in_title`.
    var name: String {
        "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

/// A value that may be suggested.
package struct AttributeCandidate {
    package var value: Int
    /// By ``AttributeSignal``.
    package var signals: [Float]
    /// Positions of its mentions that are worth showing: the value's names, then words that make it likelier than not.
    var mentions: [Int] = []
    var nameCount = 0
    /// Position of the value among the classifier's outputs.
    var output: Int?
}
