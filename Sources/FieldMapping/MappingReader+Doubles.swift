import RuleIR
import SourceText

extension MappingReader {
  /// Refuses what would make a name stand for two fields.
  mutating func refuseDoubles(_ rows: [MappedField], _ stores: [String: VendorStore]) {
    var paths: [String: SourceRange] = [:]
    var commons: [String: SourceRange] = [:]
    var names: [String: (range: SourceRange, path: FieldPath)] = [:]
    for (vendor, store) in stores {
      for constant in store.constants where constant.values.count == 1 {
        names["\(vendor) \(constant.field.dotted)"] = (file.wholeRange, constant.field)
      }
    }
    for row in rows {
      refuseDouble("two rows are about '\(row.path)'", &paths, row.path.dotted, row.range)
      if let common = row.commonName {
        refuseDouble("two rows have the common name '\(common)'", &commons, common, row.range)
      }
      for (vendor, field) in row.fields.sorted(by: { $0.key < $1.key }) {
        for name in field.names {
          let key = "\(vendor) \(name.path.dotted)"
          if let first = names[key] {
            reportDouble("the \(vendor) name '\(name.spelling)' is claimed twice", first.range, row.range)
          } else {
            names[key] = (row.range, row.path)
          }
        }
      }
    }
  }

  private mutating func refuseDouble(
    _ message: String, _ seen: inout [String: SourceRange], _ key: String, _ range: SourceRange
  ) {
    if let first = seen[key] { reportDouble(message, first, range) } else { seen[key] = range }
  }

  private mutating func reportDouble(_ message: String, _ first: SourceRange, _ second: SourceRange) {
    diagnostics.append(
      Diagnostic(
        .duplicateMapping, message, at: second, label: "again",
        secondary: first == file.wholeRange ? [] : [.init(first, "first")]))
  }
}
