public import RuleIR

/// Predicates that are hard on purpose: many tests, many stars, deep nests, what no search can finish.
public struct HostilePredicate: Sendable, CustomStringConvertible {
  public let description: String
  public let predicate: Predicate

  private init(_ description: String, _ predicate: Predicate) {
    self.description = description
    self.predicate = predicate
  }

  /// - Parameter share: One for all of it; a test that should be quick takes a part of the numbers.
  public static func all(inParts share: Int) -> [HostilePredicate] {
    func some(_ count: Int) -> Int { count / share }
    return [
      .init("5,000 patterns beside as many, one changed", beside(patterns(some(5_000)), changed: some(4_321))),
      .init("20,000 values beside as many, one changed", beside(equalities(some(20_000)), changed: some(17))),
      .init(
        "3,000 fields beside as many, one changed",
        .all([.all(fields(some(3_000))), .not(.all(fields(some(3_000), 7)))])),
      .init("2,000 pairs of tests beside as many", beside(pairs(some(2_000)), changed: some(1_000))),
      .init("3,000 networks beside as many", beside(networks(some(3_000)), changed: some(2_999))),
      .init("3,000 orders of one number", .all(orders(some(3_000)))),
      .init("1,000 texts that stand in no field, and one that does", anywhere(some(1_000))),
      .init("400 fields that are equal in a row, the ends not", chain(some(400))),
      .init("30 patterns of 30 stars in one text", .all([single] + stars(30).map { .field($0) })),
      .init("a text outside 30 patterns of 30 stars", .all([single] + stars(30).map { .not(.field($0)) })),
      .init(
        "stars within stars", .all([single, .field(stars(2)[0])] + stars(30).dropFirst().map { .not(.field($0)) })),
      .init("180 nests of negation", nest(180)),
      .init("60 nests of elements", elements(60)),
      .init("14 pigeons in 13 holes", pigeons(14)),
      .init("an odd number of 48 tests, and an even one", .all([parity(48), .not(parity(48))])),
      .init(
        "two counters of letters",
        .all([single, regex("^(a|b)*a(a|b){24}$"), .not(regex("^(a|b)*a(a|b){23}(a|b)$"))])),
      .init("letters that must differ", .all([single, regex("^(a|b)*a(a|b){20}$"), regex("^(a|b)*b(a|b){20}$")])),
      .init("repetitions of repetitions", .all([regex("((a{1000}){1000}){1000}"), .not(regex("b"))])),
      .init(
        "groups 5,000 deep", regex(String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000))),
      .init("a text of a million letters", .all([long(some(1_000_000)), .not(long(some(1_000_000) + 1))])),
      .init("lengths of millions", .all([length(.greater, 3_000_000), length(.less, 4_000_000)])),
      .init("a look-ahead", .all([regex("a(?=b)"), .not(regex("ab"))])),
      .init("a look-behind", .all([regex("(?<=a)b"), .not(regex("b"))])),
      .init("a reference back", .all([regex(#"(a|b)\1"#), .not(regex("aa"))])),
      .init("a possessive quantifier", .all([regex("a*+b"), .not(regex("b"))])),
      .init("a recursion", .all([regex("(a(?R)?b)"), .not(regex("ab"))])),
      .init("a complement", .all([whole("~(abc)", .lucene), .not(whole("x", .lucene))])),
    ]
  }

  // MARK: - Parts

  private static let one = FieldPath(named: "a")
  private static let single = Predicate.presence(PresenceTest(.single, one))

  private static func beside(_ parts: [Predicate], changed: Int) -> Predicate {
    var others = parts
    others[changed] = .field(FieldTest(one, .equals(.text("changed", .sensitive))))
    return .all([.any(parts), .not(.any(others))])
  }

  private static func patterns(_ count: Int) -> [Predicate] {
    (0..<count).map { .field(FieldTest(one, .matches(.contains("part-\($0 * 7_919)-"), .insensitive))) }
  }

  private static func equalities(_ count: Int) -> [Predicate] {
    (0..<count).map { .field(FieldTest(one, .equals(.text("value \($0)", .insensitive)))) }
  }

  private static func fields(_ count: Int, _ changed: Int? = nil) -> [Predicate] {
    (0..<count).map { number in
      .field(FieldTest(FieldPath(named: "f\(number)"), .equals(.text(number == changed ? "y" : "x", .sensitive))))
    }
  }

  private static func pairs(_ count: Int) -> [Predicate] {
    (0..<count).map { number in
      .all(
        ["a", "b"].map { name in
          .field(FieldTest(FieldPath(named: name), .matches(.prefix("\(name)\(number)-"), .insensitive)))
        })
    }
  }

  private static func networks(_ count: Int) -> [Predicate] {
    (0..<count).compactMap { number in
      Network("10.\(number / 256).\(number % 256).0/24").map { .field(FieldTest(one, .network($0))) }
    }
  }

  private static func orders(_ count: Int) -> [Predicate] {
    (0..<count).map { number in
      .field(FieldTest(one, .order(number % 2 == 0 ? .greater : .less, .number(Number(number), .coercing))))
    }
  }

  private static func anywhere(_ count: Int) -> Predicate {
    .all(
      (0..<count).map { .not(.anyField(AnyFieldTest(.matches(.contains("w\($0)x"), .insensitive)))) }
        + [.anyField(AnyFieldTest(.matches(.contains("needle"), .insensitive)))])
  }

  private static func chain(_ count: Int) -> Predicate {
    func isEqual(_ left: Int, _ right: Int) -> Predicate {
      .field(FieldTest(FieldPath(named: "f\(left)"), .field(.equals, FieldPath(named: "f\(right)"), .sensitive)))
    }
    return .all((1..<count).map { isEqual($0 - 1, $0) } + [.not(isEqual(0, count - 1))])
  }

  private static func stars(_ count: Int) -> [FieldTest] {
    (0..<count).map { number in
      var parts: [TextPattern.Part] = [.anyRun]
      for star in 0..<30 {
        parts += [.literal(String(UnicodeScalar(UInt8(97 + (number * star + number) % 5)))), .anyRun]
      }
      return FieldTest(one, .matches(TextPattern(parts), .insensitive))
    }
  }

  private static func nest(_ depth: Int) -> Predicate {
    var predicate = fields(1)[0]
    for level in 0..<depth {
      let leaf = fields(level % 40 + 1)[level % 40]
      predicate = level % 2 == 0 ? .not(.all([predicate, leaf])) : .not(.any([predicate, .not(leaf)]))
    }
    return .all([predicate, .not(predicate.normalised())])
  }

  private static func elements(_ depth: Int) -> Predicate {
    var predicate = fields(1)[0]
    for level in 0..<depth {
      let test = ElementTest(FieldPath(named: "items"), .all([predicate, fields(1)[0]]))
      predicate = level % 2 == 0 ? .not(.some(test)) : .not(.every(test))
    }
    return predicate
  }

  /// Each pigeon has a hole, and no two one: that there are too few takes a search without counting very long.
  private static func pigeons(_ count: Int) -> Predicate {
    func sits(_ pigeon: Int, _ hole: Int) -> Predicate {
      .field(FieldTest(FieldPath(named: "pigeon \(pigeon)"), .equals(.text("hole \(hole)", .sensitive))))
    }
    let holes = 0..<(count - 1)
    let placed = (0..<count).map { pigeon in Predicate.any(holes.map { sits(pigeon, $0) }) }
    let apart = holes.flatMap { hole in
      (0..<count).flatMap { one in
        (0..<one).map { other in Predicate.not(.all([sits(one, hole), sits(other, hole)])) }
      }
    }
    return .all(placed + apart)
  }

  /// Whether the number of tests that hold is odd, in groups so that it stays small.
  private static func parity(_ count: Int) -> Predicate {
    let tests = fields(count)
    var groups = stride(from: 0, to: count, by: 2).map { exclusive(tests[$0], tests[$0 + 1]) }
    while groups.count > 3 {
      groups = stride(from: 0, to: groups.count - 1, by: 2).map { exclusive(groups[$0], groups[$0 + 1]) }
    }
    return groups.dropFirst().reduce(groups[0], exclusive)
  }

  private static func exclusive(_ one: Predicate, _ other: Predicate) -> Predicate {
    .any([.all([one, .not(other)]), .all([.not(one), other])])
  }

  private static func regex(_ text: String) -> Predicate {
    .field(FieldTest(one, .regex(RegexPattern(text, .pcre, anchoring: .search))))
  }

  private static func whole(_ text: String, _ flavour: RegexPattern.Flavour) -> Predicate {
    .field(FieldTest(one, .regex(RegexPattern(text, flavour, anchoring: .whole))))
  }

  private static func long(_ count: Int) -> Predicate {
    .field(FieldTest(one, .matches(.contains(String(repeating: "x", count: count)), .sensitive)))
  }

  private static func length(_ order: Order, _ count: Int) -> Predicate {
    .field(FieldTest(one, .order(order, .number(Number(count), .strict)), subject: .length))
  }
}
