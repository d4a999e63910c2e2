import ArgumentParser
import Foundation

/// What the verbs print, and where: results to standard output, progress and remarks to standard error.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) != 0

    /// A remark for a person.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// A value as JSON with sorted keys.
    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// One line on a terminal that is written over as work goes on; nothing elsewhere.
final class ProgressLine {
    private var lastShown = ContinuousClock.now - .seconds(1)
    private var isShown = false

    /// Shows `text`, at most ten times a second.
    func show(_ text: @autoclosure () -> String) {
        guard Console.isTerminal, .now - lastShown > .milliseconds(100) else { return }
        lastShown = .now
        isShown = true
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text())".utf8))
    }

    func clear() {
        guard isShown else { return }
        isShown = false
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    deinit { clear() }
}

/// Turns any error of the libraries into one clear line and a failing exit code.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw readable(error) }
}

func reportingAsync<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw readable(error) }
}

private func readable(_ error: any Error) -> any Error {
    switch error {
    case is ExitCode, is ValidationError, is CleanExit: error
    case let error as any CustomStringConvertible: Failure(message: oneLine(error.description))
    default: Failure(message: oneLine(error.localizedDescription))
    }
}

/// An error of the command itself, as its user reads it.
struct Failure: LocalizedError {
    let message: String
    var errorDescription: String? { message }
}

private func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
}
