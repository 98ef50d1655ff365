import Events
import RuleIR
import SourceText

/// What could not be read: told on standard error, counted, and written to a file where one was given.
final class DeadLetters {
  private let file: GrowingFile?
  /// A file that later runs go on with.
  private let kept: HitOutput?
  private let common: CommonOptions
  private(set) var count = 0
  /// Whether some source was given up because nothing in it was an event.
  private(set) var isNothingButNoise = false
  /// How many are told one by one.
  private static let told = 100

  /// - Parameters:
  ///   - path: A file for what cannot be read; nil for none.
  ///   - isKept: Whether the file is written as the run goes on, and later runs go on with it.
  ///   - length: How long such a file was when the state was kept.
  init(_ path: String?, _ common: CommonOptions, isKept: Bool = false, length: Int? = nil) throws {
    file = isKept ? nil : try path.map { try GrowingFile($0) }
    kept = isKept ? try path.map { try HitOutput($0, keeping: length) } : nil
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
    kept?.write((letter.json + "\n").utf8)
  }

  /// The file that later runs go on with, and its length, once all is on the disk.
  func settle() -> (path: String, length: Int)? { kept?.settle() }

  func finish() throws {
    kept?.flush()
    if count > Self.told { common.note("\(count - Self.told) more that could not be read are not told one by one") }
    try file?.finish()
  }
}
