import ArgumentParser
import RuleIR
import SourceText
import Translation

struct IRCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ir", abstract: "Show what rules mean, as indented text with places.",
    discussion: "Example: cognate ir vendor-rules/sigma/secrets_list_enumeration.yml")

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Flag(help: "Show the rule in its vendor's field names, before mapping.")
  var vendor = false

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try rules.translator()
    let loaded = try rules.load(paths, with: translator)
    for rule in loaded {
      common.report(rule.diagnostics)
      guard let shown = vendor ? rule.source : rule.neutral else { continue }
      Console.output.line("\(visible(rule.title))    \(rule.path)")
      Console.output.line(RuleOutline.text(of: shown.body) + "\n")
    }
    if loaded.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
    if loaded.contains(where: \.isRefused) { throw Stop(.findings) }
  }
}
