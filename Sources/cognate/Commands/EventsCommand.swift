public import ArgumentParser
public import Events
import RuleIR
import SourceText

extension EventForm: ExpressibleByArgument {}

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Write events as a product stores them.",
    discussion: "Example: cognate events audit.log --as elastic > documents.ndjson")

  @Argument(help: "Event files, plain or gzip; - for standard input.")
  var files: [String] = ["-"]

  @Option(name: .customLong("as"), help: "The product: raw, elastic, aks or splunk.")
  var form: EventForm

  @Option(help: "A file for what cannot be read, with its place and the reason.")
  var deadLetter: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let input = try EventInput(paths: files, common: common, deadLetter: deadLetter)
    try input.forEach { record in Console.output.line(form.write(record)) }
    try input.finish()
    common.note(input.summary)
    if input.hasFailures { throw Stop(.unreadable) }
  }
}
