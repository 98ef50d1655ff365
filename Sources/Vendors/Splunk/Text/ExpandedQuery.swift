import RuleIR
import SourceText

/// A query without comments and macros, as the parsers read it, whose places lead back to the texts it came from.
///
/// The parsers work on `passage`, a text of its own; what they say of places in it is turned into places of the
/// rule and of macro files here.
struct ExpandedQuery: Sendable {
  let passage: Passage
  private let text: TrackedText
  /// The macro with which the query starts.
  let leadingMacro: LeadingMacro?

  /// A macro at the very start of a search, which names the log source.
  struct LeadingMacro: Sendable {
    var name: String
    /// Where it stands in the rule.
    var place: SourceRange
    /// What it became; empty where it has no definition.
    var range: Range<Int>
  }

  init(_ text: TrackedText, leadingMacro: LeadingMacro? = nil) {
    self.text = text
    self.leadingMacro = leadingMacro
    passage = Passage(file: SourceFile(name: "<expanded>", bytes: text.bytes))
  }

  /// The part of the text that a stage or an argument is.
  func slice(_ range: Range<Int>) -> Passage { passage.slice(range) }

  /// The place in the rule's own text: of what comes from a macro, the call.
  func origin(of range: SourceRange) -> Origin { Origin(outerRange(of: range)) }

  func outerRange(of range: SourceRange) -> SourceRange {
    guard range.file === passage.file, let place = text.place(of: range.start..<range.end) else { return range }
    return place.call?.place ?? place.range
  }

  /// The macro in the rule's own text that brought something; nil for what stands in the rule itself.
  func macro(behind range: SourceRange) -> String? {
    guard range.file === passage.file else { return nil }
    return text.place(of: range.start..<range.end)?.call?.chain.last?.key.name
  }

  func origin(of range: Range<Int>) -> Origin { origin(of: passage.range(of: range)) }

  /// The diagnostic with places in the files that people have; inside a macro it shows the call as well.
  func relocated(_ diagnostic: Diagnostic) -> Diagnostic {
    var moved = diagnostic
    moved.secondary = diagnostic.secondary.map { Diagnostic.Label(outerRange(of: $0.range), $0.text) }
    guard let primary = diagnostic.primary, primary.range.file === passage.file else { return moved }
    guard let place = text.place(of: primary.range.start..<primary.range.end) else {
      moved.primary = nil
      return moved
    }
    moved.primary = Diagnostic.Label(place.range, primary.text)
    if let call = place.call, call.place != place.range {
      moved.secondary.append(Diagnostic.Label(call.place, "from the macro '\(call.chain.last?.key.name ?? "")'"))
    }
    return moved
  }
}
