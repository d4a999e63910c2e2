// Measures the violation detector's rules.
//
//     violations-benchmark disguise [RULES]          time of reading and matching, by kind of text and size
//     violations-benchmark rules RULES [COUNT]       share of invented violations that rules find, by wording and disguise
//     violations-benchmark texts RULES FILE [COLUMN] share of a tab-separated file's texts that rules match, and which

import Foundation
import Suggesters
import ViolationRules

let arguments = CommandLine.arguments.dropFirst()
let usage = "usage: violations-benchmark disguise [RULES] | rules RULES [COUNT] | texts RULES FILE [COLUMN]"

func load(_ path: String?) throws -> RuleFile {
    try RuleFile(contentsOf: URL(fileURLWithPath: path ?? "Services/ViolationService/rules.yaml"))
}

do {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "disguise": try DisguiseTimes(rules: load(rest.first).rules).run()
    case "rules" where !rest.isEmpty:
        RuleCoverage(rules: try load(rest[0]).rules, count: rest.count > 1 ? Int(rest[1]) ?? 20_000 : 20_000).run()
    case "texts" where rest.count >= 2:
        try RuleMatches(rules: load(rest[0]).rules).run(path: rest[1], column: rest.count > 2 ? rest[2] : "title")
    default:
        print(usage)
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("violations-benchmark: \(error)\n".utf8))
    exit(1)
}
