import Synchronization

/// The metrics of a process, and their text for Prometheus (exposition format 0.0.4).
///
/// A name has one kind and one help text. Asking again for a name with the same labels gives the same object. A name
/// that is asked for as two kinds, or with more than `seriesLimit` sets of labels, gives objects that count but are not
/// shown: metrics must not be able to stop a service or fill its memory.
public final class PrometheusRegistry: Sendable {
    public static let seriesLimit = 1000

    /// A name and value, such as `("method", "Suggest")`.
    public typealias Label = (String, String)

    enum Kind: String { case counter, gauge, histogram }

    private struct Family {
        let kind: Kind
        var help: String
        var series: [String: any PrometheusSeries] = [:]
    }

    private let families = Mutex([String: Family]())

    public init() {}

    public func counter(_ name: String, help: String = "", labels: [Label] = []) -> PrometheusCounter {
        series(Self.name(name, suffix: "_total"), .counter, help, labels, PrometheusCounter.init)
    }

    public func gauge(_ name: String, help: String = "", labels: [Label] = []) -> PrometheusGauge {
        series(Self.name(name), .gauge, help, labels, PrometheusGauge.init)
    }

    public func histogram(
        _ name: String, help: String = "", labels: [Label] = [], bounds: [Double] = PrometheusHistogram.seconds
    ) -> PrometheusHistogram {
        series(Self.name(name), .histogram, help, labels) { PrometheusHistogram(bounds: bounds) }
    }

    /// Forgets the series of a name, for labels that are no longer true (a model that was replaced).
    public func remove(_ name: String) {
        families.withLock { _ = $0.removeValue(forKey: Self.name(name)) }
    }

    /// All metrics, sorted by name and labels.
    public func text() -> String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if !family.help.isEmpty { text += "# HELP \(name) \(Self.escaped(family.help, quotes: false))\n" }
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        return text
    }

    private func series<Series: PrometheusSeries>(
        _ name: String, _ kind: Kind, _ help: String, _ labels: [Label], _ make: () -> Series
    ) -> Series {
        let key = Self.key(labels)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind, help: help)
            guard family.kind == kind else { return make() }
            if let known = family.series[key] as? Series { return known }
            let new = make()
            guard family.series.count < Self.seriesLimit else { return new }
            family.series[key] = new
            if family.help.isEmpty { family.help = help }
            families[name] = family
            return new
        }
    }
}

extension PrometheusRegistry {
    /// `name` with what Prometheus does not allow made `_`.
    static func name(_ name: String, suffix: String = "") -> String {
        var valid = ""
        for scalar in name.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            let isLetter =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == ":"
            if isDigit && valid.isEmpty { valid += "_" }
            valid.unicodeScalars.append(isDigit || isLetter ? scalar : "_")
        }
        if valid.isEmpty { valid = "_" }
        return valid.hasSuffix(suffix) ? valid : valid + suffix
    }

    /// `a="1",b="2"`, sorted by name; the later of two labels with one name counts.
    private static func key(_ labels: [Label]) -> String {
        var unique: [String: String] = [:]
        for (label, value) in labels {
            unique[name(label).split(separator: ":").joined(separator: "_")] = value
        }
        return unique.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value, quotes: true))\"" }
            .joined(separator: ",")
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
