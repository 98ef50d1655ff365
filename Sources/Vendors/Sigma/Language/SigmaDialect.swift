import Documents
import LanguageSupport
import SourceText

/// What of the language a document may use, and what its placeholders stand for.
struct SigmaDialect: Sendable {
  /// The first version in which brackets in a field's name choose elements of lists
  /// (https://github.com/SigmaHQ/sigma-specification/issues/212).
  static let arrayVersion = 3

  /// The major number that `sigma-version` gives; a document without one is as old as can be.
  var version = 2
  var placeholders = Placeholders()

  var brackets: Brackets { version >= Self.arrayVersion ? .selectors : .literal }

  /// What brackets in a field's name are.
  enum Brackets: Hashable, Sendable {
    case literal
    /// `f[any]`, `f[0]`; a backslash before a bracket makes it a plain one.
    case selectors
  }
}

extension SigmaDialect {
  /// - Throws: A version that is none, or that is newer than what is read here.
  init(of document: DocumentNode, placeholders: Placeholders) throws(Diagnostic) {
    self.placeholders = placeholders
    guard let node = document["sigma-version"] else { return }
    guard let major = node.text.flatMap({ Int($0.prefix { $0 != "." }) }) else {
      throw Diagnostic(
        .invalidValue, "'sigma-version' is the number of a version", at: node.range, label: "this is none")
    }
    guard major <= Self.arrayVersion else {
      throw Diagnostic(
        .unsupportedConstruct, "version \(major) of Sigma is not read", at: node.range,
        label: "newer than \(Self.arrayVersion)", notes: ["a newer version may give old words another meaning"])
    }
    version = major
  }
}
