import SourceText
import Translation

/// The table that `convert` shows: a line a rule, its losses below, the counts at the end.
struct ConversionTable {
  let style: DiagnosticRenderer.Style
  let isQuiet: Bool
  private var rows: [(name: String, file: String?, result: ConvertedRule)] = []

  init(style: DiagnosticRenderer.Style, isQuiet: Bool) {
    self.style = style
    self.isQuiet = isQuiet
  }

  mutating func add(_ result: ConvertedRule, file: String?) {
    rows.append((result.rule.path, file, result))
  }

  func print(to console: Console) {
    let first = min(60, rows.map(\.name.count).max() ?? 0)
    let second = min(60, rows.compactMap(\.file?.count).max() ?? 0)
    let renderer = DiagnosticRenderer(style: style)
    for row in rows {
      if isQuiet, row.result.verdict == .exact { continue }
      let file = second > 0 ? pad(row.file ?? "", second) + "  " : ""
      console.line("\(pad(visible(row.name), first))  \(file)\(verdict(row.result))")
      for diagnostic in row.result.diagnostics
      where diagnostic.severity != .info && !(isQuiet && diagnostic.severity == .warning) {
        console.line(renderer.render(diagnostic).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      }
    }
    console.line(summary)
  }

  private func verdict(_ result: ConvertedRule) -> String {
    switch result.assurance {
    case .proved: "\(result.verdict.rawValue) (proved)"
    case .tested(let count): "\(result.verdict.rawValue) (tested on \(count) events)"
    case .unproved(let reason): "\(result.verdict.rawValue) (unproved: \(reason))"
    case .none: result.verdict.rawValue
    }
  }

  private var summary: String {
    func count(_ verdict: ConvertedRule.Verdict) -> Int { rows.filter { $0.result.verdict == verdict }.count }
    let both = count(.both) > 0 ? ", \(count(.both)) both ways" : ""
    return
      "\(rows.count) rules: \(count(.exact)) exact, \(count(.broader)) broader, \(count(.narrower)) narrower\(both), "
      + "\(count(.refused)) refused"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
