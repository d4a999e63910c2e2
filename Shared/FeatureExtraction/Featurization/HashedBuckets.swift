/// A read-only open-addressing table of 16-byte buckets.
struct HashedBuckets: @unchecked Sendable {
    static let stride = 16

    let base: UnsafeRawPointer
    let bits: Int

    /// The two payload words of `key`, if it is there. Ends even in a table that is full.
    @inline(__always)
    func find(_ key: UInt64) -> (UInt32, UInt32)? {
        let mask = (1 << bits) - 1
        let key = key == 0 ? 1 : key
        var index = bits == 0 ? 0 : Int(truncatingIfNeeded: key >> UInt64(64 - bits))
        for _ in 0...mask {
            let bucket = base + index * Self.stride
            let found = UInt64(littleEndian: bucket.loadUnaligned(as: UInt64.self))
            if found == key {
                return (
                    UInt32(littleEndian: bucket.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
                    UInt32(littleEndian: bucket.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                )
            }
            if found == 0 { return nil }
            index = (index + 1) & mask
        }
        return nil
    }

    /// The bytes of a table with these entries, inserted in order, and log2 of its buckets (at most 5/8 full).
    static func serialized(_ entries: [(key: UInt64, first: UInt32, second: UInt32)]) -> (bytes: [UInt8], bits: Int) {
        var bits = 4
        while (1 << bits) * 5 < entries.count * 8 { bits += 1 }
        let mask = (1 << bits) - 1
        var bytes = [UInt8](repeating: 0, count: stride << bits)
        bytes.withUnsafeMutableBytes { bytes in
            for entry in entries {
                let key = entry.key == 0 ? 1 : entry.key
                var index = Int(truncatingIfNeeded: key >> UInt64(64 - bits))
                while bytes.load(fromByteOffset: index * stride, as: UInt64.self) != 0 { index = (index + 1) & mask }
                bytes.storeBytes(of: key.littleEndian, toByteOffset: index * stride, as: UInt64.self)
                bytes.storeBytes(of: entry.first.littleEndian, toByteOffset: index * stride + 8, as: UInt32.self)
                bytes.storeBytes(of: entry.second.littleEndian, toByteOffset: index * stride + 12, as: UInt32.self)
            }
        }
        return (bytes, bits)
    }
}

/// A read-only open-addressing table from 64-bit hashes to feature ids, 8 bytes a bucket. The bucket's place and the 32
/// bits kept tell hashes apart but for one in thousands of millions.
struct Vocabulary: @unchecked Sendable {
    static let stride = 8

    let base: UnsafeRawPointer
    let bits: Int

    /// The bucket at which `key` belongs: its mark, and in the high half its id + 1. Reading the buckets of many keys
    /// before looking at any lets the memory's answers overlap.
    @inline(__always)
    func firstBucket(_ key: UInt64) -> UInt64 {
        let index = bits == 0 ? 0 : Int(truncatingIfNeeded: key >> UInt64(64 - bits))
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index * Self.stride, as: UInt64.self))
    }

    /// The id of `key`, whose first bucket is `first`, if it is there.
    @inline(__always)
    func find(_ key: UInt64, first: UInt64) -> UInt32? {
        let next = UInt32(truncatingIfNeeded: first >> 32)
        if next == 0 { return nil }
        return UInt32(truncatingIfNeeded: first) == Self.mark(key) ? next - 1 : find(key)
    }

    /// The id of `key`, if it is there. Ends even in a table that is full.
    func find(_ key: UInt64) -> UInt32? {
        let mask = (1 << bits) - 1
        let mark = Self.mark(key)
        var index = bits == 0 ? 0 : Int(truncatingIfNeeded: key >> UInt64(64 - bits))
        for _ in 0...mask {
            let bucket = base + index * Self.stride
            let next = UInt32(littleEndian: bucket.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            if next == 0 { return nil }
            if UInt32(littleEndian: bucket.loadUnaligned(as: UInt32.self)) == mark { return next - 1 }
            index = (index + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private static func mark(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key) }

    /// The bytes of a table in which each key's id is its place in `keys`, and log2 of its buckets (at most 5/8 full).
    static func serialized(_ keys: [UInt64]) -> (bytes: [UInt8], bits: Int) {
        var bits = 4
        while (1 << bits) * 5 < keys.count * 8 { bits += 1 }
        let mask = (1 << bits) - 1
        var bytes = [UInt8](repeating: 0, count: stride << bits)
        bytes.withUnsafeMutableBytes { bytes in
            for (id, key) in keys.enumerated() {
                var index = Int(truncatingIfNeeded: key >> UInt64(64 - bits))
                while bytes.load(fromByteOffset: index * stride + 4, as: UInt32.self) != 0 {
                    index = (index + 1) & mask
                }
                bytes.storeBytes(of: mark(key).littleEndian, toByteOffset: index * stride, as: UInt32.self)
                bytes.storeBytes(of: UInt32(id + 1).littleEndian, toByteOffset: index * stride + 4, as: UInt32.self)
            }
        }
        return (bytes, bits)
    }
}
