import RuleIR
import TestSupport

/// Events that random predicates have something to say of: the same fields, the same awkward texts.
enum RandomEvents {
  static let fields: [FieldPath] =
    RandomPredicate.fields + [
      FieldPath(keys: "objectRef", "resource"), FieldPath(named: "annotations.a.b/c"), FieldPath(keys: "user"),
      FieldPath(keys: "user", "groups"),
    ]

  static func lines(count: Int, seed: UInt64) -> [String] {
    var random = SeededRandom(seed: seed &+ 77)
    return (0..<count).map { _ in line(&random) }
  }

  private static func line(_ random: inout SeededRandom) -> String {
    var members: [String] = []
    for key in ["verb", "userAgent", "responseStatus", "objectRef", "user", "annotations", "objectRef.resource", "x"]
    where !random.once(in: 3) { members.append("\(quoted(key)):\(value(of: key, &random))") }
    if random.once(in: 12), let first = members.first { members.append(first) }
    members.shuffle(using: &random)
    // An audit event by its keys, so that no envelope is looked for.
    return "{\"auditID\":\"x\",\"stage\":\"y\"\(members.map { "," + $0 }.joined())}"
  }

  private static func value(of key: String, _ random: inout SeededRandom) -> String {
    switch key {
    case "responseStatus": return random.once(in: 8) ? any(&random, 1) : "{\"code\":\(any(&random, 1))}"
    case "objectRef": return random.once(in: 8) ? any(&random, 2) : "{\"resource\":\(any(&random, 1)),\"q\":[]}"
    case "user": return random.once(in: 8) ? any(&random, 2) : "{\"groups\":\(list(&random))}"
    case "annotations":
      return random.pick([
        "{\"a.b/c\":\(any(&random, 1))}", "{\"a\":{\"b/c\":\(any(&random, 1))}}",
        "{\"a\":[{\"b/c\":1},{\"b/c\":\"a\"}]}",
      ])
    case _: return any(&random, 2)
    }
  }

  private static func list(_ random: inout SeededRandom) -> String {
    "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in any(&random, 0) }.joined(separator: ",") + "]"
  }

  private static func any(_ random: inout SeededRandom, _ levels: Int) -> String {
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return "null"
    case 1: return random.pick(["true", "false"])
    case 2, 3: return random.pick(["403", "0", "-1", "1.0", "1e3", "1000", "0.5", "9007199254740993", "4.03e2", "-0"])
    case 4 where levels > 0: return list(&random)
    case 5 where levels > 0: return random.pick(["{}", "{\"resource\":\(any(&random, 0))}", "{\"groups\":\"a\"}"])
    case 6: return quoted(random.pick(["Secrets", "secrets", "kube-system", "curl/7 x86", "10.1.2.3", "2001:db8::1"]))
    case 7:
      return quoted(random.pick(["kubectl v12", "WQ==", "/enc -ENC x", "ПАРОЛЬ", "пароль", "ΣΟΦΟΣ σοφος", "Kelvin"]))
    case _: return quoted(AwkwardTexts.next(using: &random))
    }
  }

  private static func quoted(_ text: String) -> String { EventValue.quoted(text) }
}
