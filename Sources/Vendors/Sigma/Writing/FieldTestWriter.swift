import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Writes tests of a field as items.
struct FieldTestWriter {
  let schema: TargetSchema
  private let names: FieldName
  private(set) var losses: [Loss] = []

  init(schema: TargetSchema, _ names: FieldName) {
    self.schema = schema
    self.names = names
  }

  mutating func clause(of test: FieldTest) throws(Diagnostic) -> Clause {
    guard test.polarity == .someValueFails else {
      return .search(.maps(try items(of: test).map { [$0] }))
    }
    // Where a field has one value, that some value differs means that there is one and that none is the same.
    var inner = FieldTestWriter(schema: schema, names)
    let items = try inner.items(of: test)
    losses += inner.losses.map(\.negated)
    if schema.mayBeList(test.field) {
      lose(.someValueDiffers, .narrower, "Sigma says that no value is the same, not that some value differs", test)
    }
    let absent = Item.absence(of: try names.text(of: test.field, at: test.origin))
    return .conjunction([.not(.search(.maps([[absent]]))), .not(.search(.maps(items.map { [$0] })))])
  }

  private mutating func lose(_ feature: Feature, _ drift: Drift, _ reason: String, _ test: FieldTest) {
    losses.append(Loss(feature, drift, because: reason, at: test.origin))
  }

  // MARK: Items

  /// Items of which any must hold.
  private mutating func items(of test: FieldTest) throws(Diagnostic) -> [Item] {
    let field = try names.text(of: test.field, at: test.origin)
    switch test.subject {
    case .value, .spelling: break
    case .datePart(let part): return [try datePart(part, of: test, field)]
    case .length: return [try length(of: test, field)]
    case .derived:
      throw .untranslatable(
        .derivedValue, in: "sigma", because: "texts are not taken apart", at: test.origin)
    case .count:
      throw .untranslatable(.valueCount, in: "sigma", because: "Sigma does not count values", at: test.origin)
    }
    switch test.condition {
    case .equals(let literal): return [item(literal, of: test, field)]
    case .oneOf(let literals): return Self.gathered(literals.map { item($0, of: test, field) })
    case .matches(let pattern, let textCase): return [item(pattern, textCase, of: test, field)]
    case .regex(let regex):
      loseSpelling(test)
      return [try RegexWriter.item(regex, field, at: test.origin)]
    case .order(let order, let literal): return [try item(order, literal, of: test, field)]
    case .network(let network):
      return [Item(field, .comparing(.network), [.text(network.description)])]
    case .term(let match):
      lose(match.extent == .whole ? .wholeTerm : .termPrefix, .broader, "Sigma finds parts of words too", test)
      return [item(.contains(match.text), match.textCase, of: test, field)]
    case .encoded(let encoded): return [item(encoded, field)]
    case .field(let relation, let path, let textCase): return [try item(relation, path, textCase, of: test, field)]
    }
  }

  private static func gathered(_ items: [Item]) -> [Item] {
    var gathered: [Item] = []
    var places: [Item: Int] = [:]
    for item in items {
      if let place = places[item.base] {
        gathered[place].values += item.values
      } else {
        places[item.base] = gathered.count
        gathered.append(item)
      }
    }
    return gathered
  }

  // MARK: Literals

  private mutating func item(_ literal: Literal, of test: FieldTest, _ field: String) -> Item {
    let type = schema.type(of: test.field)
    switch literal {
    case .untyped(let text, let textCase): return Self.item(text, textCase, field)
    case .text(let text, let textCase):
      if type != .text, Self.spellsValue(text) {
        let feature: Feature = textCase == .sensitive ? .caseSensitiveText : .caseInsensitiveText
        lose(feature, .broader, "Sigma's '\(text)' is also met by the number or boolean", test)
      }
      return Self.item(text, textCase, field)
    case .number(let number, .strict):
      if type != .number { lose(.numberEquality, .broader, "Sigma's number is also met by the text", test) }
      return Item(field, ModifierChain(), [Self.node(number.text)])
    case .number(let number, .coercing):
      if type != .number {
        lose(.numberFromText, .narrower, "Sigma compares a text with the number letter by letter", test)
      }
      return Item(field, ModifierChain(), [Self.node(number.text)])
    case .boolean(let flag):
      if type != .boolean { lose(.booleanEquality, .broader, "Sigma's boolean is also met by the text", test) }
      return Item(field, ModifierChain(), [.boolean(flag)])
    }
  }

  private static func item(_ text: String, _ textCase: TextCase, _ field: String) -> Item {
    guard textCase == .sensitive, text.hasCase else { return Item(field, ModifierChain(), [node(text)]) }
    return Item(field, .cased, [.text(SigmaText.text(ofExactly: text))])
  }

  /// A text; a plain number or boolean where it spells one.
  private static func node(_ text: String) -> OutputNode {
    if text == "true" || text == "false" { return .bare(text) }
    let isWhole = text.utf8.allSatisfy { (48...57).contains($0) } && (1...15).contains(text.utf8.count)
    return isWhole && (text == "0" || text.first != "0") ? .bare(text) : .text(SigmaText.text(ofExactly: text))
  }

  private static func spellsValue(_ text: String) -> Bool {
    Number(text) != nil || ["true", "false"].contains(text.simplyFolded)
  }

  // MARK: Patterns

  private mutating func item(
    _ pattern: TextPattern, _ textCase: TextCase, of test: FieldTest, _ field: String
  ) -> Item {
    var chain = textCase == .sensitive && pattern.literals.contains(where: \.hasCase) ? .cased : ModifierChain()
    let text: String
    switch pattern.shape {
    case .exact(let exact): return item(.text(exact, textCase), of: test, field)
    case .prefix(let literal):
      chain.extent = .prefix
      text = SigmaText.text(ofExactly: literal)
    case .suffix(let literal):
      chain.extent = .suffix
      text = SigmaText.text(ofExactly: literal)
    case .contains(let literal):
      chain.extent = .contains
      text = SigmaText.text(ofExactly: literal)
    case .anything, .glob: text = SigmaText.text(of: pattern)
    }
    loseSpelling(test)
    return Item(field, chain, [.text(text)])
  }

  /// Patterns pass on texts alone here.
  private mutating func loseSpelling(_ test: FieldTest) {
    guard test.subject == .spelling, schema.type(of: test.field) != .text else { return }
    lose(.spelledValue, .narrower, "a Sigma pattern is met by texts, not by numbers and booleans", test)
  }

  private func item(_ encoded: EncodedText, _ field: String) -> Item {
    var chain = encoded.textCase == .sensitive ? ModifierChain.cased : ModifierChain()
    chain.encodings = encoded.encodings
    chain.extent = encoded.extent
    return Item(field, chain, [.text(SigmaText.text(of: encoded.text))])
  }

  // MARK: Orders, lengths, dates

  private mutating func item(
    _ order: Order, _ literal: Literal, of test: FieldTest, _ field: String
  ) throws(Diagnostic) -> Item {
    guard let number = literal.asNumber else {
      throw .untranslatable(.textOrder, in: "sigma", because: "Sigma puts numbers in order only", at: test.origin)
    }
    if case .number(_, .strict) = literal, schema.type(of: test.field) != .number {
      lose(.numberOrder, .broader, "Sigma also compares texts that spell a number", test)
    }
    if case .untyped = literal, schema.type(of: test.field) != .number {
      lose(.textOrder, .narrower, "Sigma compares numbers alone, and here texts are compared as well", test)
    }
    return Item(field, .comparing(.order(order)), [.bare(number.plain)])
  }

  private func datePart(_ part: FieldTest.DatePart, of test: FieldTest, _ field: String) throws(Diagnostic) -> Item {
    let (order, literal): (Order?, Literal?) =
      switch test.condition {
      case .equals(let literal): (nil, literal)
      case .order(let order, let literal): (order, literal)
      case .oneOf, .matches, .regex, .network, .term, .encoded, .field: (nil, nil)
      }
    guard let number = literal?.asNumber else {
      throw .untranslatable(
        .datePart, in: "sigma", because: "a part of a date is compared with a number only", at: test.origin)
    }
    var chain = order.map { ModifierChain.comparing(.order($0)) } ?? ModifierChain()
    chain.datePart = part
    return Item(field, chain, [.bare(number.plain)])
  }

  /// A length is a regular expression that counts characters, as far as repeats go.
  private func length(of test: FieldTest, _ field: String) throws(Diagnostic) -> Item {
    let bounds: (least: Int, most: Int?)? =
      switch test.condition {
      case .equals(let literal): literal.asNumber?.integer.map { ($0, $0) }
      case .order(.less, let literal): literal.asNumber?.predecessor?.integer.map { (0, $0) }
      case .order(.lessOrEqual, let literal): literal.asNumber?.integer.map { (0, $0) }
      case .order(.greater, let literal): literal.asNumber?.successor?.integer.map { ($0, nil) }
      case .order(.greaterOrEqual, let literal): literal.asNumber?.integer.map { ($0, nil) }
      case .oneOf, .matches, .regex, .network, .term, .encoded, .field: nil
      }
    guard let (least, most) = bounds, least >= 0, most ?? least >= least,
      max(least, most ?? 0) <= RegexSyntax.repeatLimit
    else {
      throw .untranslatable(
        .textLength, in: "sigma", because: "a length is counted by a regular expression of up to 1,000 characters",
        at: test.origin)
    }
    let text = most.map { $0 == least ? "^.{\(least)}$" : "^.{\(least),\($0)}$" } ?? "^.{\(least),}"
    return Item(field, .comparing(.regex(.dotAll)), [.text(text)])
  }

  // MARK: Fields

  private func item(
    _ relation: FieldRelation, _ path: FieldPath, _ textCase: TextCase, of test: FieldTest, _ field: String
  ) throws(Diagnostic) -> Item {
    var chain = ModifierChain.comparing(.field)
    chain.textCase = textCase
    switch relation {
    case .equals: break
    case .startsWith: chain.extent = .prefix
    case .endsWith: chain.extent = .suffix
    case .contains: chain.extent = .contains
    case .order:
      throw .untranslatable(
        .fieldRelation, in: "sigma", because: "Sigma does not put two fields in order", at: test.origin)
    }
    return Item(field, chain, [.text(SigmaText.text(ofExactly: try names.text(of: path, at: test.origin)))])
  }
}

extension ModifierChain {
  static let cased: ModifierChain = {
    var chain = ModifierChain()
    chain.textCase = .sensitive
    return chain
  }()

  static func comparing(_ comparison: Comparison) -> ModifierChain {
    var chain = ModifierChain()
    chain.comparison = comparison
    return chain
  }
}

extension Literal {
  /// The number that the literal is or spells.
  fileprivate var asNumber: Number? {
    switch self {
    case .number(let number, _): number
    case .untyped(let text, _): Number(text)
    case .text, .boolean: nil
    }
  }
}

extension Number {
  /// The number as YAML's readers agree on it: no plus sign, no zeros in front, digits on both sides of the point.
  var plain: String {
    let isNegative = text.hasPrefix("-")
    let unsigned = text.drop { $0 == "+" || $0 == "-" }
    let mantissa = unsigned.prefix { $0 != "e" && $0 != "E" }
    let exponent = unsigned.dropFirst(mantissa.count)
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = parts.first.map { String($0.drop { $0 == "0" }) } ?? ""
    let fraction = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : exponent.isEmpty ? "" : "0"
    return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
      + exponent
  }
}

extension String {
  /// Whether letter case could matter.
  var hasCase: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}
