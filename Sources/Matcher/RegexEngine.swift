import CPCRE2
import CRE2
public import RuleIR

/// A regular expression of a rule, ready to run.
///
/// It runs on RE2, in linear time, rewritten to RE2's syntax where a flavour spells one meaning differently. What RE2
/// cannot say (look-around, back-references) runs on PCRE2 within limits of steps and memory where the flavour is one
/// that has it; Lucene's complement and intersection are refused, never run as something else.
public final class CompiledRegex: @unchecked Sendable {
  // Unchecked: both engines are thread-safe for matching, and the pointers are never changed.
  private enum Engine {
    case linear(OpaquePointer)
    case backtracking(OpaquePointer)
  }

  private let engine: Engine
  private let anchoring: RegexPattern.Anchoring

  /// Why a regular expression cannot be run.
  public struct Refusal: Error, Hashable, Sendable {
    public var reason: String
  }

  /// Said where a match was given up.
  public static let limitReached = "a regular expression reached its limit of steps"

  public init(_ pattern: RegexPattern) throws(Refusal) {
    guard pattern.text.utf8.count <= 4_096 else {
      throw Refusal(reason: "the regular expression is longer than 4,096 bytes")
    }
    anchoring = pattern.anchoring
    do throws(Refusal) {
      engine = .linear(try Self.linear(pattern))
    } catch {
      guard let compiled = Self.backtracking(pattern) else { throw error }
      engine = .backtracking(compiled)
    }
  }

  private static func linear(_ pattern: RegexPattern) throws(Refusal) -> OpaquePointer {
    let flags = pattern.flags
    let dotAll = flags.contains(.dotAll) || pattern.flavour == .lucene
    let compiled = try withCharacters(RegexRewriter.rewrite(pattern)) { characters in
      cre2_compile(
        characters.baseAddress, characters.count, flags.contains(.ignoreCase), flags.contains(.multiline), dotAll)
    }
    guard let compiled else { throw Refusal(reason: "there is no memory for it") }
    if let error = cre2_error(compiled) {
      let reason = String(cString: error)
      cre2_free(compiled)
      throw Refusal(reason: reason)
    }
    return compiled
  }

  /// The expression on PCRE2; nil where the flavour has nothing that RE2 lacks, or PCRE2 refuses it too.
  private static func backtracking(_ pattern: RegexPattern) -> OpaquePointer? {
    guard let text = RegexRewriter.backtracking(pattern) else { return nil }
    var options: UInt32 = 0
    if pattern.flags.contains(.ignoreCase) { options |= cpcre2_ignore_case.rawValue }
    if pattern.flags.contains(.multiline) { options |= cpcre2_multiline.rawValue }
    if pattern.flags.contains(.dotAll) { options |= cpcre2_dot_all.rawValue }
    // In Sigma `$` is the very end, as it is in RE2; in Python classes are of all of Unicode.
    if pattern.flavour == .sigma { options |= cpcre2_dollar_end_only.rawValue }
    if pattern.flavour == .python, !pattern.flags.contains(.asciiClasses) { options |= cpcre2_unicode_classes.rawValue }
    switch pattern.anchoring {
    case .search: break
    case .whole: options |= cpcre2_whole.rawValue
    case .start: options |= cpcre2_start.rawValue
    }
    return withCharacters(text) { cpcre2_compile($0.baseAddress, $0.count, options) }
  }

  private static func withCharacters<Result>(
    _ text: String, _ use: (UnsafeBufferPointer<CChar>) -> Result
  ) -> Result {
    var copy = text
    return copy.withUTF8 { $0.withMemoryRebound(to: CChar.self, use) }
  }

  deinit {
    switch engine {
    case .linear(let regex): cre2_free(regex)
    case .backtracking(let regex): cpcre2_free(regex)
    }
  }

  /// Whether a text matches; nil where a limit was reached, which is never to be taken for false.
  public func matches(_ text: String) -> Bool? {
    var copy = text
    return copy.withUTF8 { matches($0) }
  }

  /// Whether a text, given as UTF-8, matches.
  public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    // An empty buffer may have no address, which the C side must not see.
    guard let base = bytes.baseAddress else { return matches("", 0) }
    return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { matches($0, bytes.count) }
  }

  /// Whether a match follows from a place on, with the places of its groups; nil where a limit was reached.
  func find(
    _ text: UnsafeRawPointer?, _ length: Int, from start: Int, _ spans: UnsafeMutablePointer<Int>?, _ most: Int
  ) -> Bool? {
    // An empty array may have no address, which the C side must not see.
    guard let text else { return "".withCString { find($0, 0, from: 0, spans, most) } }
    let characters = text.assumingMemoryBound(to: CChar.self)
    switch engine {
    case .linear(let regex): return cre2_find(regex, characters, length, start, spans, most)
    case .backtracking(let regex):
      let outcome = cpcre2_find(regex, characters, length, start, spans, most)
      return outcome == cpcre2_limit_reached ? nil : outcome == cpcre2_match
    }
  }

  private func matches(_ text: UnsafePointer<CChar>, _ length: Int) -> Bool? {
    switch engine {
    case .linear(let regex): return cre2_matches(regex, text, length, anchoring == .whole)
    case .backtracking(let regex):
      let outcome = cpcre2_matches(regex, text, length)
      return outcome == cpcre2_limit_reached ? nil : outcome == cpcre2_match
    }
  }
}
