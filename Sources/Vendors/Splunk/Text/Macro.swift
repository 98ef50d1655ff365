import SourceText

/// By what a macro is found: its name and how many arguments it takes.
struct MacroKey: Hashable, Sendable {
  var name: String
  var arity: Int
}

/// A named piece of SPL text.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/Admin/Macrosconf
struct Macro: Sendable {
  var key: MacroKey
  /// The names that stand between dollar signs in the definition.
  var parameters: [String]
  var definition: Passage
  /// Whether the definition is an eval expression that makes the text.
  var isEval: Bool

  init(_ name: String, parameters: [String] = [], definition: Passage, isEval: Bool = false) {
    key = MacroKey(name: name, arity: parameters.count)
    self.parameters = parameters
    self.definition = definition
    self.isEval = isEval
  }
}

/// The macros that a rule may use, by name and number of arguments.
struct MacroTable: Sendable {
  private var macros: [MacroKey: Macro] = [:]

  /// Later definitions take the place of earlier ones, as those of a local macros.conf do.
  mutating func add(_ macro: Macro) { macros[macro.key] = macro }

  subscript(key: MacroKey) -> Macro? { macros[key] }

  var names: [String] { Set(macros.keys.map(\.name)).sorted() }

  /// The numbers of arguments with which a name is defined.
  func arities(of name: String) -> [Int] { macros.keys.filter { $0.name == name }.map(\.arity).sorted() }
}
