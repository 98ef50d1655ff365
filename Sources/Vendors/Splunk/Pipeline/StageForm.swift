import LanguageSupport
import RuleIR
import SourceText

/// Reads the arguments of a command.
enum StageForm {
  static func read(_ command: String, _ passage: Passage, at place: SourceRange) throws(Diagnostic) -> Stage.Form {
    switch command {
    case "search": return .search(try SearchParser.parse(passage))
    case "where":
      guard passage.bytes.contains(where: { !isBlank($0) }) else { throw missing("a condition", command, place) }
      return .condition(try EvalParser.parse(passage))
    case "regex": return try regex(passage, place)
    case "eval": return .eval(try assignments(passage, place))
    case "rename": return .rename(try renamings(passage))
    case "table": return .keep(try StageArguments.words(passage).map(\.name))
    case "fields": return try fields(passage)
    case "fillnull": return try fillNull(passage)
    case "bin", "bucket": return try bin(passage, place)
    case "stats": return .aggregate(try AggregationParser.parse(passage, at: place))
    case "eventstats", "streamstats": return .attach(try AggregationParser.parse(passage, at: place))
    case "timechart": return try series(passage, at: place)
    case "tstats": return .dataModel(try DataModelParser.parse(passage, at: place))
    case "mstats": return .metricSearch
    case "dedup": return .dedup(fields: try countedFields(passage, ["keepevents", "keepempty", "consecutive"]))
    case "top", "rare":
      let options: Set<String> = [
        "limit", "showperc", "showcount", "countfield", "percentfield", "useother", "otherstr",
      ]
      return .frequent(fields: try countedFields(passage, options), isRare: command == "rare")
    case "from": return .from(dataModelName(passage.text))
    case "datamodel": return try dataModel(passage)
    case "rex": return try rex(passage)
    case "spath": return try spath(passage)
    case "convert": return .compute(fields: try convert(passage))
    case "mvexpand":
      return .expand(field: try StageArguments.words(passage).first { !$0.text.contains("=") }?.name ?? "")
    case "makemv", "nomv", "xpath":
      return .compute(fields: try StageArguments.words(passage).filter { !$0.text.contains("=") }.map(\.name))
    case "replace": return .compute(fields: try names(after: "in", passage))
    case "lookup": return try lookup(passage)
    case "iplocation": return try ipLocation(passage)
    case "join": return try join(passage)
    case "transaction":
      let options = try StageArguments.words(passage)
      return options.contains { $0.option(["startswith", "endswith"]) != nil } ? .refused : .obscure
    case let name where CommandTable.passive.contains(name): return .passive
    case let name where CommandTable.obscuring.contains(name): return .obscure
    case let name where CommandTable.refused.contains(name): return .refused
    case _: return .unknown
    }
  }

  /// `timechart span=5m count`; with a field behind `by` each of its values is a column.
  private static func series(_ passage: Passage, at place: SourceRange) throws(Diagnostic) -> Stage.Form {
    let aggregation = try AggregationParser.parse(passage, at: place)
    guard aggregation.keys.isEmpty, let span = aggregation.options["span"] else { return .obscure }
    return .series(aggregation, span: span)
  }

  private static func missing(_ what: String, _ command: String, _ place: SourceRange) -> Diagnostic {
    Diagnostic(.unexpectedToken, "\(command) needs \(what)", at: place, label: "expected \(what)")
  }

  // MARK: regex, rex

  /// `regex field="re"`, `regex field!="re"`, `regex "re"`.
  private static func regex(_ passage: Passage, _ place: SourceRange) throws(Diagnostic) -> Stage.Form {
    let bytes = passage.bytes
    var at = 0
    while at < bytes.count, bytes[at] != UInt8(ascii: "="), bytes[at] != UInt8(ascii: "!") {
      guard bytes[at] == UInt8(ascii: "\"") else {
        at += 1
        continue
      }
      guard let end = QuotedText.end(bytes, from: at) else { throw QuotedText.unterminated(passage, at: at) }
      at = end + 1
    }
    guard at < bytes.count else {
      guard !bytes.isEmpty else { throw missing("a regular expression", "regex", place) }
      return .regex(field: "_raw", text: QuotedText.name(passage.text), isNegated: false)
    }
    let isNegated = bytes[at] == UInt8(ascii: "!")
    let field = QuotedText.name(trimmed(passage.slice(0..<at).text))
    let from = min(at + (isNegated ? 2 : 1), bytes.count)
    let text = trimmed(passage.slice(from..<bytes.count).text)
    guard !text.isEmpty, !field.isEmpty else { throw missing("a regular expression", "regex", place) }
    return .regex(field: field, text: QuotedText.name(text), isNegated: isNegated)
  }

  private static func rex(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    var fields: [String] = []
    var field = "_raw"
    var regex: String?
    var isEdit = false
    for argument in try StageArguments.words(passage) {
      guard let (key, value) = argument.option(["field", "mode", "max_match", "offset_field"]) else {
        regex = argument.name
        fields += groupNames(argument.text)
        continue
      }
      switch key {
      case "field": field = value
      case "mode": isEdit = value.lowercased() == "sed"
      case "offset_field": fields.append(value)
      case _: break
      }
    }
    guard !isEdit else { return .compute(fields: [field]) }
    return .extract(from: field, regex: regex ?? "", fields: fields)
  }

  /// The names of `(?<name>…)` and `(?P<name>…)`.
  static func groupNames(_ regex: String) -> [String] {
    regex.split(separator: "(?", omittingEmptySubsequences: false).dropFirst().compactMap { piece in
      let rest = piece.hasPrefix("P") ? piece.dropFirst() : piece
      guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
      let name = rest[rest.index(after: rest.startIndex)..<end]
      return name.hasPrefix("=") || name.hasPrefix("!") ? nil : String(name)
    }
  }

  // MARK: eval, rename, fields

  static func assignments(_ passage: Passage, _ place: SourceRange) throws(Diagnostic) -> [Stage.Assignment] {
    var assignments: [Stage.Assignment] = []
    let parts = try parts(passage)
    guard parts.count <= StageArguments.limit else {
      throw Diagnostic(
        .tooManyNodes, "eval has more than \(StageArguments.limit) assignments", at: place, label: "too many")
    }
    for range in parts {
      let bytes = passage.bytes
      let equals = range.first { at in
        bytes[at] == UInt8(ascii: "=")
      }
      let name = equals.map { trimmed(passage.slice(range.lowerBound..<$0).text) } ?? ""
      guard let equals, !name.isEmpty else {
        throw Diagnostic(
          .unexpectedToken, "eval needs 'name = expression'", at: passage.range(of: range), label: "no assignment")
      }
      let value = try EvalParser.parse(passage.slice((equals + 1)..<range.upperBound))
      assignments.append(Stage.Assignment(name: QuotedText.name(name), value: value))
    }
    guard !assignments.isEmpty else { throw missing("an assignment", "eval", place) }
    return assignments
  }

  /// The parts between commas outside quotes and brackets.
  private static func parts(_ passage: Passage) throws(Diagnostic) -> [Range<Int>] {
    let bytes = passage.bytes
    var parts: [Range<Int>] = []
    var (start, at, depth) = (0, 0, 0)
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        guard let end = QuotedText.end(bytes, from: at) else { throw QuotedText.unterminated(passage, at: at) }
        at = end
      case UInt8(ascii: "'"): at = QuotedText.end(bytes, from: at, quote: bytes[at]) ?? at
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        parts.append(start..<at)
        start = at + 1
      case _: break
      }
      at += 1
    }
    if start < bytes.count { parts.append(start..<bytes.count) }
    return parts.filter { range in bytes[range].contains { !isBlank($0) } }
  }

  private static func renamings(_ passage: Passage) throws(Diagnostic) -> [Stage.Renaming] {
    let words = try StageArguments.words(passage)
    var renamings: [Stage.Renaming] = []
    for index in stride(from: 0, to: words.count, by: 3) {
      guard index + 2 < words.count, words[index + 1].isWord("as") else {
        throw Diagnostic(
          .unexpectedToken, "rename needs 'name AS name'", at: passage.range(of: words[index].range),
          label: "expected 'AS' and a name behind it")
      }
      renamings.append(Stage.Renaming(from: words[index].name, to: words[index + 2].name))
    }
    return renamings
  }

  private static func fields(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    var words = try StageArguments.words(passage)
    guard let first = words.first else { return .passive }
    var isDrop = false
    if first.text.hasPrefix("-") || first.text.hasPrefix("+") {
      isDrop = first.text.hasPrefix("-")
      words[0].text.removeFirst()
      if words[0].text.isEmpty { words.removeFirst() }
    }
    return isDrop ? .drop(words.map(\.name)) : .keep(words.map(\.name))
  }

  private static func fillNull(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    var text = "0"
    var fields: [String] = []
    for word in try StageArguments.words(passage) {
      if let (_, value) = word.option(["value"]) { text = value } else { fields.append(word.name) }
    }
    return .fillNull(text: text, fields: fields)
  }

  private static func bin(_ passage: Passage, _ place: SourceRange) throws(Diagnostic) -> Stage.Form {
    var span: String?
    var fields: [String] = []
    for word in try StageArguments.words(passage) {
      if let (key, value) = word.option(["span", "bins", "minspan", "start", "end", "aligntime"]) {
        if key == "span" { span = value }
      } else if word.isWord("as") {
        break
      } else {
        fields.append(word.name)
      }
    }
    guard let field = fields.first else { throw missing("a field", "bin", place) }
    return .bin(field: field, span: span)
  }

  private static func countedFields(_ passage: Passage, _ options: Set<String>) throws(Diagnostic) -> [String] {
    var fields: [String] = []
    for word in try StageArguments.words(passage) {
      if word.option(options) != nil || word.isWord("by") || (fields.isEmpty && Int(word.text) != nil) { continue }
      if word.isWord("sortby") { break }
      fields.append(word.name)
    }
    return fields
  }

  // MARK: Commands that give values to fields

  private static func spath(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    var (input, path, output): (String?, String?, String?) = (nil, nil, nil)
    for word in try StageArguments.words(passage) {
      if let (key, value) = word.option(["input", "path", "output"]) {
        switch key {
        case "input": input = value
        case "path": path = value
        case _: output = value
        }
      } else if !word.text.contains("=") {
        path = word.name
      }
    }
    return .path(input: input == "_raw" ? nil : input, path: path, output: output ?? path)
  }

  /// The fields that `convert timeformat="…" ctime(a) num(b) AS c` sets.
  private static func convert(_ passage: Passage) throws(Diagnostic) -> [String] {
    var fields: [String] = []
    let words = try StageArguments.words(passage).filter { $0.option(["timeformat"]) == nil }
    for (index, word) in words.enumerated() {
      if index > 0, words[index - 1].isWord("as") {
        fields[fields.count - 1] = word.name
      } else if !word.isWord("as") {
        let inside = word.text.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
        fields.append(QuotedText.name(String(inside)))
      }
    }
    return fields
  }

  private static func names(after keyword: String, _ passage: Passage) throws(Diagnostic) -> [String] {
    let words = try StageArguments.words(passage)
    guard let index = words.firstIndex(where: { $0.isWord(keyword) }) else { return ["*"] }
    return words[(index + 1)...].map(\.name)
  }

  /// `lookup table key AS field OUTPUT a AS b c`: without OUTPUT it may set any field.
  private static func lookup(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    let words = try StageArguments.words(passage)
    guard let index = words.firstIndex(where: { $0.isWord("output") || $0.isWord("outputnew") }) else {
      return .obscure
    }
    var fields: [String] = []
    var takesName = false
    for word in words[(index + 1)...] {
      if word.isWord("as") {
        takesName = true
      } else if takesName, !fields.isEmpty {
        fields[fields.count - 1] = word.name
        takesName = false
      } else {
        fields.append(word.name)
      }
    }
    return .compute(fields: fields)
  }

  private static func ipLocation(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    var prefix = ""
    var names = ["City", "Country", "Region", "lat", "lon"]
    for word in try StageArguments.words(passage) {
      guard let (key, value) = word.option(["prefix", "allfields", "lang"]) else { continue }
      if key == "prefix" { prefix = value }
      if key == "allfields" { names += ["Continent", "MetroCode", "Timezone"] }
    }
    return .compute(fields: names.map { prefix + $0 })
  }

  /// A left join adds fields; any other keeps only the events that the subsearch knows.
  private static func join(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    let kinds = try StageArguments.words(passage).compactMap { $0.option(["type"])?.value.lowercased() }
    return kinds.contains("left") || kinds.contains("outer") ? .obscure : .refused
  }

  /// `datamodel Endpoint Processes search`, `datamodel Endpoint Processes flat`; without such a word it tells of the
  /// model itself.
  private static func dataModel(_ passage: Passage) throws(Diagnostic) -> Stage.Form {
    let words = try StageArguments.words(passage).filter { !$0.text.contains("=") }.map(\.name)
    guard words.count == 3, ["search", "flat", "acceleration_search"].contains(words[2].lowercased()) else {
      return .refused
    }
    return .from("\(words[0]).\(words[1])")
  }

  /// `datamodel:"Endpoint"."Processes"`, `datamodel Endpoint.Processes`.
  static func dataModelName(_ text: String) -> String {
    let plain = text.filter { $0 != "\"" && $0 != "'" }
    let words = plain.split { $0 == ":" || $0 == " " || $0 == "=" }.map(String.init)
    return words.first?.lowercased() == "datamodel" ? words.dropFirst().joined(separator: " ") : plain
  }
}
