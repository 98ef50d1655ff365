package import Matcher
package import RuleIR
import SourceText

/// Draws an explanation: each test with its place, its verdict, and what the event has there.
package enum ExplanationTree {
  private struct Line {
    var text: String
    var place: String
    var verdict: String
    var seen: String
  }

  package static func text(of explanation: Explanation) -> String {
    var lines: [Line] = []
    add(explanation, indent: "  ", marker: "", to: &lines)
    let first = min(70, lines.map(\.text.count).max() ?? 0)
    let second = min(60, lines.map(\.place.count).max() ?? 0)
    return lines.map { line in
      let head = "\(pad(line.text, first))  \(pad(line.place, second))  \(pad(line.verdict, 5))"
      return (line.seen.isEmpty ? head : head + "   " + line.seen).trimmedAtEnd
    }.joined(separator: "\n")
  }

  private static func add(_ node: Explanation, indent: String, marker: String, to lines: inout [Line]) {
    // Capitals mark a verdict that decided the one above.
    let word = node.verdict ? "true" : "false"
    let verdict = node.isDecisive && node.parts.isEmpty && !marker.isEmpty ? word.uppercased() : word
    let place = node.parts.isEmpty ? node.origin.range.map { visible($0.description) } ?? "" : ""
    lines.append(
      Line(text: visible(indent + marker + node.text), place: place, verdict: verdict, seen: visible(node.seen)))
    let inner = indent + (marker.isEmpty ? "" : marker == "├─ " ? "│  " : "   ")
    for (index, part) in node.parts.enumerated() {
      add(part, indent: inner, marker: index + 1 == node.parts.count ? "└─ " : "├─ ", to: &lines)
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// An explanation as JSON.
package enum ExplanationJSON {
  package static func value(_ title: String, _ explanation: Explanation) -> EventValue {
    ["rule": .string(title), "fires": .boolean(explanation.verdict), "tree": value(explanation)]
  }

  private static func value(_ node: Explanation) -> EventValue {
    var object = EventObject()
    object["test"] = .string(node.text)
    object["verdict"] = .boolean(node.verdict)
    object["decisive"] = .boolean(node.isDecisive)
    if let range = node.origin.range { object["place"] = .string(range.description) }
    if !node.seen.isEmpty { object["seen"] = .string(node.seen) }
    if !node.parts.isEmpty { object["parts"] = .list(node.parts.map(value)) }
    return .object(object)
  }
}

extension String {
  package var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
