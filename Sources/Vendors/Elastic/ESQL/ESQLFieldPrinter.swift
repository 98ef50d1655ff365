import LanguageSupport
import RuleIR
import SourceText

/// Networks, and fields compared with fields.
extension ESQLTestPrinter {
  func network(_ network: Network) throws(Diagnostic) -> Fragment {
    guard column.type == .ip || column.type == .text || column.type == nil else { return constant(false) }
    if column.type == .ip, column.mayBeList, let exact = exactSearch(.network(network)) { return exact }
    let target = column.type == .ip ? column : column.converted("TO_IP")
    let text = "CIDR_MATCH(\(target.name), \"\(network)\")"
    return plain(text, "NOT \(text)", of: [target], .network)
  }

  /// One field compared with another.
  func relate(_ relation: FieldRelation, _ path: FieldPath, _ textCase: TextCase) throws(Diagnostic) -> Fragment {
    let feature = test.condition.feature
    let other = try printer.column(of: path, feature, at: test.origin)
    let isText = [column.type, other.type].allSatisfy { $0 == nil || $0 == .text }
    let folds = textCase == .insensitive && isText
    let (left, right) = folds ? (column.mapped("TO_LOWER"), other.mapped("TO_LOWER")) : (column, other)
    let (positive, negative) = Self.written(relation, left.name, right.name)
    return plain(positive, negative, of: [left, right], feature)
  }

  private static func written(_ relation: FieldRelation, _ left: String, _ right: String) -> (String, String) {
    let call: String
    switch relation {
    case .equals: return ("\(left) == \(right)", "\(left) != \(right)")
    case .order(let order): return ("\(left) \(order.rawValue) \(right)", "\(left) \(order.opposite.rawValue) \(right)")
    case .startsWith: call = "STARTS_WITH(\(left), \(right))"
    case .endsWith: call = "ENDS_WITH(\(left), \(right))"
    case .contains: call = "CONTAINS(\(left), \(right))"
    }
    return (call, "NOT \(call)")
  }
}
