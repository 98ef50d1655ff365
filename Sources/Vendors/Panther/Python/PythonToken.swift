/// The lexical tokens of Python, as far as rules need them apart.
///
/// https://docs.python.org/3/reference/lexical_analysis.html
enum PythonToken: Hashable, Sendable {
  /// A name or keyword.
  case name(String)
  case number(String)
  /// A text, its escapes undone.
  case text(String)
  /// A bytes or formatted text, with the letters before its quote.
  case otherText(String)
  case symbol(String)
  /// The start of a line outside brackets, with the width of its indentation.
  case line(indentation: Int)
}
