import Documents
import LanguageSupport
import RuleIR
public import SourceText

/// An earlier matrix, as `coverage --format json` wrote it.
public struct CoverageBaseline: Sendable {
  /// What changed of one rule over one operation.
  public struct Change: Hashable, Sendable {
    public enum Direction: String, Hashable, Sendable { case better, worse }
    public var operation: String
    public var vendor: String
    public var rule: String
    public var before: String
    public var after: String
    public var direction: Direction
  }

  /// By operation, then by vendor and title, the word for the firmness.
  private var firmness: [String: [String: String]] = [:]

  /// Reads an earlier matrix.
  ///
  /// - Throws: what is no matrix in JSON, with its place.
  public init(_ file: SourceFile) throws(Diagnostic) {
    let document = try JSONReader.read(Passage(file: file))
    guard document["schema"]?.text?.hasPrefix("cognate.coverage/1") == true, let rows = document["matrix"]?.elements
    else {
      throw Diagnostic(
        .wrongType, "the baseline is no coverage matrix", at: document.range,
        help: "write one with: cognate coverage … --format json")
    }
    for row in rows {
      guard let operation = row["id"]?.text else { continue }
      for rule in row["rules"]?.elements ?? [] {
        let key = Self.key(rule["vendor"]?.text ?? "", rule["title"]?.text ?? "")
        firmness[operation, default: [:]][key] = rule["firmness"]?.text
      }
    }
  }

  private static func key(_ vendor: String, _ title: String) -> String { vendor + "\u{0}" + title }

  /// What got better or worse since, in the order of operations; rules that are gone last.
  public func changes(to matrix: CoverageMatrix) -> [Change] {
    var changes: [Change] = []
    for (index, operation) in matrix.operations.operations.enumerated() {
      var before = firmness[operation.id] ?? [:]
      for (entry, now) in zip(matrix.entries, matrix.firmness[index]) {
        let old = before.removeValue(forKey: Self.key(entry.vendor, entry.rule.metadata.title)) ?? "never"
        add(operation.id, entry.vendor, entry.rule.metadata.title, old, now.word, to: &changes)
      }
      for (key, old) in before.sorted(by: { $0.key < $1.key }) {
        let parts = key.split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
        add(operation.id, parts.first ?? "", parts.last ?? "", old, "never", to: &changes)
      }
    }
    return changes
  }

  private func add(
    _ operation: String, _ vendor: String, _ rule: String, _ before: String, _ after: String,
    to changes: inout [Change]
  ) {
    guard before != after else { return }
    let order = ["never", "unknown", "incidentally", "sometimes", "always"]
    let isBetter = (order.firstIndex(of: after) ?? 0) > (order.firstIndex(of: before) ?? 0)
    changes.append(
      Change(
        operation: operation, vendor: vendor, rule: rule, before: before, after: after,
        direction: isBetter ? .better : .worse))
  }
}
