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
    @Option(help: "The share of listings that break a rule.")
    var violationRate: Double?
    @Option(help: "The words and disguises they do it in: known, or held-out, which share none with known.")
    var violationWording = Wording.known
    @Argument(help: "The file to write: .tsv or .jsonl.")
    var output: String

    enum Wording: String, ExpressibleByArgument, CaseIterable {
        case known
        case heldOut = "held-out"
    }

    func validate() throws {
        guard (0...1).contains(violationRate ?? 0) else {
            throw ValidationError("--violation-rate must be from 0 to 1")
        }
        guard count > 0 else { throw ValidationError("--count must be at least 1") }
    }

    func run() throws {
        try reporting {
            let writer = try ListingWriter(path: output)
            var options = SynthesisOptions()
            options.violationRate = violationRate ?? options.violationRate
            options.violationWording = violationWording == .known ? .known : .heldOut
            let synthesizer = ListingSynthesizer(seed: seed, options: options)
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
