import FeatureExtraction
import Foundation
import Listings
import Suggesters

func seconds(_ duration: Duration) -> String { String(format: "%.2f s", duration / .seconds(1)) }

func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) / 1_024
}

/// Brand accuracy where the text holds the brand's name or one of its aliases, and where it holds none.
func measureMentioned(_ test: [Listing], _ aliases: [String: [String]], _ model: AttributeModel) throws {
    let suggester = try AttributeSuggester(model: model)
    var counts = [(rows: 0, right: 0), (rows: 0, right: 0)]
    for listing in test {
        guard let brand = listing.content.brand else { continue }
        var draft = listing.content
        draft.brand = nil
        let text = folded((draft.title ?? "") + " " + (draft.description ?? ""))
        let isMentioned = ([brand] + (aliases[brand] ?? [])).contains { text.contains(folded($0)) }
        let first = try? suggester.suggest(draft, attributes: [.brand], maxValues: 1).first
        counts[isMentioned ? 0 : 1].rows += 1
        if first?.value == model.canonical(.brand, brand) { counts[isMentioned ? 0 : 1].right += 1 }
    }
    for (name, count) in zip(["mentioned", "not mentioned"], counts) {
        print(
            "brand \(name): rows \(count.rows) top-1 \(String(format: "%.4f", Double(count.right) / Double(max(1, count.rows))))"
        )
    }
}

private func folded(_ text: String) -> String {
    String(decoding: FoldedText.folded(text), as: UTF8.self)
}

/// Processor time of this thread, which other programs of the machine don't stretch.
private func threadMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

/// The processor time of one suggestion of every attribute, one thread.
func measureTime(_ test: [Listing], _ model: AttributeModel) throws {
    let suggester = try AttributeSuggester(model: model)
    var times: [Double] = []
    for listing in test.prefix(5_000) {
        let draft = ListingDraft(
            title: listing.content.title, description: listing.content.description, category: listing.content.category)
        let start = threadMicroseconds()
        _ = try? suggester.suggest(draft)
        times.append(threadMicroseconds() - start)
    }
    times.sort()
    guard !times.isEmpty else { return }
    print(
        String(
            format: "all attributes: p50 %.0f us, p99 %.0f us, peak %d MB", times[times.count / 2],
            times[times.count * 99 / 100], peakMegabytes()))
}

/// Prints wrong suggestions of an attribute.
func show(_ test: [Listing], _ model: AttributeModel, _ attribute: Attribute, most: Int) throws {
    let suggester = try AttributeSuggester(model: model)
    var shown = 0
    for listing in test where shown < most {
        guard let truth = attribute.value(in: listing.content) else { continue }
        var draft = listing.content
        attribute.clear(in: &draft)
        guard let suggestions = try? suggester.suggest(draft, attributes: [attribute]),
            suggestions.first?.value != model.canonical(attribute, truth) ?? truth
        else { continue }
        let values = suggestions.map { suggestion in
            let words = suggestion.evidence.map { span in
                let text = Array(((span.field == .title ? draft.title : draft.description) ?? "").utf8)
                return String(decoding: text[span.start..<span.end], as: UTF8.self)
            }
            return "\(suggestion.value) \(String(format: "%.2f", suggestion.probability)) \(words)"
        }
        print("\(truth) | \(draft.title ?? "") | \(draft.description ?? "") | \(values)")
        shown += 1
    }
}
