// Measures attribute suggestions.
//
//     attributes-benchmark file FILE COLUMNS     trains on the rows whose position is not 4 modulo 5, tests on the rest
//     attributes-benchmark synthetic COUNT       trains on synthetic listings, tests on a quarter as many others
//
//     --brands FILE        a CSV file of brands: id, name, and two more ways to write it
//     --known-brands       synthetic listings' brands and the ways to write them
//     --wrong ATTRIBUTE    prints suggestions that are wrong
//
// COLUMNS is a column map: `title=name,brand=brand_name`.

import FeatureExtraction
import Foundation
import ListingFiles
import Listings
import Suggesters
import Synthesis
import Training

struct Options {
    var positional: [String] = []
    var brands: String?
    var knowsBrands = false
    var wrong: Attribute?

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--brands": brands = rest.popFirst()
            case "--known-brands": knowsBrands = true
            case "--wrong": wrong = rest.popFirst().flatMap { Attribute(rawValue: $0) }
            default: positional.append(argument)
            }
        }
        let needed = ["file": 3, "synthetic": 2][positional.first ?? ""]
        guard positional.count == needed else { throw BenchmarkError.usage }
    }
}

func run(_ options: Options) throws {
    let arguments = options.positional
    var (train, test): ([Listing], [Listing]) = ([], [])
    var brands = try options.brands.map { try readBrands($0) } ?? []
    var aliasesOfBrand: [String: [String]] = [:]
    if arguments[0] == "file" {
        let reader = try ListingReader(path: arguments[1], columns: ColumnMap(parsing: arguments[2]))
        var position = 0
        while let row = try reader.next() {
            if case .success(let listing) = row.result {
                if position % 5 == 4 { test.append(listing) } else { train.append(listing) }
            }
            position += 1
        }
    } else {
        guard let count = Int(arguments[1]), count > 0 else { throw BenchmarkError.usage }
        let synthesizer = ListingSynthesizer(seed: 1)
        train = (0..<count).map { synthesizer.listing($0) }
        test = (count..<count + count / 4).map { synthesizer.listing($0) }
        for brand in synthesizer.brands { aliasesOfBrand[brand.name] = brand.aliases }
        if options.knowsBrands {
            brands += synthesizer.brands.map { BrandEntry(name: $0.name, aliases: $0.aliases) }
        }
    }

    let dictionary = try MeCabDictionary(
        path: ProcessInfo.processInfo.environment["MECAB_DICTIONARY"] ?? "/var/lib/mecab/dic/ipadic-utf8")
    let clock = ContinuousClock()
    let start = clock.now
    let trained = try AttributeTrainer(dictionary: dictionary).train(
        listings: ListingSource(train), brandDictionary: brands
    ) { step in
        FileHandle.standardError.write(Data("\(clock.now - start) \(step.step)\n".utf8))
    }
    print("trained on \(train.count) listings in \(seconds(clock.now - start)), peak \(peakMegabytes()) MB")
    for (name, bytes) in trained.files { print("  \(name): \(bytes.count) bytes") }
    let opened = clock.now
    let model = try AttributeModel(
        dictionary: dictionary, files: Dictionary(uniqueKeysWithValues: trained.files.map { ($0.name, $0.bytes) }))
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
    if !aliasesOfBrand.isEmpty { try measureMentioned(test, aliasesOfBrand, model) }
    try measureTime(test, model)
    if let wrong = options.wrong { try show(test, model, wrong, most: 40) }
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
        "usage: attributes-benchmark file FILE COLUMNS | synthetic COUNT [--brands FILE] [--known-brands] [--wrong FIELD]"
    }
}

do { try run(Options(Array(CommandLine.arguments.dropFirst()))) } catch {
    FileHandle.standardError.write(Data("attributes-benchmark: \(error)\n".utf8))
    exit(1)
}
