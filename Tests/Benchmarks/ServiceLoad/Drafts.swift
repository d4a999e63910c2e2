import ArgumentParser
import ListingFiles
import Listings
import NIOCore
import RPC
import WireFormat

/// The drafts that are asked about: rows of real files.
struct DraftOptions: ParsableArguments {
    @Option(help: "A file of listings; may be given again.")
    var file: [String]
    @Option(help: "The column map of the file at the same place; empty for a file with the default names.")
    var columns: [String] = []
    @Option(help: "How many drafts to read, in turns from the files; as many as there are.")
    var count: Int?

    func validate() throws {
        guard columns.isEmpty || columns.count == file.count else {
            throw ValidationError("give a --columns for each --file, or none")
        }
    }

    /// Drafts of all files in turns. The currency is left out: the model's own is meant.
    func drafts() throws -> [ListingDraft] {
        let perFile = try file.indices.map { index in
            let map = columns.isEmpty || columns[index].isEmpty ? nil : try ColumnMap(parsing: columns[index])
            let reader = try ListingReader(path: file[index], columns: map)
            var drafts: [ListingDraft] = []
            while let row = try reader.next(), drafts.count < count ?? .max {
                guard case .success(let listing) = row.result else { continue }
                var draft = listing.content
                draft.currency = nil
                drafts.append(draft)
            }
            return drafts
        }
        var drafts: [ListingDraft] = []
        for row in 0..<(perFile.map(\.count).max() ?? 0) {
            for file in perFile where row < file.count { drafts.append(file[row]) }
        }
        if let count, drafts.count > count { drafts.removeLast(drafts.count - count) }
        guard !drafts.isEmpty else { throw Unfit("the files hold no drafts") }
        return drafts
    }
}

/// A service, and how many connections to it.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "HOST:PORT of the service.")
    var address: String
    @Option(help: "Connections.")
    var connections = 4

    func validate() throws {
        guard (1...1_000).contains(connections) else { throw ValidationError("--connections must be from 1 to 1000") }
    }

    /// Connects, all connections on one event loop.
    func connect(_ group: any EventLoopGroup) async throws -> [RPCClient] {
        guard let address = RPCAddress(address) else { throw ValidationError("--address \(address) is not HOST:PORT") }
        var clients: [RPCClient] = []
        for _ in 0..<connections { clients.append(try await RPCClient.connect(to: address, group: group)) }
        return clients
    }
}

extension WireMethod {
    var rpc: RPCMethod { RPCMethod(service: service, method: name) }
}
