// Measures attribute suggestions.
//
//     attributes-benchmark file FILE COLUMNS [BRANDS]   trains on the rows whose position is not 4 modulo 5, tests on the rest
//     attributes-benchmark synthetic COUNT [BRANDS]     trains on synthetic listings, tests on a quarter as many others
//
// COLUMNS is a column map (`title=name,brand=brand_name`), BRANDS a CSV file: id, name, and two more ways to write it.

import FeatureExtraction
import Foundation
import ListingFiles
import Listings
import Suggesters
import Synthesis
import Training

func run(_ arguments: [String]) throws {
    guard arguments.count >= 3 else { throw BenchmarkError.usage }
    let mode = arguments[1]
    var (train, test): ([Listing], [Listing]) = ([], [])
    var brands: [BrandEntry] = []
    var aliasesOfBrand: [String: [String]] = [:]
    switch mode {
    case "file":
        guard arguments.count >= 4 else { throw BenchmarkError.usage }
        let reader = try ListingReader(path: arguments[2], columns: ColumnMap(parsing: arguments[3]))
        var position = 0
        while let row = try reader.next() {
            if case .success(let listing) = row.result {
                if position % 5 == 4 { test.append(listing) } else { train.append(listing) }
            }
            position += 1
        }
        if arguments.count > 4 { brands = try readBrands(arguments[4]) }
    case "synthetic":
        guard let count = Int(arguments[2]), count > 0 else { throw BenchmarkError.usage }
        let synthesizer = ListingSynthesizer(seed: 1)
        for index in 0..<count + count / 4 {
            if index < count { train.append(synthesizer.listing(index)) } else { test.append(synthesizer.listing(index)) }
        }
        for brand in synthesizer.brands { aliasesOfBrand[brand.name] = brand.aliases }
        if arguments.count > 3 { brands = try readBrands(arguments[3]) }
    default: throw BenchmarkError.usage
    }

    let dictionary = try MeCabDictionary(
        path: ProcessInfo.processInfo.environment["MECAB_DICTIONARY"] ?? "/var/lib/mecab/dic/ipadic-utf8")
    let clock = ContinuousClock()
    let start = clock.now
    var options = AttributeTrainingOptions()
    let knobs = ProcessInfo.processInfo.environment
    func knob(_ name: String, _ set: (Float) -> Void) { if let value = knobs[name].flatMap({ Float($0) }) { set(value) } }
    knob("COST") { options.cost = $0 }
    knob("EPOCHS") { options.maxEpochs = Int($0) }
    knob("PRUNE") { options.pruning = $0 }
    knob("FOLDS") { options.folds = Int($0) }
    knob("RANKED") { options.mostRankedListings = Int($0) }
    knob("SHARE") { options.smallestShareOfHint = Double($0) }
    knob("HINTS") { options.fewestListingsOfHint = Int($0) }
    knob("CHARS") { options.features.blocks.append(.init(.titleCharacters, weight: $0)) }
    knob("PAIRS") { options.features.blocks.append(.init(.titlePairs, weight: $0)) }
    knob("MINDRAFTS") { options.features.minimumDrafts = Int($0) }
    let trained = try AttributeTrainer(dictionary: dictionary, options: options).train(listings: train, brandDictionary: brands) { step in
        FileHandle.standardError.write(Data("\(clock.now - start) \(step.step)\n".utf8))
    }
    print("trained on \(train.count) listings in \(seconds(clock.now - start)), peak \(peakMegabytes()) MB")
    for (name, bytes) in trained.files.sorted(by: { $0.key < $1.key }) { print("  \(name): \(bytes.count) bytes") }
    let opened = clock.now
    let model = try AttributeModel(dictionary: dictionary, files: trained.files)
    print("loaded in \(seconds(clock.now - opened))")
    let evaluation = try AttributeEvaluation(test, model: model, threads: 2)
    for attribute in Attribute.allCases {
        guard let figures = evaluation.byAttribute[attribute] else { continue }
        print(
            attribute.rawValue.padding(toLength: 16, withPad: " ", startingAt: 0)
                + String(
                    format: "rows %6d  coverage %.4f  top-1 %.4f  top-3 %.4f  ECE %.4f", figures.rows, figures.coverage,
                    figures.top1, figures.top3, figures.expectedCalibrationError))
    }
    BrandLookUp(train).compare(on: test, model: model)
    if mode == "synthetic" {
        try measureMentioned(test, aliasesOfBrand, model)
    }
    try measureTime(test, model)
    let environment = ProcessInfo.processInfo.environment
    if let most = environment["SHOW"].flatMap({ Int($0) }) {
        for attribute in (environment["SHOWN"] ?? "brand").split(separator: ",").compactMap({ Attribute(rawValue: String($0)) }) {
            try show(test, model, attribute, most: most)
        }
    }
}

func readBrands(_ path: String) throws -> [BrandEntry] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\n").dropFirst().compactMap { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"\r"))
        }
        return fields.count == 4 ? BrandEntry(name: fields[1], aliases: [fields[2], fields[3]]) : nil
    }
}

enum BenchmarkError: Error, CustomStringConvertible {
    case usage
    var description: String {
        "usage: attributes-benchmark file FILE COLUMNS [BRANDS] | synthetic COUNT [BRANDS]"
    }
}

do { try run(CommandLine.arguments) } catch {
    FileHandle.standardError.write(Data("attributes-benchmark: \(error)\n".utf8))
    exit(1)
}
