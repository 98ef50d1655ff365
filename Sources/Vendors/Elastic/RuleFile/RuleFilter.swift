import Documents
import RuleIR
import SourceText

/// A filter in Elasticsearch's Query DSL, which a rule has beside its query.
///
/// <https://www.elastic.co/docs/explore-analyze/query-filter/languages/querydsl>
struct RuleFilter {
  enum Reading {
    case predicate(Predicate)
    /// Switched off.
    case disabled
    /// Not modelled, for this reason.
    case unknown(String)
  }

  private let filter: DocumentNode

  init(_ filter: DocumentNode) { self.filter = filter }

  var reading: Reading {
    let meta = filter["meta"]
    if meta?["disabled"]?.isTrue == true { return .disabled }
    // Older filters have the query without the key around it.
    let query = filter["query"] ?? filter
    guard let predicate = Self.predicate(query) else {
      let name = query.members?.first { !["meta", "$state"].contains($0.key.text) }?.key.text ?? "empty"
      return .unknown("'\(name)' filter")
    }
    return .predicate(meta?["negate"]?.isTrue == true ? .not(predicate) : predicate)
  }

  private static func predicate(_ query: DocumentNode) -> Predicate? {
    let clauses = (query.members ?? []).filter { !["meta", "$state"].contains($0.key.text) }
    guard clauses.count == 1, let clause = clauses.first else { return nil }
    let body = clause.value
    switch clause.key.text {
    case "match_all": return .always
    case "match_none": return .never
    case "range": return range(body)
    case "query_string": return queryString(body)
    case "exists":
      guard body.members?.count == 1, let field = body["field"]?.text else { return nil }
      return .presence(PresenceTest(.value, FieldPath(named: field), origin: Origin(body.range)))
    case "bool": return boolean(body)
    case "term", "match", "match_phrase", "terms", "wildcard", "prefix", "regexp":
      return test(clause.key.text, body)
    case _: return nil
    }
  }

  private static func test(_ kind: String, _ body: DocumentNode) -> Predicate? {
    guard body.members?.count == 1, let member = body.members?.first else { return nil }
    let path = FieldPath(named: member.key.text)
    let origin = Origin(member.key.range.extended(to: member.value.range))
    guard let condition = condition(kind, member.value) else { return nil }
    if case .equals(let literal) = condition, let network = Network(blockAround: literal.spelling) {
      return .any([
        .field(FieldTest(path, condition, origin: origin)),
        .field(FieldTest(path, .network(network), origin: origin)),
      ])
    }
    return .field(FieldTest(path, condition, origin: origin))
  }

  private static func condition(_ kind: String, _ value: DocumentNode) -> Condition? {
    if kind == "terms" {
      guard let elements = value.elements else { return nil }
      let texts = elements.compactMap(\.text)
      guard texts.count == elements.count, texts.allSatisfy({ Network(blockAround: $0) == nil }) else { return nil }
      return .oneOf(texts.map { .untyped($0, .sensitive) })
    }
    var textCase = TextCase.sensitive
    var text = value.text
    if let members = value.members {
      for member in members {
        switch member.key.text {
        case "value", "query", "wildcard": text = member.value.text
        case "case_insensitive": textCase = member.value.isTrue ? .insensitive : .sensitive
        case "boost": break
        case "type" where member.value.text == "phrase": break
        case "flags" where kind == "regexp" && member.value.text == "ALL": break
        case _: return nil
        }
      }
    }
    guard let text else { return nil }
    switch kind {
    case "regexp":
      guard LuceneRegex.fault(in: text) == nil else { return nil }
      let flags: RegexPattern.Flags = textCase == .insensitive ? .ignoreCase : []
      return LuceneRegex.condition(RegexPattern(text, .lucene, flags: flags, anchoring: .whole))
    case "wildcard": return .matches(TextPattern(wildcard: text), textCase)
    case "prefix": return .matches(.prefix(text), textCase)
    case _: return .equals(.untyped(text, textCase))
    }
  }

  /// Bounds of one field that one value must meet.
  private static func range(_ body: DocumentNode) -> Predicate? {
    guard body.members?.count == 1, let member = body.members?.first, let bounds = member.value.members else {
      return nil
    }
    let path = FieldPath(named: member.key.text)
    let origin = Origin(member.key.range.extended(to: member.value.range))
    var tests: [Condition] = []
    for bound in bounds {
      guard let text = bound.value.text, !text.isDateMaths else { return nil }
      switch bound.key.text {
      case "gt": tests.append(.order(.greater, .untyped(text, .sensitive)))
      case "gte": tests.append(.order(.greaterOrEqual, .untyped(text, .sensitive)))
      case "lt": tests.append(.order(.less, .untyped(text, .sensitive)))
      case "lte": tests.append(.order(.lessOrEqual, .untyped(text, .sensitive)))
      case "boost": break
      case _: return nil
      }
    }
    if tests.count == 1 { return .field(FieldTest(path, tests[0], origin: origin)) }
    guard !tests.isEmpty else { return .presence(PresenceTest(.value, path, origin: origin)) }
    let inside = tests.map { Predicate.field(FieldTest(.element, $0, origin: origin)) }
    return .some(ElementTest(path, .conjunction(inside), origin: origin))
  }

  /// A query string of Lucene.
  private static func queryString(_ body: DocumentNode) -> Predicate? {
    var query: DocumentNode?
    for member in body.members ?? [] {
      switch member.key.text {
      case "query": query = member.value
      case "analyze_wildcard", "time_zone", "boost": break
      case _: return nil
      }
    }
    guard let passage = query?.scalar?.passage else { return nil }
    return (try? Lucene.read(passage))?.predicate
  }

  private static func boolean(_ body: DocumentNode) -> Predicate? {
    var required: [Predicate] = []
    var optional: [Predicate] = []
    var least: Int?
    for member in body.members ?? [] {
      if member.key.text == "minimum_should_match" {
        guard let count = member.value.text.flatMap(Int.init), count <= 1 else { return nil }
        least = count
        continue
      }
      var parts: [Predicate] = []
      for clause in member.value.elements ?? [member.value] {
        guard let part = predicate(clause) else { return nil }
        parts.append(part)
      }
      switch member.key.text {
      case "must", "filter": required += parts
      case "must_not": required += parts.map(Predicate.not)
      case "should": optional += parts
      case _: return nil
      }
    }
    // Where something is required, what should be only counts if asked for.
    if !optional.isEmpty, least ?? (required.isEmpty ? 1 : 0) == 1 { required.append(.disjunction(optional)) }
    return .conjunction(required)
  }
}

extension TextPattern {
  /// A pattern of a `wildcard` query: `*`, `?`, and a backslash before what is to be taken as it is.
  init(wildcard text: String) {
    var parts: [Part] = []
    var isEscaped = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case _ where isEscaped:
        parts.append(.literal(String(Character(scalar))))
        isEscaped = false
      case "\\": isEscaped = true
      case "*": parts.append(.anyRun)
      case "?": parts.append(.anyScalar)
      case _: parts.append(.literal(String(Character(scalar))))
      }
    }
    if isEscaped { parts.append(.literal("\\")) }
    self.init(parts)
  }
}

extension DocumentNode {
  var isTrue: Bool { scalar?.kind == .boolean(true) }
}
