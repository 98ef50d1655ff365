import LanguageSupport
import RuleIR
import SourceText

/// Equality, order and numbers.
extension ESQLTestPrinter {
  /// Literals of one kind, which one operator takes together.
  private enum Group: Hashable {
    case texts(TextCase)
    case numbers
    case coercedNumbers
    case booleans
    /// Texts that could be numbers or truth values, for a column whose type is not known.
    case typedByColumn(TextCase)
  }

  func equality(_ literals: [Literal]) throws(Diagnostic) -> Fragment {
    var order: [Group] = []
    var groups: [Group: [Literal]] = [:]
    for literal in literals {
      guard let (group, literal) = grouped(literal) else { continue }
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(literal)
    }
    guard !order.isEmpty else { return constant(false) }
    var fragments: [Fragment] = []
    for group in order { fragments.append(try equality(groups[group] ?? [], in: group)) }
    return printer.joined(fragments, negated ? .and : .or)
  }

  /// What a literal is for the column; nil where no value of the column can equal it.
  private func grouped(_ literal: Literal) -> (Group, Literal)? {
    switch (literal, column.type) {
    case (_, .object): nil
    case (.text(let text, let textCase), nil), (.text(let text, let textCase), .text),
      (.untyped(let text, let textCase), .text):
      (.texts(text.hasCasedLetter ? textCase : .sensitive), .text(text, textCase))
    case (.text(let text, _), .ip), (.untyped(let text, _), .ip):
      Network.address(text) == nil ? nil : (.texts(.sensitive), .text(text, .sensitive))
    case (.text(let text, _), .date), (.untyped(let text, _), .date):
      text.looksLikeDateOrAddress ? (.texts(.sensitive), .text(text, .sensitive)) : nil
    case (.text, .number), (.text, .boolean): nil
    case (.untyped(let text, let textCase), nil):
      text.isTypedSpelling
        ? (.typedByColumn(text.hasCasedLetter ? textCase : .sensitive), literal)
        : (.texts(text.hasCasedLetter ? textCase : .sensitive), .text(text, textCase))
    case (.untyped(let text, _), .number): Number(text).map { (.numbers, .number($0, .strict)) }
    case (.untyped(let text, let textCase), .boolean):
      ["true", "false"].contains(textCase.key(text)) ? (.booleans, .boolean(textCase.key(text) == "true")) : nil
    case (.number(_, .strict), nil), (.number, .number): (.numbers, literal)
    case (.number(_, .coercing), nil), (.number(_, .coercing), .text): (.coercedNumbers, literal)
    case (.number, .text), (.number, .boolean), (.number, .ip), (.number, .date): nil
    case (.boolean, nil), (.boolean, .boolean): (.booleans, literal)
    case (.boolean, .text), (.boolean, .number), (.boolean, .ip), (.boolean, .date): nil
    }
  }

  private func equality(_ literals: [Literal], in group: Group) throws(Diagnostic) -> Fragment {
    switch group {
    case .texts: return try ESQLTextPrinter(self, column).equals(literals)
    case .typedByColumn(let textCase): return try typedByColumn(literals, textCase)
    case .numbers:
      let condition: Condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
      if column.mayBeList, let exact = exactSearch(condition) { return exact }
      // A search also finds the text of a number where the column turns out to hold texts.
      if column.mayBeList, column.type == nil {
        return joinedTotals(literals.map { "MV_CONTAINS(\(column.name), \($0.numberText))" })
      }
      return set(column, literals.map(\.numberText), .numberEquality)
    case .coercedNumbers: return coerced(literals)
    case .booleans:
      guard column.mayBeList else { return set(column, literals.map(\.spelling), .booleanEquality) }
      return joinedTotals(literals.map { "MV_CONTAINS(\(column.name), \($0.spelling))" })
    }
  }

  /// `target == value`, or `target IN (…)`.
  func set(_ target: ESQLTarget, _ values: [String], _ feature: Feature, losses: [Loss] = []) -> Fragment {
    if values.count == 1 {
      return plain(
        "\(target.name) == \(values[0])", "\(target.name) != \(values[0])", of: [target], feature, losses: losses)
    }
    let list = "(\(values.joined(separator: ", ")))"
    return plain("\(target.name) IN \(list)", "\(target.name) NOT IN \(list)", of: [target], feature, losses: losses)
  }

  /// Conditions that are never null, of which one must hold, or none.
  func joinedTotals(_ conditions: [String], losses: [Loss] = []) -> Fragment {
    var fragment = printer.joined(conditions.map { total($0) }, negated ? .and : .or)
    fragment.losses += negated ? losses.map(\.negated) : losses
    return fragment
  }

  /// `KQL()` compares by the type that the column turns out to have.
  private func typedByColumn(_ literals: [Literal], _ textCase: TextCase) throws(Diagnostic) -> Fragment {
    let sensitive = literals.map { Literal.untyped($0.spelling, .sensitive) }
    let condition: Condition = sensitive.count == 1 ? .equals(sensitive[0]) : .oneOf(sensitive)
    if let exact = exactSearch(condition, ignoring: textCase) { return exact }
    let spelled = column.mapped("TO_STRING")
    return try ESQLTextPrinter(self, spelled).equals(literals.map { Literal.text($0.spelling, textCase) })
  }

  /// Numbers, and texts that spell them, whatever the type of the column.
  private func coerced(_ literals: [Literal]) -> Fragment {
    let target = column.converted("TO_DOUBLE")
    let values = literals.map { literal in Number(literal.spelling).map(ESQLSpelling.double) ?? literal.spelling }
    guard column.mayBeList else { return set(target, values, .numberFromText) }
    return joinedTotals(values.map { "MV_CONTAINS(\(target.name), \($0))" })
  }

  /// The test through `KQL()`, where that is exact.
  func exactSearch(_ condition: Condition, ignoring textCase: TextCase = .sensitive) -> Fragment? {
    guard !column.isAnalysed else { return nil }
    let asked = Predicate.field(FieldTest(test.field, condition, origin: test.origin))
    guard let kuery = try? Kuery.print(asked, for: printer.schema),
      kuery.losses.allSatisfy({ $0.feature == .listIndex })
    else { return nil }
    let options = textCase == .sensitive ? "" : ", {\"case_insensitive\": true}"
    return printer.search(kuery.text, negated, options: options)
  }

  // MARK: Order

  func ordered(_ order: Order, _ literal: Literal) throws(Diagnostic) -> Fragment {
    switch (literal, column.type) {
    case (_, .object), (_, .boolean), (.boolean, _): return constant(false)
    case (.number, .number), (.number(_, .strict), nil): return compare(column, order, literal.numberText, .numberOrder)
    case (.number(_, .coercing), nil), (.number(_, .coercing), .text):
      return compare(column.converted("TO_DOUBLE"), order, literal.numberText, .numberFromText)
    case (.number, .text), (.number, .ip), (.number, .date): return constant(false)
    case (.untyped(let text, _), .number):
      guard let number = Number(text) else { return constant(false) }
      return compare(column, order, ESQLSpelling.number(number), .numberOrder)
    case (.text, .number): return constant(false)
    case (.text(let text, let textCase), _): return compareTexts(order, text, textCase)
    case (.untyped(let text, let textCase), _):
      guard column.type == nil, let number = Number(text) else { return compareTexts(order, text, textCase) }
      let loss = Loss(
        .numberFromText, .narrower, because: "a text that spells no number has no order here", at: test.origin)
      return compare(
        column.converted("TO_DOUBLE"), order, ESQLSpelling.number(number), .numberOrder, losses: [loss])
    }
  }

  private func compareTexts(_ order: Order, _ text: String, _ textCase: TextCase) -> Fragment {
    let folds = textCase == .insensitive
    var losses: [Loss] = []
    if folds, text.hasNonASCIILetter {
      losses.append(Loss(.unicodeFolding, .both, because: "TO_LOWER does not fold", at: test.origin))
    }
    if text.looksLikeDateOrAddress, column.type != .text {
      losses.append(
        Loss(.textOrder, .both, because: "dates and addresses are compared by value", at: test.origin))
    }
    let target = folds ? column.mapped("TO_LOWER") : column
    return compare(
      target, order, ESQLSpelling.text(folds ? text.simplyFolded : text), .textOrder, losses: losses)
  }

  /// Some value stands in the order: of several, the largest or the smallest decides.
  private func compare(
    _ target: ESQLTarget, _ order: Order, _ value: String, _ feature: Feature, losses: [Loss] = []
  ) -> Fragment {
    guard target.mayBeList else {
      return plain(
        "\(target.name) \(order.rawValue) \(value)", "\(target.name) \(order.opposite.rawValue) \(value)", of: [target],
        feature, losses: losses)
    }
    let isUpward = order == .greater || order == .greaterOrEqual
    let reached = "\(isUpward ? "MV_MAX" : "MV_MIN")(\(target.name))"
    return reaching(
      "\(reached) \(order.rawValue) \(value)", "\(reached) \(order.opposite.rawValue) \(value)", of: target,
      losses: losses)
  }

  // MARK: Numbers made from the column

  /// A number that is asked of the value: its length, or a part of a date.
  func number(_ target: ESQLTarget, _ feature: Feature) throws(Diagnostic) -> Fragment {
    switch test.condition {
    case .equals(let literal): return numbers(target, [literal], feature)
    case .oneOf(let literals): return numbers(target, literals, feature)
    case .order(let order, let literal):
      guard let number = literal.number else { return constant(false) }
      let value = ESQLSpelling.number(number)
      return plain(
        "\(target.name) \(order.rawValue) \(value)", "\(target.name) \(order.opposite.rawValue) \(value)", of: [target],
        feature)
    case .matches, .regex, .network, .term, .encoded, .field:
      throw printer.never(feature, "a number is compared with numbers alone", at: test.origin)
    }
  }

  private func numbers(_ target: ESQLTarget, _ literals: [Literal], _ feature: Feature) -> Fragment {
    let values = literals.compactMap(\.number).map(ESQLSpelling.number)
    return values.isEmpty ? constant(false) : set(target, values, feature)
  }

  /// How many values there are; none counts as zero.
  func count() throws(Diagnostic) -> Fragment {
    var counted = column.mapped("MV_COUNT")
    counted.name = "COALESCE(\(counted.name), 0)"
    (counted.mayBeList, counted.mayBeAbsent) = (false, false)
    return try number(counted, .valueCount)
  }

  func date(_ part: FieldTest.DatePart) throws(Diagnostic) -> Fragment {
    guard let field = part.esqlName else {
      throw printer.never(.datePart, "weeks are not counted by ISO 8601", at: test.origin)
    }
    var target = column.type == .date ? column : column.converted("TO_DATETIME")
    target.name = "DATE_EXTRACT(\"\(field)\", \(target.name))"
    return try number(target, .datePart)
  }
}

extension Literal {
  /// The number that the literal is, or spells where it is not typed.
  fileprivate var number: Number? {
    switch self {
    case .number(let number, _): number
    case .untyped(let text, _): Number(text)
    case .text, .boolean: nil
    }
  }

  fileprivate var numberText: String { number.map(ESQLSpelling.number) ?? spelling }
}

extension FieldTest.DatePart {
  fileprivate var esqlName: String? {
    switch self {
    case .minute: "MINUTE_OF_HOUR"
    case .hour: "HOUR_OF_DAY"
    case .day: "DAY_OF_MONTH"
    case .week: nil
    case .month: "MONTH_OF_YEAR"
    case .year: "YEAR"
    }
  }
}
