/// A copy of some bytes that does not move, aligned to a cache line. What reads it in place keeps it alive.
package final class OwnedBytes: @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer
    /// Where ``bytes`` begin; there is an address even where there are none.
    package let base: UnsafeRawPointer

    package init(_ source: [UInt8]) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, source.count), alignment: 64)
        source.withUnsafeBytes { copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: $0.count) }
        base = UnsafeRawPointer(copy)
        bytes = UnsafeRawBufferPointer(start: copy, count: source.count)
    }

    deinit { base.deallocate() }
}
