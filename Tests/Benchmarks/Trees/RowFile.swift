import Foundation

/// Row-major little-endian `Float32` in a file.
struct RowFile {
    let width: Int
    let values: [Float]
    var count: Int { values.count / width }

    init(_ path: String, width: Int) throws {
        let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        self.width = width
        values = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
}

extension RowFile {
    /// The same values by column, read a block of rows at a time so that they are in memory once.
    static func columns(_ path: String, width: Int) throws -> [Float] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        let rowBytes = 4 * width
        let count = Int(try handle.seekToEnd()) / rowBytes
        try handle.seek(toOffset: 0)
        var columns = [Float](repeating: 0, count: count * width)
        var start = 0
        while start < count, let part = try handle.read(upToCount: 4_096 * rowBytes) {
            let rows = part.count / rowBytes
            part.withUnsafeBytes { bytes in
                let values = bytes.bindMemory(to: Float.self)
                for feature in 0..<width {
                    for row in 0..<rows { columns[feature * count + start + row] = values[row * width + feature] }
                }
            }
            start += rows
        }
        return columns
    }
}

enum Figures {
    /// Prints one JSON line.
    static func print(_ figures: [String: Any]) throws {
        let data = try JSONSerialization.data(withJSONObject: figures, options: .sortedKeys)
        Swift.print(String(decoding: data, as: UTF8.self))
    }

    static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure(work)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    /// Most memory that this process ever held, in megabytes.
    static func peakMegabytes() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
