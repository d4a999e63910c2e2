// Share of keystrokes that title completions save: titles-benchmark FILE.tsv COLUMN [--max-characters N]
//
// Rows whose number modulo 5 is 4 are typed, the others are mined. A title is typed character by character; before each
// keystroke the five completions of what is typed are looked at, and if some are prefixes of the title longer than what
// is typed, the longest is accepted for one keystroke; else one character is typed.
// saved = 1 - keystrokes / characters.

import Foundation
import Listings
import Suggesters
import Training

let arguments = CommandLine.arguments
func option(_ name: String) -> Int? {
    arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? Int(arguments[$0 + 1]) : nil }
}
let maxCharacters = option("--max-characters") ?? 40

do {
    if let count = option("--synthetic") {
        try SyntheticRun(count: count).run(maxCharacters: maxCharacters)
    } else if arguments.count >= 3 {
        let titles = try TitleColumn.read(arguments[1], column: arguments[2])
        try FileRun(titles: titles).run(maxCharacters: maxCharacters)
    } else {
        print("usage: titles-benchmark FILE.tsv COLUMN [--max-characters N] | --synthetic N")
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("titles-benchmark: \(error)\n".utf8))
    exit(1)
}
