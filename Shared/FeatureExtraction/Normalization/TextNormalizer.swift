/// Brings listing text to one spelling, over UTF-8 bytes:
/// - NFKC and case folding scalar by scalar, then composition of a base with the marks that follow it;
/// - runs of white space and control characters become one blank, none at the ends; invisible scalars go;
/// - dashes become `-`, or `ー` behind kana; wave dashes become `~`;
/// - a mark, a symbol or `ー` repeated becomes one.
///
/// Marks are not reordered, so text that stacks several in an unusual order keeps its spelling. Linear in the text.
/// Rules for dashes and repeats follow those usual for Japanese dictionaries (mecab-ipadic-NEologd's wiki).
public struct TextNormalizer: Sendable {
    private let table = FoldingTable.shared

    public init() {}

    /// Appends the normalised form of `text`, which must be valid UTF-8, to `output`.
    public func normalize(_ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        var recorder = NoSourceRecorder()
        normalize(text, into: &output, &recorder)
    }

    /// As ``normalize(_:into:)``, and appends to `map` where in `text` each byte of `output` came from.
    public func normalize(_ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8], map: inout SourceMap) {
        normalize(text, into: &output, &map)
    }

    @inline(__always)
    private func normalize(
        _ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8], _ recorder: inout some SourceRecorder
    ) {
        output.reserveCapacity(output.count + text.count + text.count / 2 + 8)
        var state = State(start: output.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                recorder.begin(index, length: 1)
                index += 1
                state.push(byte &- 0x41 < 26 ? UInt32(byte) | 0x20 : UInt32(byte), table, &output, &recorder)
                continue
            }
            let (scalar, length) = decodeScalar(text, at: index)
            recorder.begin(index, length: length)
            index += length
            switch table.image(of: scalar) {
            case .same: state.push(scalar, table, &output, &recorder)
            case .scalar(let image): state.push(image, table, &output, &recorder)
            case .several(let range):
                for position in range { state.push(table.pool[position], table, &output, &recorder) }
            }
        }
        if output.count > state.start, output[output.count - 1] == 0x20 {
            output.removeLast()
            recorder.cut(to: output.count - state.start)
        }
    }

    /// The normalised form of `text`.
    public func normalized(_ text: String) -> String {
        var output: [UInt8] = []
        var text = text
        text.withUTF8 { normalize($0, into: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private struct State {
        let start: Int
        /// The scalar last written and where it begins, for composition and repeats.
        var last: UInt32 = 0x20
        var lastStart: Int
        /// The scalar written before it.
        var previous: UInt32 = 0x20

        init(start: Int) {
            self.start = start
            lastStart = start
        }

        @inline(__always)
        mutating func push(
            _ raw: UInt32, _ table: FoldingTable, _ output: inout [UInt8], _ recorder: inout some SourceRecorder
        ) {
            var scalar = raw
            if scalar <= 0x20 || scalar &- 0x7F < 0x21 || isSeparator(scalar) {
                if last == 0x20 { return recorder.extend() }
                scalar = 0x20
            } else if scalar >= 0x80 {
                if scalar >= 0x300, isCombining(scalar) {
                    guard output.count > start else { return }
                    if let composite = table.composite(last, scalar) {
                        output.removeSubrange(lastStart...)
                        last = composite
                        if composite != previous || !collapses(composite) { appendScalar(composite, to: &output) }
                        return recorder.replace(from: lastStart - start, to: output.count - start)
                    }
                }
                scalar = unified(scalar)
            }
            if scalar == last, collapses(scalar) { return recorder.extend() }
            previous = last
            last = scalar
            lastStart = output.count
            appendScalar(scalar, to: &output)
            recorder.append(to: output.count - start)
        }

        @inline(__always)
        private func unified(_ scalar: UInt32) -> UInt32 {
            switch scalar {
            case 0x2010...0x2015, 0x2043, 0x207B, 0x208B, 0x2212, 0x2500, 0x2501, 0x30FC:
                return isKana(last) || last == 0x30FC ? 0x30FC : 0x2D
            case 0x223C, 0x301C, 0x3030, 0x223E: return 0x7E
            default: return scalar
            }
        }

        /// Marks and symbols that sellers repeat for emphasis; never letters, digits or kana but the long vowel mark.
        @inline(__always)
        private func collapses(_ scalar: UInt32) -> Bool {
            if scalar < 0x80 {
                return !(scalar &- 0x30 < 10 || scalar &- 0x61 < 26)
            }
            switch scalar {
            case 0x30FC, 0x2000...0x2BFF, 0x3001...0x303F, 0x30FB, 0x1F000...0x1FAFF: return true
            default: return false
            }
        }
    }
}

@inline(__always)
func isKana(_ scalar: UInt32) -> Bool { scalar &- 0x3041 < 0xBF && scalar != 0x30FB }

/// Separators that NFKC keeps: the ogham space, and the ends of lines and paragraphs.
@inline(__always)
private func isSeparator(_ scalar: UInt32) -> Bool { scalar == 0x1680 || scalar &- 0x2028 < 2 }

@inline(__always)
private func isCombining(_ scalar: UInt32) -> Bool {
    scalar &- 0x300 < 0x70 || scalar &- 0x3099 < 2 || scalar &- 0x20D0 < 0x30
}

/// The scalar at `index` of valid UTF-8, and how many bytes it takes.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, 1) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F), 2) }
    let second = UInt32(bytes[index + 1] & 0x3F)
    let third = UInt32(bytes[index + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
    return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
}

@inline(__always)
func appendScalar(_ scalar: UInt32, to output: inout [UInt8]) {
    if scalar < 0x80 {
        output.append(UInt8(truncatingIfNeeded: scalar))
    } else if scalar < 0x800 {
        output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
        output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    } else {
        if scalar < 0x10000 {
            output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
        } else {
            output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
        }
        output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
        output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
}
