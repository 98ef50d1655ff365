import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads what `IRWriter` writes: JSON of the schema `cognate.ir/1`, one object a line.
///
/// Places (`at`) are not read: a rule's places are those in the file that is read.
public enum IRReader: RuleReader {
  public static let name = IRWriter.name

  public static func recognises(_ file: SourceFile) -> Bool {
    file.name.hasSuffix(IRWriter.fileExtension) || file.bytes.starts(with: Array("{\"schema\":\"cognate.ir/".utf8))
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    var readings: [RuleReading] = []
    var start = 0
    while start < file.bytes.count {
      let end = file.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? file.bytes.count
      if file.bytes[start..<end].contains(where: { $0 > 0x20 }) {
        readings.append(reading(of: Passage(file: file, from: start, to: end), in: file))
      }
      start = end + 1
    }
    guard readings.isEmpty else { return readings }
    return [.refused(Diagnostic(.noDocument, "there is no rule", at: file.wholeRange), in: file)]
  }

  private static func reading(of passage: Passage, in file: SourceFile) -> RuleReading {
    do {
      let node = try JSONReader.read(passage)
      let title = node["metadata"]?["title"]?.text ?? ""
      do {
        return RuleReading(try rule(node), title: title, range: node.range)
      } catch {
        return RuleReading(nil, title: title, range: node.range, diagnostics: [error])
      }
    } catch {
      return .refused(error, in: file)
    }
  }

  private static func rule(_ node: DocumentNode) throws(Diagnostic) -> Rule {
    let members = try IRObject(node, of: ["schema", "metadata", "body", "cases"])
    let schema = try members.required("schema")
    guard schema.text == IRWriter.schema else {
      throw Diagnostic(
        .invalidValue, "the schema is not \(IRWriter.schema)", at: schema.range,
        label: "another version of the form, or another form")
    }
    var rule = Rule(
      metadata: try MetadataDecoder.metadata(members.required("metadata")),
      body: try BodyDecoder.body(members.required("body")))
    for node in try members["cases"].map({ (node) throws(Diagnostic) in try node.list() }) ?? [] {
      rule.cases.append(try MetadataDecoder.ruleCase(node))
    }
    return rule
  }
}

/// An object of the form, all of whose members are known.
struct IRObject {
  let node: DocumentNode

  /// - Throws: what is no object, or has a member that is not among these.
  init(_ node: DocumentNode, of keys: [String]) throws(Diagnostic) {
    guard let members = node.members else {
      throw Diagnostic(.wrongType, "an object belongs here, not \(node.kindName)", at: node.range)
    }
    for member in members where !keys.contains(member.key.text) {
      throw Diagnostic(
        .unknownKey, "'\(visible(member.key.text))' is not a member of this object", at: member.key.range,
        help: nearestName(to: member.key.text, among: keys).map { "did you mean '\($0)'?" })
    }
    self.node = node
  }

  subscript(key: String) -> DocumentNode? { node[key] }

  func required(_ key: String) throws(Diagnostic) -> DocumentNode {
    guard let value = node[key] else {
      throw Diagnostic(.missingKey, "the object has no '\(key)'", at: node.range)
    }
    return value
  }

  /// The text of a member; nil where it is absent.
  func text(_ key: String) throws(Diagnostic) -> String? {
    guard let value = node[key] else { return nil }
    return try value.string()
  }

  func texts(_ key: String) throws(Diagnostic) -> [String] {
    guard let value = node[key] else { return [] }
    var texts: [String] = []
    for element in try value.list() { texts.append(try element.string()) }
    return texts
  }

  func number(_ key: String) throws(Diagnostic) -> Number {
    let value = try required(key)
    guard let text = value.text, let number = Number(text) else {
      throw Diagnostic(.invalidNumber, "'\(key)' is not a number", at: value.range)
    }
    return number
  }

  func span(_ key: String) throws(Diagnostic) -> TimeSpan? {
    guard let text = try text(key) else { return nil }
    guard let span = TimeSpan(text) else {
      throw Diagnostic(.invalidValue, "'\(visible(text))' is no length of time", at: node[key]?.range)
    }
    return span
  }

  /// The one of some values that a word names; nil where the member is absent.
  func choice<Value>(_ key: String, _ values: [Value], _ word: (Value) -> String?) throws(Diagnostic) -> Value? {
    guard let text = try text(key) else { return nil }
    if let value = values.first(where: { word($0) == text }) { return value }
    let known = values.compactMap(word)
    throw Diagnostic(
      .invalidValue, "'\(visible(text))' is not a value of '\(key)'", at: node[key]?.range,
      help: "known: \(known.joined(separator: ", "))")
  }

  /// The one of some values that a word names.
  func requiredChoice<Value>(_ key: String, _ values: [Value], _ word: (Value) -> String?) throws(Diagnostic) -> Value {
    _ = try required(key)
    guard let value = try choice(key, values, word) else {
      throw Diagnostic(.missingKey, "the object has no '\(key)'", at: node.range)
    }
    return value
  }

  func textCase() throws(Diagnostic) -> TextCase { try requiredChoice("case", TextCase.allCases, \.rawValue) }

  func path(_ key: String) throws(Diagnostic) -> FieldPath { try FieldPath(required(key)) }

  func paths(_ key: String) throws(Diagnostic) -> [FieldPath] {
    var paths: [FieldPath] = []
    for element in try required(key).list() { paths.append(try FieldPath(element)) }
    return paths
  }

  func pattern(_ key: String) throws(Diagnostic) -> TextPattern {
    let value = try required(key)
    guard let pattern = TextPattern(parsing: try value.string()) else {
      throw Diagnostic(
        .invalidEscape, "a backslash stands before *, ? or a backslash", at: value.range,
        label: "a backslash before something else")
    }
    return pattern
  }
}

extension DocumentNode {
  func list() throws(Diagnostic) -> [DocumentNode] {
    guard let elements else { throw Diagnostic(.wrongType, "a list belongs here, not \(kindName)", at: range) }
    return elements
  }

  func string() throws(Diagnostic) -> String {
    guard let scalar, scalar.kind == .string else {
      throw Diagnostic(.wrongType, "a text belongs here, not \(kindName)", at: range)
    }
    return scalar.text
  }

  func flag() throws(Diagnostic) -> Bool {
    guard case .boolean(let flag)? = scalar?.kind else {
      throw Diagnostic(.wrongType, "true or false belongs here, not \(kindName)", at: range)
    }
    return flag
  }
}

extension FieldPath {
  /// A path in one text, or its steps.
  init(_ node: DocumentNode) throws(Diagnostic) {
    guard let elements = node.elements else {
      guard let path = FieldPath(parsing: try node.string()) else {
        throw Diagnostic(.invalidValue, "this is no path of a field", at: node.range)
      }
      self = path
      return
    }
    var steps: [Step] = []
    for element in elements { steps.append(try Step(element)) }
    self.init(steps)
  }
}

extension FieldPath.Step {
  fileprivate init(_ node: DocumentNode) throws(Diagnostic) {
    guard node.members != nil else {
      self = .key(try node.string())
      return
    }
    let object = try IRObject(node, of: ["index", "each", "keys"])
    if object["keys"] != nil {
      self = .keyPattern(try object.pattern("keys"))
    } else if object["each"] != nil {
      self = .each
    } else {
      let number = try object.number("index")
      guard let index = number.integer else {
        throw Diagnostic(.invalidNumber, "an index is a whole number", at: node.range)
      }
      self = .index(index)
    }
  }
}
