/// Where in a text each byte of its normalised form came from.
///
/// A scalar that becomes several gives all their bytes its own range; several that become one (a letter and its accents, a
/// run of blanks, a repeated mark) give it the range from the first to the last. Invisible scalars belong to none.
public struct SourceMap: Sendable {
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    /// Where the text last read begins in ``starts``.
    private var base = 0
    private var scalar: Range<Int32> = 0..<0
    /// Where the scalar last written begins in the source, for marks that join it.
    private var lastStart: Int32 = 0

    public init() {}

    /// Bytes of normalised text that are mapped.
    public var count: Int { starts.count }

    /// The bytes of the source that `bytes` of the normalised text came from: from the first one's first to the last one's
    /// last, between scalars; empty for an empty range.
    public func source(of bytes: Range<Int>) -> Range<Int> {
        guard bytes.lowerBound >= 0, bytes.upperBound <= starts.count, !bytes.isEmpty else { return 0..<0 }
        return Int(starts[bytes.lowerBound])..<Int(ends[bytes.upperBound - 1])
    }

    /// Forgets everything and keeps the storage.
    public mutating func removeAll() {
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        base = 0
    }
}

/// Is told what becomes of each scalar while a text is normalised. Counts are of bytes written for this text.
protocol SourceRecorder {
    /// The scalar of `length` bytes at `index` is read next.
    mutating func begin(_ index: Int, length: Int)
    /// The scalar was written: `count` bytes by now.
    mutating func append(to count: Int)
    /// The scalar joined the one before: what was written from `start` on now ends at `count`.
    mutating func replace(from start: Int, to count: Int)
    /// The scalar repeats the one last written, and was left out.
    mutating func extend()
    /// All but the first `count` bytes were taken back.
    mutating func cut(to count: Int)
}

struct NoSourceRecorder: SourceRecorder {
    @inline(__always) mutating func begin(_ index: Int, length: Int) {}
    @inline(__always) mutating func append(to count: Int) {}
    @inline(__always) mutating func replace(from start: Int, to count: Int) {}
    @inline(__always) mutating func extend() {}
    @inline(__always) mutating func cut(to count: Int) {}
}

extension SourceMap: SourceRecorder {
    mutating func begin(_ index: Int, length: Int) {
        if index == 0 { base = starts.count }
        scalar = Int32(truncatingIfNeeded: index)..<Int32(truncatingIfNeeded: index + length)
    }

    mutating func append(to count: Int) {
        lastStart = scalar.lowerBound
        fill(to: count)
    }

    mutating func replace(from start: Int, to count: Int) {
        cut(to: start)
        fill(to: count)
    }

    mutating func extend() {
        // The bytes of the scalar last written share a start.
        var index = starts.count - 1
        while index >= base, starts[index] == lastStart, ends[index] != scalar.upperBound {
            ends[index] = scalar.upperBound
            index -= 1
        }
    }

    mutating func cut(to count: Int) {
        starts.removeLast(starts.count - base - count)
        ends.removeLast(ends.count - base - count)
    }

    private mutating func fill(to count: Int) {
        while starts.count - base < count {
            starts.append(lastStart)
            ends.append(scalar.upperBound)
        }
    }
}
