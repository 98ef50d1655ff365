import RuleIR

/// What an expression comes to for one row, as far as it can be said of the event behind the row.
indirect enum ESQLValue: Sendable {
  case null
  case text(String)
  case number(Number)
  case boolean(Bool)
  /// A length of time in seconds.
  case span(Int)
  /// The moment of the search, moved by so many seconds.
  case now(Int)
  case column(ESQLColumnView)
  case truth(ThreeValued)
  /// The first where the predicate holds, else the second.
  case choice(Predicate, ESQLValue, ESQLValue)
  /// Several constants.
  case list([ESQLValue])
  /// What is made of a text, of which only some things can be said.
  case derived(ESQLDerived)
}

/// A column of the event, or what functions make of it.
struct ESQLColumnView: Hashable, Sendable {
  /// What of the value is looked at.
  enum Aspect: Hashable, Sendable {
    case value
    /// `TO_STRING`
    case spelling
    /// `TO_DOUBLE`; null for what spells no number.
    case number
    /// `TO_IP`; null for what spells no address.
    case address
    case length
    /// `MV_COUNT`, null where there is no value.
    case count
    /// `COALESCE(MV_COUNT(…), 0)`
    case countOrZero
    /// `MV_COUNT(MV_DEDUPE(…))`
    case distinctCount
    case datePart(FieldTest.DatePart)
    /// `TO_DATETIME`; null for what spells no date.
    case date
    /// A part of what `TO_DATETIME` made.
    case partOfDate(FieldTest.DatePart)
    /// What functions make of the text; null where they make nothing of it.
    case derived(Derivation)
  }

  enum Folding: Hashable, Sendable { case asWritten, lower, upper }

  /// Which values a comparison sees.
  enum Reach: Hashable, Sendable {
    /// The only one; with several, the comparison is null.
    case only
    /// `MV_DEDUPE`: the only distinct one.
    case onlyDistinct
    /// `MV_MAX`
    case largest
    /// `MV_MIN`
    case smallest
    /// `MV_CONCAT`: all of them, with this text between.
    case joined(String)
  }

  var path: FieldPath
  var aspect = Aspect.value
  var folding = Folding.asWritten
  var reach = Reach.only
  /// What `CONCAT` puts around the value.
  var before = ""
  var after = ""

  /// When what `GROK` or `DISSECT` took from the column is there, where the column itself tells it.
  var found: Predicate?

  init(_ path: FieldPath) { self.path = path }

  /// Whether it is the column as text, and no more.
  var isSpelledOut: Bool { aspect == .spelling && isUnfolded && reach == .only && !isWrapped }

  var isPlain: Bool { aspect == .value && isUnfolded && reach == .only && !isWrapped }

  var isUnfolded: Bool { folding == .asWritten }

  var isWrapped: Bool { !before.isEmpty || !after.isEmpty }

  /// Whether texts can be compared with it.
  var isText: Bool {
    switch aspect {
    case .value, .spelling: true
    case .derived(let derivation): !derivation.yieldsNumber
    case .number, .address, .length, .count, .countOrZero, .distinctCount, .datePart, .date, .partOfDate: false
    }
  }

  var subject: FieldTest.Subject {
    switch aspect {
    case .value, .number, .address, .date: .value
    case .spelling: .spelling
    case .length: .length
    case .count, .countOrZero, .distinctCount: .count
    case .datePart(let part), .partOfDate(let part): .datePart(part)
    case .derived(let derivation): .derived(derivation)
    }
  }

  /// When a comparison with it is not null.
  ///
  /// https://www.elastic.co/docs/reference/query-languages/esql/esql-multivalued-fields
  var isDefined: Predicate {
    switch (aspect, reach) {
    case (.countOrZero, _): .always
    case (.count, _), (.distinctCount, _), (_, .largest), (_, .smallest), (_, .joined): presence(.value)
    case (.number, _), (.address, _), (.date, _), (.partOfDate, _), (.derived, _):
      .conjunction([presence(.single), isConvertible])
    case (.value, _), (.spelling, _), (.length, _), (.datePart, _): presence(.single)
    }
  }

  /// When it is not null itself: `TO_LOWER` and the conversions work on each of several values.
  var hasValue: Predicate {
    switch aspect {
    case .countOrZero: .always
    case .number, .address, .date: isConvertible
    case .value, .spelling: isWrapped ? presence(.single) : presence(.value)
    case .count, .distinctCount: presence(.value)
    case .length, .datePart: presence(.single)
    case .partOfDate: .conjunction([presence(.single), isConvertible])
    case .derived(let derivation):
      // `GROK` and `DISSECT` take from each of several values; functions are null on them.
      derivation.isOneCapture ? isConvertible : .conjunction([presence(.single), isConvertible])
    }
  }

  /// Whether some value is what the conversion takes.
  private var isConvertible: Predicate {
    let zero = Number(0)
    switch aspect {
    case .address:
      let blocks = ["0.0.0.0/0", "::/0"].compactMap { Network($0).map(Condition.network) }
      return .disjunction(blocks.map { .field(FieldTest(path, $0)) })
    case .date, .partOfDate:
      return .field(FieldTest(path, .order(.greaterOrEqual, .number(zero, .strict)), subject: .datePart(.hour)))
    case .derived(let derivation):
      if let found { return found }
      let exists: Condition =
        derivation.yieldsNumber ? .order(.greaterOrEqual, .number(zero, .strict)) : .matches(.anything, .sensitive)
      return .field(FieldTest(path, exists, subject: subject))
    case .number, .value, .spelling, .length, .count, .countOrZero, .distinctCount, .datePart:
      let orders: [Condition] = [
        .order(.lessOrEqual, .number(zero, .coercing)), .order(.greater, .number(zero, .coercing)),
      ]
      return .disjunction(orders.map { .field(FieldTest(path, $0)) })
    }
  }

  private func presence(_ kind: PresenceTest.Kind) -> Predicate { .presence(PresenceTest(kind, path)) }
}

extension Derivation {
  /// Whether it is a part taken from the text, and nothing more.
  fileprivate var isOneCapture: Bool {
    if steps.count == 1, case .captured = steps[0] { true } else { false }
  }
}
