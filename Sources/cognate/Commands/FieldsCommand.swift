import ArgumentParser
import Cognate
import Coverage
import Events
import Matcher
import RuleIR
import SourceText
import Translation

struct FieldsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fields", abstract: "Show which fields rules test, and what each product calls them.",
    discussion: "Example: cognate fields vendor-rules")

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Option(help: "Event files, to show how many events have each field.")
  var events: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try rules.translator()
    let loaded = try rules.load(paths, with: translator)
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    var uses: [FieldPath: [String: Int]] = [:]
    for rule in loaded {
      let fields = rule.neutral?.body.predicates.reduce(into: Set<FieldPath>()) { $0.formUnion($1.fields) } ?? []
      for field in fields { uses[field, default: [:]][rule.vendor, default: 0] += 1 }
    }
    let vendors = translator.vendorNames
    var seen: [FieldPath: Int] = [:]
    if !events.isEmpty {
      let present = uses.keys.compactMap { field in
        (try? TreeMatcher(.presence(PresenceTest(.value, field)))).map { (field, $0) }
      }
      try EventInput(paths: events, common: common).forEach { record in
        for (field, matcher) in present where (try? matcher.matches(record.event)) == true {
          seen[field, default: 0] += 1
        }
      }
    }
    let sorted = uses.sorted { left, right in
      let (one, other) = (left.value.values.reduce(0, +), right.value.values.reduce(0, +))
      return one != other ? one > other : left.key.description < right.key.description
    }
    var rows = [["field", "rules"] + vendors + (events.isEmpty ? [] : ["events"])]
    for (field, counts) in sorted {
      let names = vendors.map { vendor in
        let name = translator.spelling(of: field, vendor: vendor) ?? "-"
        return counts[vendor].map { "\(name) (\($0))" } ?? name
      }
      let total = counts.values.reduce(0, +)
      rows.append([field.description, String(total)] + names + (events.isEmpty ? [] : [String(seen[field] ?? 0)]))
    }
    Console.output.line(columns(rows))
    if loaded.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
  }

  private func columns(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { visible($0) + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        .trimmedAtEnd
    }.joined(separator: "\n")
  }
}
