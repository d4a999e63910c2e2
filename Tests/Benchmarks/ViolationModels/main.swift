// Trains violation models and measures them, without the command's store and bundles.
//
//     violation-models files TRAIN TEST COLUMNS [RULES]   listings in files, each read by the same map
//     violation-models synthetic COUNT RATE [RULES]       trained on known wording, judged on wording held out
//     violation-models pages FOLDER                       legal against illegal sale pages, by their published split
//     violation-models times [RULES]                      time of a judgement, by kind of text and size

import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let usage =
    "usage: violation-models files TRAIN TEST COLUMNS [RULES] | synthetic COUNT RATE [RULES] | pages FOLDER | "
    + "times [RULES]"

do {
    let rest = Array(arguments.dropFirst())
    func rules(_ place: Int) throws -> String? { rest.count > place ? rest[place] : nil }
    switch arguments.first {
    case "files" where rest.count >= 3: try FileRuns.run(train: rest[0], test: rest[1], map: rest[2], rules: rules(3))
    case "synthetic" where rest.count >= 2:
        try SyntheticRuns.run(count: Int(rest[0]) ?? 20_000, rate: Double(rest[1]) ?? 0.03, rules: rules(2))
    case "pages" where !rest.isEmpty: try PageRuns.run(folder: rest[0])
    case "times": try JudgementTimes.run(rules: rules(0))
    default:
        print(usage)
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("violation-models: \(error)\n".utf8))
    exit(1)
}
