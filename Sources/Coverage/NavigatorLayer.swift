import RuleIR

/// A layer for the ATT&CK Navigator: how many rules name each technique.
///
/// The format is that of layers of version 4.5:
/// https://github.com/mitre-attack/attack-navigator/blob/master/layers/LAYERFORMATv4_5.md
public struct NavigatorLayer: Sendable {
  private let matrix: CoverageMatrix

  public init(_ matrix: CoverageMatrix) { self.matrix = matrix }

  /// The layer as JSON on one line.
  public var json: String {
    let techniques = rulesByTechnique.sorted { $0.key < $1.key }
    let most = techniques.map(\.value.count).max() ?? 1
    let root: EventValue = [
      "name": .string(matrix.operations.title), "versions": ["attack": "16", "navigator": "5.1.0", "layer": "4.5"],
      "domain": "enterprise-attack",
      "description": .string("Techniques named by rules that cover \(matrix.operations.id)."),
      "techniques": .list(techniques.map { technique($0.key, $0.value) }),
      "gradient": ["colors": ["#ffffff", "#1f6feb"], "minValue": 0, "maxValue": .number(Number(most))],
      "legendItems": [], "hideDisabled": false,
    ]
    return root.json
  }

  /// The rules that cover some operation for its own sake, by the techniques that they name.
  private var rulesByTechnique: [String: [CoverageMatrix.Entry]] {
    var rules: [String: [CoverageMatrix.Entry]] = [:]
    for (position, entry) in matrix.entries.enumerated()
    where matrix.firmness.contains(where: { $0[position] == .always || $0[position] == .sometimes }) {
      for technique in Set(entry.rule.metadata.attack.techniques) { rules[technique, default: []].append(entry) }
    }
    return rules
  }

  private func technique(_ id: String, _ entries: [CoverageMatrix.Entry]) -> EventValue {
    let titles = entries.map { "\($0.vendor): \($0.rule.metadata.title)" }
    return [
      "techniqueID": .string(id), "score": .number(Number(entries.count)), "enabled": true,
      "comment": .string(titles.joined(separator: "\n")), "showSubtechniques": .boolean(id.contains(".")),
    ]
  }
}
