import Foundation
import ModelBundles
import RPC
import ServiceHost

/// The smallest real model: a greeting kept in a file, an example of an answer, and the digest of a dictionary.
struct GreetingModel: ServableModel {
    static let method = RPCMethod(service: "test.Greeter", method: "Greet")
    static let dictionary = "d1c7"

    let greeting: String
    let golden: [String]

    func answer(_ name: String) -> String { "\(greeting) \(name)" }

    static func load(bundle: ModelBundle, workers: Int) throws -> GreetingModel {
        guard bundle.manifest.dictionaryDigest == dictionary else {
            throw BundleError.incompatible(
                path: bundle.url.path, what: "dictionary", expected: bundle.manifest.dictionaryDigest,
                found: dictionary, remedy: "install the dictionary it was trained with")
        }
        let golden = try bundle.read("golden.txt").split(separator: UInt8(ascii: "\n"))
        return GreetingModel(
            greeting: String(decoding: try bundle.read("greeting.txt"), as: UTF8.self),
            golden: golden.map { String(decoding: $0, as: UTF8.self) })
    }

    func verifyGolden() throws -> Int {
        for (index, expected) in golden.enumerated() where answer("\(index)") != expected {
            throw GoldenError(description: "golden example \(index) gives \(answer("\(index)")), expected \(expected)")
        }
        return golden.count
    }

    struct GoldenError: Error, CustomStringConvertible { let description: String }

    /// Writes a bundle; `golden` is right unless given.
    @discardableResult
    static func write(
        to root: URL, version: String, dictionary: String = dictionary, golden: String? = nil, ballast: Int = 0
    ) throws -> URL {
        let writer = try BundleWriter(root: root, service: "greet", version: version)
        try writer.add("greeting.txt", bytes: Array("hello from \(version) to".utf8))
        try writer.add("golden.txt", bytes: Array((golden ?? "hello from \(version) to 0\n").utf8))
        if ballast > 0 { try writer.add("ballast.bin", bytes: [UInt8](repeating: 7, count: ballast)) }
        return try writer.finish(
            createdAt: 0, featureDigest: "f", dictionaryDigest: dictionary, trainingSnapshot: "none")
    }

    static let handlers: ServiceHost<GreetingModel>.Handlers = { context in
        [
            RPCHandlerRegistration(method) { request in
                do throws(ModelUnavailable) {
                    let model = try context.model.current().model
                    let name = request.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                    return RPCPayload(bytes: Array(model.answer(name).utf8))
                } catch {
                    throw error.status
                }
            }
        ]
    }
}
