import Foundation
import Testing
import WireFormat

/// Our bytes against those of Python's official protobuf, both ways.
@Suite(
    .enabled(if: Tools.hasGenerator, "protoc-c is not installed: make setup"),
    .enabled(if: Tools.python != nil, "no Python has google.protobuf: install python3-protobuf"))
struct OfficialProtobufTests {
    @Test(arguments: sampleMessages) func messagesAgree(type: any SampleMessage.Type) throws {
        let arena = try WireArena()
        var random = SeededGenerator(6)
        let messages = try (0..<80).map { _ in try type.random(using: &random) as any SampleMessage }
        let ours = try messages.map { try $0.encoded(arena: arena) }
        let read = try ask(ours.map { ["message": type.name, "bytes": $0.hex] })
        let written = try ask(messages.map { ["message": type.name, "fields": $0.fields] })
        for (index, message) in messages.enumerated() {
            let official = try #require(read[index]["fields"] as? [String: Any])
            #expect(NSDictionary(dictionary: official) == NSDictionary(dictionary: message.fields))
            #expect(written[index]["bytes"] as? String == ours[index].hex)
            let theirs = try [UInt8](hex: try #require(read[index]["bytes"] as? String))
            #expect(try type.init(decoding: theirs, arena: arena).encoded(arena: arena) == ours[index])
        }
    }

    /// Where both accept damaged bytes, both read the same.
    @Test(arguments: sampleMessages) func damagedMessagesAreNotReadDifferently(type: any SampleMessage.Type) throws {
        let arena = try WireArena()
        var random = SeededGenerator(7)
        // Not those of messages that stand once: the contract leaves open how two parts of one are read.
        let first: UInt64 =
            type == SuggestPriceResponse.self ? 4 : type == RecordOutcomeRequest.self ? 5 : 2
        let damaged = try (0..<800).map { index in
            var bytes = try type.random(using: &random).encoded(arena: arena)
            if index.isMultiple(of: 2) {
                bytes.mutate(using: &random)
            } else {
                bytes += random.wireFields(Array(first...8) + [14, 15, 25])
            }
            return bytes
        }
        let answers = try ask(damaged.map { ["message": type.name, "bytes": $0.hex] })
        var compared = 0
        for (bytes, answer) in zip(damaged, answers) {
            guard
                let theirs = answer["fields"] as? [String: Any],
                let message = try? type.init(decoding: bytes, arena: arena)
            else { continue }
            compared += 1
            // A currency is folded to capitals, and an empty draft counts as none: both sides are read again by us.
            let again = try type.init(
                decoding: [UInt8](hex: try #require(answer["bytes"] as? String)), arena: arena)
            #expect(
                try again.encoded(arena: arena) == message.encoded(arena: arena), "\(bytes.hex) \(theirs)")
        }
        #expect(compared > 100)
    }

    private func ask(_ lines: [[String: Any]]) throws -> [[String: Any]] {
        let set = FileManager.default.temporaryDirectory.appending(path: "listing-assist-\(UUID().uuidString).pb")
        defer { try? FileManager.default.removeItem(at: set) }
        let protos = Tools.protos.path
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(protos)/listing_assist/v1").sorted()
        let compiled = try Tools.run(
            ["protoc-c", "-I", protos, "--include_imports", "--descriptor_set_out=\(set.path)"]
                + files.map { "\(protos)/listing_assist/v1/\($0)" })
        try #require(compiled.status == 0, "\(String(decoding: compiled.output, as: UTF8.self))")

        let input = try lines.map { try JSON.line($0) + "\n" }.joined()
        let answered = try Tools.run(
            [try #require(Tools.python), "\(protos)/oracle.py", set.path], input: Data(input.utf8))
        let output = String(decoding: answered.output, as: UTF8.self)
        try #require(answered.status == 0, "\(output)")
        let answers = try output.split(separator: "\n").map { try JSON.object(String($0)) }
        try #require(answers.count == lines.count)
        return answers
    }
}

extension [UInt8] {
    var hex: String {
        let digits = [Character]("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    init(hex: String) throws {
        let digits = try hex.map { try #require($0.hexDigitValue) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
