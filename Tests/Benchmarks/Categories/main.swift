import Foundation
import ListingFiles
import Listings
import ModelBundles
import Suggesters

// Times category suggestions on one thread, MeCab included: `categories-benchmark BUNDLE FILE [--columns MAP]`. Prints JSON;
// times are of the processor, in microseconds, for whole drafts without their category, each a first time for warmth.

func microseconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2 || arguments.count == 4 && arguments[2] == "--columns" else {
    FileHandle.standardError.write(Data("usage: categories-benchmark BUNDLE FILE [--columns MAP]\n".utf8))
    exit(64)
}
let columns = arguments.count == 4 ? try ColumnMap(parsing: arguments[3]) : nil
let reader = try ListingReader(path: arguments[1], columns: columns)
var drafts: [ListingDraft] = []
while let row = try reader.next(), drafts.count < 20_000 {
    guard var draft = try? row.result.get().content else { continue }
    draft.category = nil
    drafts.append(draft)
}
let model = try CategoryTitleModel(bundle: ModelBundle.open(URL(filePath: arguments[0]), verification: .sizesOnly))
let suggester = try CategoryTitleSuggester(model: model)
for draft in drafts { _ = try suggester.suggestCategories(draft) }
var times: [Double] = []
for draft in drafts {
    let start = microseconds()
    _ = try suggester.suggestCategories(draft)
    times.append(microseconds() - start)
}
times.sort()
let report: [String: Double] = [
    "drafts": Double(drafts.count), "leaves": Double(model.categories?.tree.leaves.count ?? 0),
    "mean": times.reduce(0, +) / Double(max(1, times.count)), "p50": times[times.count / 2],
    "p99": times[times.count * 99 / 100],
]
let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys]
print(String(decoding: try encoder.encode(report), as: UTF8.self))
