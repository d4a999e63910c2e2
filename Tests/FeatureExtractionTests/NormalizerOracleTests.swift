import TestSupport
import Testing

@testable import FeatureExtraction

/// Python's unicodedata as an oracle for every scalar.
@Suite(.needsPython) struct NormalizerOracleTests {
    /// Prints, in hexadecimal, a line for every scalar that is not its own image, and `c!` for each that the
    /// normaliser's own rules speak of: blanks, controls, invisible scalars, dashes, wave dashes, and images with
    /// blanks or repeats in them.
    private static let script = """
        import re, unicodedata as u
        def fold(s):
            s = u.normalize("NFKC", u.normalize("NFKC", s).casefold())
            return u.normalize("NFKC", s.casefold())
        invisible = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x3164, 0xffa0, 0x2065}
        invisible |= {*range(0x180b, 0x1810), *range(0xfe00, 0xfe10), *range(0xfff0, 0xfff9), *range(0xe0000, 0xe1000)}
        dashes = {0x2043, 0x207b, 0x208b, 0x2212, 0x2500, 0x2501, 0x30fc, 0xff70, 0x223c, 0x301c, 0x3030, 0x223e}
        dashes |= {*range(0x2010, 0x2016)}
        for c in range(0x110000):
            if 0xd800 <= c < 0xe000:
                continue
            image = fold(chr(c))
            if u.category(chr(c)) in ("Cc", "Cf", "Zs", "Zl", "Zp") or c in invisible or c in dashes \\
                    or any(ord(x) in dashes for x in image) or " " in image or re.search(r"([^\\w])\\1", image):
                print("%x!" % c)
            elif image != chr(c):
                print("%x " % c + " ".join("%x" % ord(x) for x in image))
        """

    @Test func everyScalarHasItsFoldedCompatibilityForm() throws {
        var images: [UInt32: [UInt32]] = [:]
        var ownRules: Set<UInt32> = []
        for line in try Python.run(Self.script).utf8.split(separator: UInt8(ascii: "\n")) {
            let line = Substring(line)
            if line.utf8.last == UInt8(ascii: "!") {
                if let scalar = UInt32(line.dropLast(), radix: 16) { ownRules.insert(scalar) }
            } else {
                let numbers = line.utf8.split(separator: UInt8(ascii: " ")).compactMap {
                    UInt32(Substring($0), radix: 16)
                }
                images[numbers[0]] = Array(numbers.dropFirst())
            }
        }
        #expect(images.count > 6_000 && ownRules.count < 4_700)

        let normalizer = TextNormalizer()
        var output: [UInt8] = []
        var input: [UInt8] = []
        var expected: [UInt8] = []
        var differing: [String] = []
        for value in UInt32(0x21)..<0x110000 where !ownRules.contains(value) && Unicode.Scalar(value) != nil {
            input.removeAll(keepingCapacity: true)
            expected.removeAll(keepingCapacity: true)
            output.removeAll(keepingCapacity: true)
            // A neighbour that no mark joins, since a mark at the start would be dropped.
            appendScalar(0x6F22, to: &input)
            appendScalar(value, to: &input)
            appendScalar(0x6F22, to: &expected)
            if let image = images[value] {
                for scalar in image { appendScalar(scalar, to: &expected) }
            } else {
                appendScalar(value, to: &expected)
            }
            input.withUnsafeBufferPointer { normalizer.normalize($0, into: &output) }
            if output != expected { differing.append(String(value, radix: 16)) }
        }
        #expect(differing == [])
    }
}
