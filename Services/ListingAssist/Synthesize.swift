import ArgumentParser
import ListingFiles
import Synthesis

struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make realistic Japanese listings, labelled, drifting over time.",
        discussion: "The same seed always gives the same listings.")

    @Option(help: "How many listings.")
    var count: Int
    @Option(help: "Any whole number; it names the whole world of brands, prices and sellers.")
    var seed: UInt64 = 1
    @Argument(help: "The file to write: .tsv or .jsonl.")
    var output: String

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count must be at least 1") }
    }

    func run() throws {
        try reporting {
            let writer = try ListingWriter(path: output)
            let synthesizer = ListingSynthesizer(seed: seed)
            let line = ProgressLine()
            for index in 0..<count {
                try writer.write(synthesizer.listing(index))
                line.show("made \(index + 1) of \(count) listings")
            }
            try writer.finish()
            line.clear()
            Console.note("wrote \(count) listings to \(output)")
        }
    }
}
