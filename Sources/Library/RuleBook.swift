import FastMatch
import FieldMapping
import LanguageSupport
import Matcher
import RuleIR
import SourceText
package import Translation

/// Rules of any of the known languages, read into what they mean.
///
/// A rule that cannot be read, or not be run, stays in the book with its problems; the others are not held up by it.
public struct RuleBook: Sendable {
  /// The text of a rule file.
  public struct File: Sendable {
    /// Its name, by the ending of which languages are told apart, and which problems name.
    public var name: String
    public var text: String

    /// A file with a name and a text.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// What becomes of a rule with a field that has no counterpart in the events.
  public enum UnknownFields: Sendable {
    /// The rule is refused.
    case refused
    /// The field is looked for in events under the rule's own name for it.
    case kept
  }

  /// What a rule says of itself.
  public struct Entry: Sendable {
    /// The rule's title, or the name of its file where it has none.
    public let title: String
    /// The rule's own id; nil where it has none.
    public let id: String?
    /// How grave a firing is, from `informational` to `critical`; nil where the rule does not say.
    public let level: String?
    /// The product whose rule it is, such as `sigma`.
    public let vendor: String
    /// The name of its file.
    public let file: String
    /// What is wrong with it, and what was assumed in reading it.
    public let problems: [Problem]
    /// Whether the rule is asked about events.
    public let isRunnable: Bool
  }

  package let loaded: [LoadedRule]

  package init(_ loaded: [LoadedRule]) { self.loaded = loaded }

  /// Reads rule files.
  ///
  /// A file that another one needs, such as the Python of a Panther rule, is looked for among the files given.
  ///
  /// - Parameters:
  ///   - files: The files, in the order in which their rules are to be counted.
  ///   - unknownFields: What becomes of rules with fields that have no counterpart.
  /// - Throws: A problem with the program itself; those of rules are found in ``entries``.
  public init(_ files: [File], unknownFields: UnknownFields = .refused) throws(Problem) {
    let translator: Translator
    do throws(Diagnostic) {
      translator = try Translator(unmapped: unknownFields == .kept ? .keep : .error)
    } catch {
      throw Problem(error)
    }
    let sources = files.map { SourceFile(name: $0.name, text: $0.text) }
    var loaded: [LoadedRule] = []
    for source in sources {
      guard let reader = translator.reader(for: source) else {
        // A file beside the rules, such as Python that a rule names, is no rule of its own.
        if !source.name.hasSuffix(".py") { loaded.append(translator.unrecognised(source, path: source.name)) }
        continue
      }
      var companions: [String: SourceFile] = [:]
      let folder = source.name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      for name in reader.companions(of: source) {
        let path = (folder + [name[...]]).joined(separator: "/")
        companions[name] = sources.first { $0.name == path }
      }
      let context = ReadingContext(companions: companions, macroFiles: [])
      loaded += translator.load(source, path: source.name, with: reader, in: context)
    }
    self.loaded = loaded
  }

  /// Every rule of the files, in order; ``EventMatcher`` counts rules in the same way.
  public var entries: [Entry] {
    loaded.map { rule in
      let metadata = rule.neutral?.metadata ?? rule.source?.metadata ?? RuleMetadata()
      return Entry(
        title: rule.title, id: metadata.id, level: metadata.level?.rawValue, vendor: rule.vendor, file: rule.path,
        problems: rule.diagnostics.map { Problem($0) },
        isRunnable: rule.neutral.map { $0.body.refusal == nil } ?? false)
    }
  }
}
