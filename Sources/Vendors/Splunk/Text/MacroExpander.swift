import SourceText

/// Takes comments out of a query and puts macros' definitions in, as text, before anything is parsed.
///
///     comment = "```" … "```" ;                                       becomes one blank
///     call    = "`" name [ "(" argument { "," argument } ")" ] "`" ;  not inside double quotes
///
/// No parentheses are added: `NOT` before a macro of `a=1 OR b=2` negates `a=1` alone.
struct MacroExpander {
  let macros: MacroTable
  /// Names under which the detection's own filter may be called, wherever it stands.
  private let ownFilters: Set<String>
  private var leadingMacro: ExpandedQuery.LeadingMacro?
  private var callCount = 0

  /// How long a query may become, and how deep macros may nest (limits.conf allows as much).
  static let byteLimit = 1_048_576
  static let nestingLimit = 100
  /// How many calls are expanded in all.
  static let callLimit = 10_000

  private init(_ macros: MacroTable, _ ownFilters: Set<String>) {
    self.macros = macros
    self.ownFilters = ownFilters
  }

  /// The query as the parsers read it.
  ///
  /// - Throws: the first fault, with places in the rule and in macro files.
  static func expand(
    _ query: Passage, with macros: MacroTable, ownFilters: Set<String> = []
  ) throws(Diagnostic) -> ExpandedQuery {
    guard query.bytes.count <= byteLimit else { throw tooLong(query.wholeRange) }
    var expander = MacroExpander(macros, ownFilters)
    let text = try expander.expanded(TrackedText(query), in: nil)
    return ExpandedQuery(text, leadingMacro: expander.leadingMacro)
  }

  private static func tooLong(_ place: SourceRange) -> Diagnostic {
    Diagnostic(.queryTooLong, "the query is longer than 1 MiB", at: place)
  }

  private mutating func expanded(_ text: TrackedText, in call: TrackedText.Call?) throws(Diagnostic) -> TrackedText {
    let bytes = text.bytes
    var out = TrackedText()
    var at = 0
    var copied = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 2
      case UInt8(ascii: "\""):
        guard let end = QuotedText.end(bytes, from: at) else {
          throw fault(.unterminatedString, "a quoted text is not closed", text, at..<(at + 1), "opened here")
        }
        at = end + 1
      case QuotedText.backtick:
        out.append(text, copied..<at)
        at = try replace(text, from: at, in: call, onto: &out)
        copied = at
      case _: at += 1
      }
    }
    out.append(text, min(copied, bytes.count)..<bytes.count)
    return out
  }

  /// Replaces the comment or the call that starts at a backtick; the offset behind it.
  private mutating func replace(
    _ text: TrackedText, from start: Int, in call: TrackedText.Call?, onto out: inout TrackedText
  ) throws(Diagnostic) -> Int {
    let bytes = text.bytes
    if QuotedText.tripleBacktick(bytes, from: start) == start {
      guard let end = QuotedText.tripleBacktick(bytes, from: start + 3) else {
        throw fault(.unterminatedComment, "a comment is not closed", text, start..<(start + 3), "opened here")
      }
      let place = text.place(of: start..<(end + 3))?.range ?? SourceFile(name: "", bytes: []).wholeRange
      out.append(TrackedText(" ", at: place, in: call))
      return end + 3
    }
    let end = try callEnd(text, from: start)
    try expandCall(text, (start + 1)..<end, in: call, onto: &out)
    callCount += 1
    guard out.bytes.count <= Self.byteLimit, callCount <= Self.callLimit else {
      throw fault(.queryTooLong, "macros make the query too long", text, start..<(end + 1), "with this one")
    }
    return end + 1
  }

  private func callEnd(_ text: TrackedText, from start: Int) throws(Diagnostic) -> Int {
    var at = start + 1
    while at < text.bytes.count, text.bytes[at] != QuotedText.backtick {
      at =
        text.bytes[at] == UInt8(ascii: "\"") ? (QuotedText.end(text.bytes, from: at) ?? text.bytes.count) + 1 : at + 1
    }
    guard at < text.bytes.count else {
      throw fault(.unterminatedString, "a macro call is not closed", text, start..<(start + 1), "opened here")
    }
    return at
  }

  private mutating func expandCall(
    _ text: TrackedText, _ range: Range<Int>, in call: TrackedText.Call?, onto out: inout TrackedText
  ) throws(Diagnostic) {
    let parsed = MacroCall(text.bytes, range)
    let outer = (range.lowerBound - 1)..<(range.upperBound + 1)
    let key = MacroKey(name: parsed.name, arity: parsed.arguments.count)
    guard let place = text.place(of: outer) else { return }
    let inner = TrackedText.Call(key, at: call?.place ?? place.range, in: call)
    let isLeading = call == nil && isStart(out.bytes)
    let start = out.bytes.count
    if let macro = macros[key] {
      let replaced = try definition(of: macro, parsed, in: text, at: outer, call: inner)
      out.append(try expanded(replaced, in: inner))
    } else if isDetectionFilter(key, in: text, outer, call) {
      // What contentctl defines for a detection's own filter.
      out.append(TrackedText("search *", at: place.range, in: call))
    } else if !isLeading || key.arity > 0 || !macros.arities(of: key.name).isEmpty {
      throw unknown(key, text, outer)
    }
    guard isLeading else { return }
    leadingMacro = ExpandedQuery.LeadingMacro(
      name: key.name, place: place.range, range: start..<out.bytes.count)
  }

  /// The definition with its parameters replaced, inside quotes too.
  private func definition(
    of macro: Macro, _ parsed: MacroCall, in text: TrackedText, at range: Range<Int>, call: TrackedText.Call
  ) throws(Diagnostic) -> TrackedText {
    guard !call.chain.dropFirst().contains(where: { $0.key == macro.key }), call.chain.count <= Self.nestingLimit
    else {
      let path = call.chain.reversed().map(\.key.name).joined(separator: " → ")
      throw fault(.macroCycle, "the macro '\(macro.key.name)' needs itself", text, range, path)
    }
    guard !macro.isEval else {
      throw fault(
        .unsupportedConstruct, "the macro '\(macro.key.name)' is an eval expression that makes its text", text, range,
        "its text is known only when it runs")
    }
    let definition = TrackedText(macro.definition, in: call)
    guard !macro.parameters.isEmpty else { return definition }
    var out = TrackedText()
    var copied = 0
    var at = 0
    while at < definition.bytes.count {
      guard definition.bytes[at] == UInt8(ascii: "$"),
        let index = macro.parameters.firstIndex(where: { definition.bytes[at...].starts(with: "$\($0)$".utf8) })
      else {
        at += 1
        continue
      }
      out.append(definition, copied..<at)
      out.append(text, parsed.arguments[index])
      at += macro.parameters[index].utf8.count + 2
      copied = at
    }
    out.append(definition, copied..<definition.bytes.count)
    return out
  }

  /// Whether nothing but `search` stands before.
  private func isStart(_ bytes: [UInt8]) -> Bool {
    let before = trimmed(String(decoding: bytes.prefix(64), as: UTF8.self))
    return bytes.count <= 64 && (before.isEmpty || before.lowercased() == "search")
  }

  /// Whether it is the detection's own filter, or a stage alone that is named as a detection's filter is.
  private func isDetectionFilter(
    _ key: MacroKey, in text: TrackedText, _ range: Range<Int>, _ call: TrackedText.Call?
  ) -> Bool {
    guard call == nil, key.arity == 0, key.name.hasSuffix("_filter") else { return false }
    if ownFilters.contains(key.name) { return true }
    let before = text.bytes[..<range.lowerBound].last { !isBlank($0) }
    let after = text.bytes[range.upperBound...].first { !isBlank($0) } ?? UInt8(ascii: "|")
    return before == UInt8(ascii: "|") && after == UInt8(ascii: "|")
  }

  private func unknown(_ key: MacroKey, _ text: TrackedText, _ range: Range<Int>) -> Diagnostic {
    let arities = macros.arities(of: key.name)
    guard arities.isEmpty else {
      let known = arities.map(String.init).joined(separator: " or ")
      return fault(
        .wrongArguments, "the macro '\(key.name)' takes \(known) arguments, not \(key.arity)", text, range,
        "\(key.arity) given")
    }
    var diagnostic = fault(
      .unknownMacro, "the macro '\(key.name)' is not defined", text, range, "no definition is known")
    diagnostic.notes = ["a macro may hold anything, so the rest of the search cannot be understood without it"]
    let near = nearestName(to: key.name, among: macros.names)
    diagnostic.help =
      near.map { "did you mean '\($0)'?" }
      ?? "give its definition: a macros.conf, a folder of macros, or NAME=DEFINITION"
    return diagnostic
  }

  private func fault(
    _ code: DiagnosticCode, _ message: String, _ text: TrackedText, _ range: Range<Int>, _ label: String
  ) -> Diagnostic {
    let query = ExpandedQuery(text)
    let end = min(range.upperBound, text.bytes.count)
    let place = query.passage.range(of: min(range.lowerBound, end)..<end)
    return query.relocated(Diagnostic(code, message, at: place, label: label))
  }
}

/// What stands between the backticks: a name and arguments.
private struct MacroCall {
  var name: String
  /// Without the blanks, and without the quotes, around each.
  var arguments: [Range<Int>] = []

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    let open = bytes[range].firstIndex(of: UInt8(ascii: "("))
    name = trimmed(String(decoding: bytes[range.lowerBound..<(open ?? range.upperBound)], as: UTF8.self))
    guard let open else { return }
    let close = bytes[open..<range.upperBound].lastIndex(of: UInt8(ascii: ")")) ?? range.upperBound
    var start = open + 1
    var at = start
    var depth = 0
    while at < close {
      switch bytes[at] {
      case UInt8(ascii: "\""): at = min(QuotedText.end(bytes, from: at) ?? close, close)
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        add(bytes, start..<at)
        start = at + 1
      case _: break
      }
      at += 1
    }
    let isEmpty = arguments.isEmpty && bytes[start..<max(start, close)].allSatisfy(isBlank)
    if !isEmpty { add(bytes, start..<max(start, close)) }
  }

  private mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, isBlank(bytes[low]) { low += 1 }
    while high > low, isBlank(bytes[high - 1]) { high -= 1 }
    let quote = UInt8(ascii: "\"")
    if high - low >= 2, bytes[low] == quote, QuotedText.end(bytes, from: low) == high - 1 {
      (low, high) = (low + 1, high - 1)
    }
    arguments.append(low..<high)
  }
}

/// A blank, a tab or a line end.
func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
