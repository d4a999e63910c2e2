import FeatureExtraction
import Foundation
import LinearModels
import Listings
import Memory

/// What attribute suggestions are made from, loaded: shared by every worker of a process.
///
/// Files: `attributes.json` (``AttributeSettings``), `features.attributes.hashed` (``HashedFeatures``), and for each field that can
/// be suggested `attributes-<field>.aliases` (``AliasDictionary``) and, unless it has no classifier,
/// `attributes-<field>.linear` (``SparseClassifier``).
public struct AttributeModel: Sendable {
    public let features: HashedFeatures
    public let dictionary: MeCabDictionary
    let heads: [AttributeHead]

    /// The fields that it can suggest.
    public var attributes: [Attribute] { heads.map(\.attribute) }

    /// Bytes that stay where they are as long as `owner` lives.
    public typealias Part = (bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?)

    /// - Parameter part: the file of a name, mapped.
    /// - Throws: ``ModelPartsError``, and what `part` throws.
    public init(dictionary: MeCabDictionary, part: (_ name: String) throws -> Part) throws {
        func read<Value>(_ name: String, _ body: (Part) throws -> Value) throws -> Value {
            let bytes = try part(name)
            do { return try body(bytes) } catch { throw ModelPartsError.part(name, reason: "\(error)") }
        }
        let settings = try read(AttributeFile.settings) {
            try JSONDecoder().decode(AttributeSettings.self, from: Data($0.bytes))
        }
        guard Set(settings.fields.map(\.attribute)).count == settings.fields.count else {
            throw ModelPartsError.doNotFit("a field has two models")
        }
        let features = try read(AttributeFile.features) {
            try HashedFeatures(spec: settings.features, bytes: $0.bytes, owner: $0.owner)
        }
        let heads = try settings.fields.map { field in
            try AttributeHead(
                attribute: field.attribute,
                dictionary: read(AttributeFile.aliases(field.attribute)) {
                    try AliasDictionary(bytes: $0.bytes, owner: $0.owner)
                },
                classifier: field.outputs.isEmpty
                    ? nil
                    : read(AttributeFile.classifier(field.attribute)) {
                        try SparseClassifier(bytes: $0.bytes, owner: $0.owner)
                    },
                outputs: field.outputs, ranker: field.ranker, patterns: field.patterns)
        }
        self.init(features: features, dictionary: dictionary, heads: heads)
    }

    /// Reads a model from memory: files by name.
    public init(dictionary: MeCabDictionary, files: [String: [UInt8]]) throws {
        try self.init(dictionary: dictionary) { name in
            guard let bytes = files[name] else { throw ModelPartsError.part(name, reason: "it is missing") }
            let held = OwnedBytes(bytes)
            return (held.bytes, held)
        }
    }

    init(features: HashedFeatures, dictionary: MeCabDictionary, heads: [AttributeHead]) {
        self.features = features
        self.dictionary = dictionary
        self.heads = heads.sorted { $0.attribute.order < $1.attribute.order }
    }

    /// The value of the training listings that `text` is another spelling of: `NIKE` for `nike`; nil for a value never seen.
    public func canonical(_ attribute: Attribute, _ text: String) -> String? {
        guard let head = heads.first(where: { $0.attribute == attribute }) else { return nil }
        return head.value(of: text).map { head.dictionary.name(of: $0) }
    }
}

extension AttributeHead {
    /// The value that `text` names.
    func value(of text: String) -> Int? {
        let key = FoldedText.folded(text)
        guard !key.isEmpty, let alias = key.withUnsafeBytes({ dictionary.find($0) }) else { return nil }
        var best: AliasDictionary.Posting?
        dictionary.forEachPosting(of: alias) { posting in
            guard posting.kind == .name else { return }
            let isOwn = FoldedText.folded(dictionary.name(of: posting.value)) == key
            let bestIsOwn = best.map { FoldedText.folded(dictionary.name(of: $0.value)) == key } ?? false
            if best == nil || isOwn && !bestIsOwn || isOwn == bestIsOwn && posting.listings > (best?.listings ?? 0) {
                best = posting
            }
        }
        return best?.value
    }
}

extension Attribute {
    /// Its place among all.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The files of an attribute model.
package enum AttributeFile {
    package static let settings = "attributes.json"
    package static let features = "features.attributes.hashed"
    package static func aliases(_ attribute: Attribute) -> String { "attributes-\(attribute.rawValue).aliases" }
    package static func classifier(_ attribute: Attribute) -> String { "attributes-\(attribute.rawValue).linear" }
}

/// `attributes.json`: how the text features are made, and what was learnt of each field besides its dictionary and weights.
package struct AttributeSettings: Codable, Sendable {
    package struct Field: Codable, Sendable {
        var attribute: Attribute
        /// The value of each of the classifier's outputs.
        var outputs: [Int]
        var ranker: AttributeRanker
        var patterns: [ValuePattern]

        package init(attribute: Attribute, outputs: [Int], ranker: AttributeRanker, patterns: [ValuePattern]) {
            self.attribute = attribute
            self.outputs = outputs
            self.ranker = ranker
            self.patterns = patterns
        }
    }

    var features: HashedSpec
    var fields: [Field]

    package init(features: HashedSpec, fields: [Field]) {
        self.features = features
        self.fields = fields
    }
}
