import CRE2
public import RuleIR

/// A regular expression of a rule, ready to run in linear time on RE2.
///
/// Every flavour is rewritten to RE2's syntax where the two differ; what RE2 cannot say (look-around,
/// back-references, Lucene's complement and intersection) is refused when it is compiled, never run as something
/// else.
public final class CompiledRegex: @unchecked Sendable {
  // Unchecked: RE2 is thread-safe for matching, and the pointer is never changed.
  private let handle: OpaquePointer
  private let anchoring: RegexPattern.Anchoring

  /// Why a regular expression cannot be run.
  public struct Refusal: Error, Hashable, Sendable {
    public var reason: String
  }

  public init(_ pattern: RegexPattern) throws(Refusal) {
    guard pattern.text.utf8.count <= 4_096 else {
      throw Refusal(reason: "the regular expression is longer than 4,096 bytes")
    }
    let text = try RegexRewriter.rewrite(pattern)
    let flags = pattern.flags
    let dotAll = flags.contains(.dotAll) || pattern.flavour == .lucene
    var copy = text
    let compiled = copy.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        cre2_compile(
          characters.baseAddress, characters.count, flags.contains(.ignoreCase), flags.contains(.multiline), dotAll)
      }
    }
    guard let compiled else { throw Refusal(reason: "there is no memory for it") }
    if let error = cre2_error(compiled) {
      let reason = String(cString: error)
      cre2_free(compiled)
      throw Refusal(reason: reason)
    }
    handle = compiled
    anchoring = pattern.anchoring
  }

  deinit { cre2_free(handle) }

  public func matches(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      // An empty buffer may have no address, which the C side must not see.
      guard let base = bytes.baseAddress else { return cre2_matches(handle, "", 0, anchoring == .whole) }
      return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        cre2_matches(handle, $0, bytes.count, anchoring == .whole)
      }
    }
  }
}
