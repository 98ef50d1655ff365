import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

@Suite struct ReadingTests {
  /// A detection, and what it means.
  static let meanings: [(name: String, detection: String, outline: String)] = [
    (
      "a map is all of its items",
      """
      selection:
        verb: list
        objectRef.resource: secrets
      condition: selection
      """,
      """
      all
        verb = untyped "list" ~
        ["objectRef.resource"] = untyped "secrets" ~
      """
    ),
    (
      "a list of values is any of them, equalities as one set",
      """
      selection:
        verb: [get, list, 'w*', watch]
      condition: selection
      """,
      """
      any
        verb in (untyped "get" ~, untyped "list" ~, untyped "watch" ~)
        verb like "w*" ~
      """
    ),
    (
      "a list of maps is any of them",
      """
      selection:
        - verb: list
          a: 1
        - verb: get
      condition: selection
      """,
      """
      any
        all
          verb = untyped "list" ~
          a = untyped "1" ~
        verb = untyped "get" ~
      """
    ),
    (
      "a mixed list is any of keywords, numbers and maps",
      """
      selection:
        - curl
        - 1
        - b: c
      condition: selection
      """,
      """
      any
        any field like "*curl*" ~
        any field like "*1*" ~
        b = untyped "c" ~
      """
    ),
    (
      "a keyword is looked for anywhere, with its own wildcards",
      """
      keywords: 'Trojan*FOUND'
      condition: keywords
      """,
      #"any field like "*Trojan*FOUND*" ~"#
    ),
    (
      "a keyless all asks for every keyword",
      """
      keywords:
        '|all': [curl, wget]
      condition: keywords
      """,
      """
      all
        any field like "*curl*" ~
        any field like "*wget*" ~
      """
    ),
    (
      "keyless modifiers work on every field",
      """
      keywords:
        '|startswith': kube
        '|re': 'v[0-9]'
        '|cidr': 10.0.0.0/8
        '|contains|cased': Curl
      condition: keywords
      """,
      """
      all
        any field like "kube*" ~
        any field matches sigma /v[0-9]/
        any field in network 10.0.0.0/8
        any field like "*Curl*"
      """
    ),
    (
      "text modifiers add wildcards after the escapes are undone",
      #"""
      selection:
        a|contains: '\Temp\'
        b|startswith: 'x*'
        c|endswith: '\*'
        d|contains: ''
      condition: selection
      """#,
      #"""
      all
        a like "*\\\\Temp\\\\*" ~
        b like "x*" ~
        c like "*\\*" ~
        d like "*" ~
      """#
    ),
    (
      "all joins values by and",
      """
      selection:
        a|contains|all: [x, y]
      condition: selection
      """,
      """
      all
        a like "*x*" ~
        a like "*y*" ~
      """
    ),
    (
      "cased minds letters, neq negates the whole item",
      """
      selection:
        a|cased: Foo
        b|neq: [x, y]
      condition: selection
      """,
      """
      all
        a = untyped "Foo"
        not
          b in (untyped "x" ~, untyped "y" ~)
      """
    ),
    (
      "null is no value, exists is the key",
      """
      selection:
        a: null
        b|exists: true
        c|exists: false
        d: ''
      condition: selection
      """,
      """
      all
        not
          a has a value
        b is a key
        not
          c is a key
        d = untyped "" ~
      """
    ),
    (
      "numbers in order, networks and regular expressions",
      #"""
      selection:
        a|gte: 400
        b|lt: -1.5
        c|cidr: 2001:db8::/32
        d|re: '\\x\d+'
        e|re|i|m|s: '^a.b$'
        f|re|startswith: 'a|b'
      condition: selection
      """#,
      #"""
      all
        a >= number 400
        b < number -1.5
        c in network 2001:db8::/32
        d matches sigma /\\x\d+/
        e matches sigma /^a.b$/ims
        f matches sigma /a|b/ from the start
      """#
    ),
    (
      "another field, encodings and dashes stay symbols",
      """
      selection:
        a|fieldref: b.c
        a|fieldref|startswith: d
        e|wide|base64offset|contains: 'foo\\*'
        f|utf16le|base64: x
        g|contains|windash: ' -enc '
      condition: selection
      """,
      #"""
      all
        a = field ["b.c"] ~
        a starts with field d ~
        e contains utf16le of base64offset of "foo\\*" ~
        f whole utf16le of base64 of "x" ~
        g contains windash of " -enc " ~
      """#
    ),
    (
      "parts of dates are numbers",
      """
      selection:
        time|hour|gte: 3
        time|year: 2026
      condition: selection
      """,
      """
      all
        hour of time >= 3
        year of time = 2026
      """
    ),
    (
      "booleans and numbers are untyped, and so are texts",
      """
      selection:
        a: true
        b: 'true'
        c: 403
        d: "403"
      condition: selection
      """,
      """
      all
        a = untyped "true" ~
        b = untyped "true" ~
        c = untyped "403" ~
        d = untyped "403" ~
      """
    ),
    (
      "a percent sign is no placeholder",
      """
      selection:
        a: '%PATH%'
      condition: selection
      """,
      #"a = untyped "%PATH%" ~"#
    ),
  ]

  @Test func `Detections mean what the specification says`() {
    #expect(!Self.meanings.isEmpty)
    for (name, detection, outline) in Self.meanings {
      #expect(SigmaRules.outline(detection: detection) == outline, "\(name)")
    }
  }

  @Test func `Every test knows its place, from the field to the value`() throws {
    let reading = try #require(
      SigmaRules.read(
        detection: """
          selection:
            verb|contains: list
            resource: [secrets, 'config*']
          condition: selection
          """))
    guard case .predicate(let predicate)? = reading.rule?.body else {
      Issue.record("no rule was read")
      return
    }
    #expect(
      PredicateOutline(.placed).text(of: predicate) == """
        all
          verb like "*list*" ~    @8:5
          any
            resource = untyped "secrets" ~    @9:16
            resource like "config*" ~    @9:25
        """)
    guard case .all(let parts) = predicate else { return }
    #expect(parts[0].originText == "verb|contains: list")
  }

  @Test func `Marks and line ends of other systems change nothing`() throws {
    let text = SigmaRules.text(detection: "a:\n  f|contain: x\ncondition: a")
    for lineEnd in ["\n", "\r\n", "\r"] {
      let bytes = "\u{FEFF}" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
      let file = SourceFile(name: "rule.yml", text: bytes)
      #expect(SigmaReader.recognises(file))
      let place = try #require(SigmaReader.read(file, in: ReadingContext()).first?.diagnostics.first?.primary?.range)
      #expect("\(place)" == "rule.yml:8:7")
    }
  }

  @Test func `A rule is known by its keys, not by its name alone`() {
    func isKnown(_ name: String, _ text: String) -> Bool {
      SigmaReader.recognises(SourceFile(name: name, text: text))
    }
    #expect(isKnown("a.yml", "title: t\ndetection:\n"))
    #expect(isKnown("a.yaml", "correlation:\n"))
    #expect(isKnown("x.sigma.yml", ""))
    #expect(!isKnown("a.yml", "name: t\nsearch: detection:\n  detection: x\n"))
    #expect(!isKnown("a.toml", "detection:\n"))
    #expect(!isKnown("a.yml", "filter:\n"))
  }

  @Test func `A list of 4,432 values is read`() throws {
    let values = (0..<4_432).map { "    - 'hash\($0)'" }.joined(separator: "\n")
    let detection = "selection:\n  hash:\n\(values)\ncondition: selection"
    guard case .predicate(.field(let test))? = SigmaRules.read(detection: detection)?.rule?.body,
      case .oneOf(let literals) = test.condition
    else {
      Issue.record("no set was read")
      return
    }
    #expect(literals.count == 4_432)
  }
}

extension Predicate {
  /// The text of the rule from which the test was read.
  fileprivate var originText: String? {
    if case .field(let test) = self { test.origin.range?.text } else { nil }
  }
}
