import LanguageSupport
import Panther
import RuleIR
import SourceText
import TestSupport
import Testing

@Suite struct PantherRoundTripTests {
  /// What is read back as the very predicate that was written.
  ///
  /// Regular expressions come back as Python's.
  static let exact: Set<Feature> = {
    let others: Set<Feature> = [.regexSearch, .regexWhole, .regexIgnoringCase]
    return Set(
      Feature.allCases.filter { feature in
        switch PantherRuleWriter.support(for: feature) {
        case .native, .rewritten: !others.contains(feature)
        case .approximated: feature == .spelledValue || feature == .anyField
        case .notYet, .never: false
        }
      })
  }()

  @Test(arguments: 0..<20) func `what is written without a schema is read back`(_ block: UInt64) throws {
    #expect(Self.exact.count > 30)
    var random = RandomPredicate(seed: block, features: Self.exact)
    for _ in 0..<100 {
      let predicate = random.next()
      let python = try PantherSample.python(predicate)
      let back = try PantherSample.predicate(python)
      guard back.normalised() != predicate.normalised() else { continue }
      Issue.record("\(python)\n\(Self.outline(predicate))\n---\n\(Self.outline(back))")
      return
    }
  }

  @Test(arguments: 0..<20) func `what is written for single values is read back`(_ block: UInt64) throws {
    let fields = [FieldPath(keys: "verb"), FieldPath(keys: "userAgent"), FieldPath(keys: "responseStatus", "code")]
    var random = RandomPredicate(
      seed: 1_000 + block, features: Self.exact.subtracting([.singleValue]), fields: fields)
    for _ in 0..<25 {
      let predicate = random.next()
      let python = try PantherSample.python(predicate, PantherSample.schema)
      let back = PantherSample.mapped(try PantherSample.predicate(python))
      guard back.normalised() != predicate.normalised() else { continue }
      Issue.record("\(python)\n\(Self.outline(predicate))\n---\n\(Self.outline(back))")
      return
    }
  }

  private static func outline(_ predicate: Predicate) -> String {
    PredicateOutline(.terse).text(of: predicate.normalised())
  }

  @Test(arguments: 0..<10) func `no text changes the shape of the Python around it`(_ block: UInt64) throws {
    var random = SeededRandom(seed: block)
    let plain = try Self.shape("x", key: "y")
    for _ in 0..<200 {
      let (text, key) = (AwkwardTexts.next(using: &random), AwkwardTexts.next(using: &random))
      #expect(try Self.shape(text, key: key) == plain, "\(text.debugDescription) \(key.debugDescription)")
    }
    for attack in ["x\", default=print(42)) or str(\"", "\\", "\\\"", "'''", "\"\"\"", "\n    import os\n", "{x}"] {
      #expect(try Self.shape(attack, key: attack) == plain)
    }
  }

  /// The Python with every text literal emptied.
  private static func shape(_ text: String, key: String) throws -> String {
    let field = FieldPath(keys: key, "b")
    let predicate = Predicate.all([
      .field(FieldTest(field, .equals(.text(text, .sensitive)))),
      .field(FieldTest(field, .matches(.contains(text), .sensitive), polarity: .someValueFails)),
      .presence(PresenceTest(.key, field)),
    ])
    var shape = ""
    var isInside = false
    var isEscaped = false
    for character in try PantherSample.rule(predicate).unicodeScalars {
      if isInside {
        #expect(character != "\n", "a literal runs over a line")
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isInside = false
        }
      } else {
        if character == "\"" { isInside = true } else { shape.unicodeScalars.append(character) }
      }
    }
    #expect(!isInside)
    return shape
  }
}
