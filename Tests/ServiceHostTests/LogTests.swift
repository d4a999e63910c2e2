import Foundation
import Logging
import ServiceHost
import Testing

@Suite struct LogTests {
    @Test func aJSONLineIsJSON() throws {
        let lines = LogLines()
        var logger = Logger(label: "price") {
            LineLogHandler(label: $0, threshold: LogThreshold(.debug), sink: lines.add)
        }
        logger[metadataKey: "request"] = "r\"1"
        logger.info(
            "a \"quoted\"\nline\u{01} ゲーム", metadata: ["list": ["x", "y"], "map": ["k": "v"], "number": "\(1)"])
        logger.trace("not shown")
        #expect(lines.all.count == 1)
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["level"] as? String == "info")
        #expect(object["logger"] as? String == "price")
        #expect(object["message"] as? String == "a \"quoted\"\nline\u{01} ゲーム")
        let metadata = try #require(object["metadata"] as? [String: Any])
        #expect(metadata["request"] as? String == "r\"1")
        #expect(metadata["list"] as? [String] == ["x", "y"])
        #expect(metadata["map"] as? [String: String] == ["k": "v"])
        let time = try #require(object["time"] as? String)
        #expect(time.hasSuffix("Z") && time.contains("."))
    }

    @Test func aTextLineIsOneLine() {
        let lines = LogLines()
        let logger = Logger(label: "price") { LineLogHandler(label: $0, format: .text, sink: lines.add) }
        logger.warning("two\nlines", metadata: ["b": "2", "a": "1\n"])
        #expect(lines.all.count == 1)
        #expect(lines.all[0].hasSuffix(" warning price: two lines a=1  b=2\n"))
    }
}
