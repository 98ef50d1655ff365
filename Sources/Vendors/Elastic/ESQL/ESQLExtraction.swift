/// The columns that a pattern of `GROK` or `DISSECT` makes.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-process-data-with-dissect-grok
enum ESQLExtraction {
  /// Names in `%{TYPE:name:type}` (GROK), `%{+name/1->}` (DISSECT) and `(?<name>…)` (GROK's own groups).
  ///
  /// A name too many does no harm: a test on it is left aside, and not taken for one on the event.
  static func columns(of pattern: String) -> [String] {
    var names: [String] = []
    var rest = Array(pattern.unicodeScalars)[...]
    while !rest.isEmpty {
      if rest.starts(with: "%{".unicodeScalars) {
        let inside = rest.dropFirst(2).prefix { $0 != "}" }
        names.append(name(inside))
        rest = rest.dropFirst(3 + inside.count)
      } else if rest.starts(with: "(?<".unicodeScalars) {
        let inside = rest.dropFirst(3).prefix { $0 != ">" }
        names.append(text(inside))
        rest = rest.dropFirst(4 + inside.count)
      } else {
        rest = rest.dropFirst()
      }
    }
    return names.filter { !$0.isEmpty }
  }

  private static func name(_ inside: ArraySlice<Unicode.Scalar>) -> String {
    let parts = inside.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count > 1 { return text(parts[1]) }
    let modifiers = "+?*&".unicodeScalars
    let name = text(inside.drop { modifiers.contains($0) }.prefix { $0 != "/" })
    return name.hasSuffix("->") ? String(name.dropLast(2)) : name
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
