import Foundation
import Testing

@Suite(.enabled(if: Tools.hasGenerator, "protoc-c is not installed: make setup"))
struct GeneratedCodeTests {
    @Test func checkedInCodeIsCurrent() throws {
        let check = try Tools.run([Tools.protos.appending(path: "generate.sh").path, "--check"])
        #expect(check.status == 0, "\(String(decoding: check.output, as: UTF8.self))")
    }
}
