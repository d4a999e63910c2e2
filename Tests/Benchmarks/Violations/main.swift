// Trains violation models and measures them and the rules, without the command's store and bundles.
//
//     violations-benchmark files TRAIN TEST COLUMNS [RULES]   listings in files, each read by the same map
//     violations-benchmark synthetic COUNT RATE [RULES]       trained on known wording, judged on wording held out
//     violations-benchmark times [RULES] [KIND]               time of a judgement, by kind of text and size
//     violations-benchmark rules RULES [COUNT]                share of invented violations that rules find
//     violations-benchmark texts RULES FILE [COLUMN]          what rules match in a tab-separated file

import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let usage =
    "usage: violations-benchmark files TRAIN TEST COLUMNS [RULES] | synthetic COUNT RATE [RULES] | "
    + "times [RULES] [KIND] | rules RULES [COUNT] | texts RULES FILE [COLUMN]"

do {
    let rest = Array(arguments.dropFirst())
    func optional(_ place: Int) -> String? { rest.count > place ? rest[place] : nil }
    switch arguments.first {
    case "files" where rest.count >= 3:
        try FileRuns.run(train: rest[0], test: rest[1], map: rest[2], rules: optional(3))
    case "synthetic" where rest.count >= 2:
        try SyntheticRuns.run(count: Int(rest[0]) ?? 20_000, rate: Double(rest[1]) ?? 0.03, rules: optional(2))
    case "times": try JudgementTimes.run(rules: optional(0), kind: optional(1))
    case "rules" where !rest.isEmpty:
        try RuleCoverage(rules: Models.ruleSet(rest[0]), count: rest.count > 1 ? Int(rest[1]) ?? 20_000 : 20_000).run()
    case "texts" where rest.count >= 2:
        try RuleMatches(rules: Models.ruleSet(rest[0])).run(path: rest[1], column: rest.count > 2 ? rest[2] : "title")
    default:
        print(usage)
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("violations-benchmark: \(error)\n".utf8))
    exit(1)
}
