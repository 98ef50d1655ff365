public import RuleIR

/// Which rules cover which operations, and how firmly.
public struct CoverageMatrix: Sendable {
  /// A rule as the matrix needs it: mapped to event fields.
  public struct Entry: Hashable, Sendable {
    public var rule: Rule
    public var vendor: String

    public init(_ rule: Rule, vendor: String) {
      self.rule = rule
      self.vendor = vendor
    }
  }

  public let operations: OperationSet
  public let entries: [Entry]
  /// `firmness[o][e]` is how firmly entry e covers operation o.
  public let firmness: [[Firmness]]

  public init(_ operations: OperationSet, _ entries: [Entry], decide: CoverageDecision) {
    self.operations = operations
    self.entries = entries
    firmness = operations.operations.map { operation in
      entries.map { decide.firmness(of: $0.rule.body, over: operation, in: operations) }
    }
  }

  /// The vendors of the entries, in the order in which they first stand.
  public var vendors: [String] {
    var seen: Set<String> = []
    return entries.map(\.vendor).filter { seen.insert($0).inserted }
  }

  /// The rules of a vendor on an operation, by firmness; without those that never fire.
  public func covering(_ operation: Int, vendor: String) -> [(entry: Entry, firmness: Firmness)] {
    zip(entries, firmness[operation]).filter { $0.vendor == vendor && $1 != .never }.map { ($0, $1) }
  }

  /// Whether no rule watches the operation for its own sake.
  public func isGap(_ operation: Int) -> Bool {
    !firmness[operation].contains { $0 == .always || $0 == .sometimes }
  }

  /// One cell of the table: `A1 S3 i2`, or `-`.
  public func cell(_ operation: Int, vendor: String) -> String {
    let found = covering(operation, vendor: vendor)
    let letters = ["A", "S", "i", "?"].compactMap { letter -> String? in
      let count = found.filter { $0.firmness.letter == letter }.count
      return count > 0 ? "\(letter)\(count)" : nil
    }
    return letters.isEmpty ? "-" : letters.joined(separator: " ")
  }
}
