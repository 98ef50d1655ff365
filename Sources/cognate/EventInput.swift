import Coverage
import Events
import RuleIR
import SourceText

/// Events of files, in order, with a count of what could not be read.
final class EventInput {
  private let paths: [String]
  private let common: CommonOptions
  private let deadLetter: String?
  private var letters: [String] = []
  private(set) var eventCount = 0
  private(set) var failureCount = 0

  /// - Parameters:
  ///   - paths: Files, folders, globs, or `-` for standard input.
  ///   - deadLetter: A file for what could not be read.
  init(paths: [String], common: CommonOptions, deadLetter: String? = nil) throws {
    self.paths = try InputFiles.expand(paths)
    self.common = common
    self.deadLetter = deadLetter
  }

  var hasFailures: Bool { failureCount > 0 }
  var summary: String { "\(eventCount) events, \(failureCount) unreadable" }

  /// Gives every event; what is none is told on standard error and counted.
  func forEach(_ visit: (EventRecord) throws -> Void) throws {
    for path in paths {
      let source: FileByteSource
      if path == "-" {
        source = FileByteSource.standardInput
      } else {
        do throws(ByteFailure) {
          source = try FileByteSource(path: path)
        } catch {
          note(EventFailure(error.code, error.reason, at: EventPlace(source: path, line: 1, offset: 0)))
          continue
        }
      }
      for reading in EventReader(source, name: path == "-" ? "<stdin>" : path) {
        switch reading {
        case .record(let record):
          eventCount += 1
          try visit(record)
        case .failure(let failure): note(failure)
        }
      }
    }
    if eventCount == 0, isNothingButNoise { throw Stop(.nothingDone, "no input holds events") }
  }

  /// Ends the program where no event is one that operations could be about.
  ///
  /// - Parameter strangers: How many events have none of the fields that say what an operation is.
  func refuseStrangers(_ strangers: Int, to set: OperationSet) throws {
    if eventCount == 0, hasFailures { throw Stop(.nothingDone, "no input holds events") }
    guard strangers > 0 else { return }
    let fields = set.subject.map(\.description).joined(separator: ", ")
    if strangers == eventCount {
      throw Stop(.nothingDone, "none of the \(eventCount) events is one of \(set.mapping): they have none of \(fields)")
    }
    common.note("\(strangers) of \(eventCount) events are none of \(set.mapping): they have none of \(fields)")
  }

  private var isNothingButNoise = false

  private func note(_ failure: EventFailure) {
    failureCount += 1
    if failure.code == .notEvents { isNothingButNoise = true }
    common.report([failure.diagnostic])
    let letter: EventValue = [
      "file": .string(failure.place.source), "line": .number(Number(failure.place.line)),
      "offset": .number(Number(failure.place.offset)), "code": .string(failure.code.rawValue),
      "reason": .string(failure.reason),
    ]
    letters.append(letter.json + "\n")
  }

  /// Writes the dead letters, where a file was given for them.
  func finish() throws {
    if let deadLetter { try OutputFiles.write(letters.joined(), to: deadLetter) }
  }
}
