/// The fields of one record, in place where that can be. Fields are valid until the next record.
struct RowFields {
    var fields: [UnsafeRawBufferPointer] = []
    /// Where fields are put that had to be decoded; as large as the record, so it never moves while one is read.
    private(set) var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var used = 0
    private var join = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    mutating func reset(recordLength: Int) {
        fields.removeAll(keepingCapacity: true)
        used = 0
        guard scratch.count < recordLength else { return }
        scratch.deallocate()
        scratch = .allocate(byteCount: max(recordLength * 2, 4_096), alignment: 16)
    }

    @inline(__always)
    mutating func append(decoded byte: UInt8) {
        scratch[used] = byte
        used += 1
    }

    mutating func append(decoded bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: scratch[used...]).copyMemory(from: bytes)
        used += bytes.count
    }

    func decoded(from start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: scratch[start..<used]) }

    /// The fields at `indices` parted by a space, empty ones left out; valid until the next join.
    mutating func joined(_ indices: [Int]) -> UnsafeRawBufferPointer {
        let size = indices.reduce(0) { $0 + fields[$1].count + 1 }
        if join.count < size {
            join.deallocate()
            join = .allocate(byteCount: size * 2, alignment: 16)
        }
        var count = 0
        for index in indices where !fields[index].isEmpty {
            if count > 0 {
                join[count] = 0x20
                count += 1
            }
            UnsafeMutableRawBufferPointer(rebasing: join[count...]).copyMemory(from: fields[index])
            count += fields[index].count
        }
        return UnsafeRawBufferPointer(rebasing: join[..<count])
    }

    func deallocate() {
        scratch.deallocate()
        join.deallocate()
    }

    /// Splits at tabs, and at nothing else.
    mutating func split(tsv record: UnsafeRawBufferPointer) {
        reset(recordLength: 0)
        var start = 0
        while let tab = firstIndex(of: 0x09, in: record, from: start) {
            fields.append(UnsafeRawBufferPointer(rebasing: record[start..<tab]))
            start = tab + 1
        }
        fields.append(UnsafeRawBufferPointer(rebasing: record[start...]))
    }
}
