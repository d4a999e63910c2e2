/// Puts feature ids in order, equal ones in the order given, by their digits from the last (a radix sort). Its memory is used
/// again.
struct IDSorter {
    /// Places of the ids given last, in their order.
    private(set) var order: [UInt32] = []
    private var other: [UInt32] = []
    private var counts = [Int](repeating: 0, count: 1 << digitBits)

    private static let digitBits = 8

    /// - Parameter limit: no id is as large; ids beyond it are in no order.
    mutating func sort(_ ids: [UInt32], below limit: Int) {
        order.removeAll(keepingCapacity: true)
        order += 0..<UInt32(ids.count)
        other.removeAll(keepingCapacity: true)
        other += order
        var shift = 0
        while shift < 32, limit >> shift > 0 {
            pass(ids, shift)
            swap(&order, &other)
            shift += Self.digitBits
        }
    }

    private mutating func pass(_ ids: [UInt32], _ shift: Int) {
        let mask = UInt32(counts.count - 1)
        ids.withUnsafeBufferPointer { ids in
            counts.withUnsafeMutableBufferPointer { counts in
                counts.update(repeating: 0)
                for id in ids { counts[Int(id >> UInt32(shift) & mask)] += 1 }
                var sum = 0
                for digit in counts.indices {
                    let count = counts[digit]
                    counts[digit] = sum
                    sum += count
                }
                order.withUnsafeBufferPointer { order in
                    other.withUnsafeMutableBufferPointer { other in
                        for place in order {
                            let digit = Int(ids[Int(place)] >> UInt32(shift) & mask)
                            other[counts[digit]] = place
                            counts[digit] += 1
                        }
                    }
                }
            }
        }
    }
}
