import Mustache
import RuleIR
public import SourceText

/// Makes the bytes of pages out of templates.
///
/// Every text is escaped, whatever it holds: no template has the unescaped form of a variable, and each names the
/// escaping of `PageText` in its first line, because the library's own looks at characters, to which `"` with an accent
/// behind it is no `"`.
public struct PageRenderer: Sendable {
  private let library: MustacheLibrary

  /// - Throws: What is wrong with a template.
  public init(templates: [SourceFile]) throws(Diagnostic) {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    var library = MustacheLibrary()
    for file in templates where file.name.hasSuffix(".mustache") {
      let name = file.name.split(separator: "/").last.map { String($0.dropLast(".mustache".count)) } ?? file.name
      do {
        try library.register("{{% CONTENT_TYPE: PAGE}}\n" + file.text, named: name)
      } catch {
        throw Diagnostic(.malformedDocument, "the template '\(name)' cannot be read: \(error)", at: file.wholeRange)
      }
    }
    self.library = library
  }

  /// The page as HTML; nil where its template is not there.
  public func html(_ page: CataloguePage) -> String? {
    library.render(Node(page.content), withTemplate: page.template)
  }

  /// An object as templates look into it.
  private struct Node: MustacheParent {
    let object: EventObject

    init(_ object: EventObject) { self.object = object }

    /// A member; of a list, `NAME-any` says whether it has elements, `NAME-first` is the first one.
    func child(named name: String) -> Any? {
      if let value = object[name] { return Self.shown(value) }
      if name.hasSuffix("-any"), case .list(let elements)? = object[String(name.dropLast(4))] {
        return !elements.isEmpty
      }
      if name.hasSuffix("-first"), case .list(let elements)? = object[String(name.dropLast(6))] {
        return elements.first.flatMap(Self.shown)
      }
      return nil
    }

    static func shown(_ value: EventValue) -> Any? {
      switch value {
      case .null: nil
      case .boolean(let flag): flag
      case .number(let number): Text(renderText: number.text)
      case .string(let text): Text(renderText: text)
      case .list(let elements): elements.map { shown($0) ?? Text(renderText: "") }
      case .object(let object): Node(object)
      }
    }
  }

  /// A text; an empty one is nothing to a section.
  private struct Text: MustacheCustomRenderable, MustacheParent {
    let renderText: String
    var isNull: Bool { renderText.isEmpty }

    func child(named name: String) -> Any? { nil }
  }
}

/// Escapes texts for HTML byte by byte.
private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: { Self.escape($0) != nil }) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 32)
    for byte in text.utf8 {
      if let escape = Self.escape(byte) { bytes += escape.utf8 } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    case _: nil
    }
  }

}
