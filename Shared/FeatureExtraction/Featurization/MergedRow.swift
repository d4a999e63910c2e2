/// Features in the order of their ids, one value for each: title and description may say the same.
struct MergedRow {
    private(set) var ids: [UInt32] = []
    private(set) var values: [Float] = []
    private var sorter = IDSorter()

    mutating func merge(_ row: HashedRow, featureCount: Int) {
        sorter.sort(row.ids, below: featureCount)
        ids.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        for place in sorter.order {
            let (id, value) = (row.ids[Int(place)], row.values[Int(place)])
            if ids.last == id {
                values[values.count - 1] += value
            } else {
                ids.append(id)
                values.append(value)
            }
        }
    }
}
