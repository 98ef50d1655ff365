import Events
import RuleIR
import SourceText

/// What could not be read: told on standard error, counted, and written to a file where one was given.
final class DeadLetters {
  private let file: GrowingFile?
  private let common: CommonOptions
  private(set) var count = 0
  /// Whether some source was given up because nothing in it was an event.
  private(set) var isNothingButNoise = false
  /// How many are told one by one.
  private static let told = 100

  init(_ path: String?, _ common: CommonOptions) throws {
    file = try path.map { try GrowingFile($0) }
    self.common = common
  }

  func add(_ failure: EventFailure) {
    count += 1
    if failure.code == .notEvents { isNothingButNoise = true }
    if count <= Self.told { common.report([failure.diagnostic]) }
    let letter: EventValue = [
      "file": .string(failure.place.source), "line": .number(Number(failure.place.line)),
      "offset": .number(Number(failure.place.offset)), "code": .string(failure.code.rawValue),
      "reason": .string(failure.reason),
    ]
    file?.write(letter.json + "\n")
  }

  func finish() throws {
    if count > Self.told { common.note("\(count - Self.told) more that could not be read are not told one by one") }
    try file?.finish()
  }
}
