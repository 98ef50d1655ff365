import LanguageSupport
import RuleIR
import SourceText

/// Cuts a query into stages and reads each.
///
///     pipeline = [ search ] { "|" command } | "|" generating-command { "|" command } ;
///
/// A bar inside quotes or brackets, or behind a backslash, parts nothing.
struct StageParser {
  let query: ExpandedQuery

  static let stageLimit = 1_000

  static func stages(of query: ExpandedQuery) throws(Diagnostic) -> [Stage] {
    do throws(Diagnostic) {
      return try StageParser(query: query).stages()
    } catch {
      throw query.relocated(error)
    }
  }

  private func stages() throws(Diagnostic) -> [Stage] {
    let ranges = try split()
    guard ranges.count <= Self.stageLimit else {
      throw Diagnostic(
        .tooManyNodes, "the search has more than \(Self.stageLimit) stages",
        at: query.passage.range(of: ranges[Self.stageLimit]), label: "one too many")
    }
    var stages: [Stage] = []
    for (index, range) in ranges.enumerated() {
      let text = trimmedRange(range)
      guard !text.isEmpty else {
        if index == 0, ranges.count > 1 { continue }
        throw empty(range, isWhole: ranges.count == 1)
      }
      stages.append(index == 0 ? try firstStage(text) : try stage(text, isFirst: stages.isEmpty))
    }
    return stages
  }

  private var bytes: [UInt8] { query.passage.bytes }

  private func empty(_ range: Range<Int>, isWhole: Bool) -> Diagnostic {
    if isWhole && query.leadingMacro == nil {
      return Diagnostic(.emptyQuery, "the search is empty", at: query.passage.range(of: range))
    }
    let bar = max(0, range.lowerBound - 1)
    return Diagnostic(
      .unexpectedToken, "a stage of the pipeline is empty",
      at: query.passage.range(of: bar..<min(bar + 1, bytes.count)), label: "nothing between this and the next")
  }

  private func split() throws(Diagnostic) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 1
      case UInt8(ascii: "\""):
        guard let end = QuotedText.end(bytes, from: at) else { throw QuotedText.unterminated(query.passage, at: at) }
        at = end
      case UInt8(ascii: "["):
        guard let end = Brackets.end(bytes, from: at) else { throw bracket(at, "is not closed") }
        at = end
      case UInt8(ascii: "]"): throw bracket(at, "closes nothing")
      case UInt8(ascii: "|"):
        ranges.append(start..<at)
        start = at + 1
      case _: break
      }
      at += 1
    }
    ranges.append(start..<bytes.count)
    return ranges
  }

  private func bracket(_ offset: Int, _ what: String) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "a bracket \(what)", at: query.passage.range(of: offset..<(offset + 1)),
      label: "has no partner", help: "put it in quotes if it is part of a value")
  }

  private func trimmedRange(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, isBlank(bytes[low]) { low += 1 }
    while high > low, isBlank(bytes[high - 1]) { high -= 1 }
    return low..<high
  }

  /// The first stage is a search, whether or not it says so.
  private func firstStage(_ range: Range<Int>) throws(Diagnostic) -> Stage {
    let name = word(at: range)
    let isNamed = text(name).lowercased() == "search" && !isCompared(name.upperBound..<range.upperBound)
    let arguments = isNamed ? trimmedRange(name.upperBound..<range.upperBound) : range
    return Stage(
      command: "search", form: .search(try SearchParser.parse(query.slice(arguments))),
      place: query.passage.range(of: range))
  }

  private func isCompared(_ range: Range<Int>) -> Bool {
    let rest = trimmedRange(range)
    guard let first = rest.first else { return false }
    return [UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">")].contains(bytes[first])
  }

  private func word(at range: Range<Int>) -> Range<Int> {
    let end = range.first { offset in
      let byte = bytes[offset]
      return !((48...57).contains(byte) || (65...90).contains(byte & 0xDF) || byte == UInt8(ascii: "_"))
    }
    return range.lowerBound..<(end ?? range.upperBound)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func stage(_ range: Range<Int>, isFirst: Bool) throws(Diagnostic) -> Stage {
    let nameRange = word(at: range)
    let name = text(nameRange).lowercased()
    guard !name.isEmpty else {
      throw Diagnostic(
        .unexpectedToken, "a stage starts with no command",
        at: query.passage.range(of: range.lowerBound..<(range.lowerBound + 1)),
        label: "expected a command")
    }
    let arguments = query.slice(trimmedRange(nameRange.upperBound..<range.upperBound))
    let form = try StageForm.read(name, arguments, at: query.passage.range(of: range))
    return Stage(command: name, form: form, place: query.passage.range(of: range))
  }
}
