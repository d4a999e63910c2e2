import ArgumentParser

/// Trains and evaluates trees on rows in files, as its peers do; see `Tests/Benchmarks/trees.sh`.
@main
struct TreesBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trees-benchmark", subcommands: [Learn.self, Evaluate.self, Fuzz.self])
}
