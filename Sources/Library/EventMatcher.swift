import Events
import FastMatch
import Matcher
import RuleIR
import SourceText
import Translation

/// Asks all rules of a book about one event after another.
///
/// It remembers what rules with windows need of past events, so events are given in the order in which they came. It
/// belongs to one thread; others make their own of the same book.
public final class EventMatcher {
  /// What a rule says of an event.
  public struct Firing: Sendable {
    /// The rule's place among the book's entries.
    public let rule: Int
    /// Why the rule has no verdict on the event, such as a limit that was reached; nil where it fires.
    public let failure: String?
  }

  private let prepared: PreparedRules
  private let session: MatchSession
  private let parser = EventParser()
  private var memories: [RuleState]

  /// Compiles the rules of a book.
  public init(_ book: RuleBook) {
    prepared = PreparedRules(book)
    session = MatchSession(prepared.set.program)
    memories = prepared.memories
  }

  /// The rules that cannot be run though they were read, each with the reason.
  public var problems: [Problem] { prepared.refused.map { Problem($0) } }

  /// The rules that fire on an event, and those that have no verdict on it, in the order of the book.
  ///
  /// - Parameter json: The text of one event, without an envelope around it.
  /// - Throws: Why the text is no event.
  public func match(json: String) throws(Problem) -> [Firing] {
    let event = try Self.event(json, parser)
    return prepared.set.findings(session.match(event)) { event }.compactMap { rule, finding in
      switch finding {
      case .fires: return Firing(rule: prepared.places[rule], failure: nil)
      case .observes(let observation):
        return memories[rule].add(observation) ? Firing(rule: prepared.places[rule], failure: nil) : nil
      case .fails(let failure): return Firing(rule: prepared.places[rule], failure: failure.reason)
      }
    }
  }

  /// Why a rule is true or false of an event, for each of its parts: a sequence has one for each step.
  ///
  /// - Parameters:
  ///   - rule: The rule's place among the book's entries.
  ///   - json: The text of one event, without an envelope around it.
  /// - Returns: Nothing for a rule that is not run.
  /// - Throws: Why the text is no event, or why the rule has no verdict on it.
  public func explain(_ rule: Int, json: String) throws(Problem) -> [Reasons] {
    let event = try Self.event(json, parser)
    guard let number = prepared.places.firstIndex(of: rule) else { return [] }
    var reasons: [Reasons] = []
    let loaded = prepared.rules[number]
    // That an event is of the rule's log source is said only where it is not.
    guard let body = (loaded.isElsewhere(event) ? loaded.runnable : loaded.neutral)?.body else { return [] }
    for predicate in body.predicates {
      do throws(EvaluationFailure) {
        reasons.append(Reasons(try TreeMatcher(predicate).explain(event)))
      } catch {
        throw Problem(code: DiagnosticCode.evaluationFailed.rawValue, message: error.reason)
      }
    }
    return reasons
  }

  private static func event(_ json: String, _ parser: EventParser) throws(Problem) -> EventValue {
    do throws(EventParser.Refusal) {
      return try parser.parse(json).value
    } catch {
      throw Problem(code: DiagnosticCode.unreadableEvent.rawValue, message: error.reason)
    }
  }
}

/// A test of a rule, or a group of tests, with its verdict on an event.
public struct Reasons: Sendable, CustomStringConvertible {
  /// The test, such as `verb = "list"`, or `all`, `any`, `not`.
  public let test: String
  public let isTrue: Bool
  /// Whether another verdict here could have changed that of the group around it.
  public let isDecisive: Bool
  /// Where the test stands in the rule's text, as `file:line:column`; nil for groups.
  public let place: String?
  /// What the event has where the test looks, as a clause.
  public let seen: String
  /// The tests of a group.
  public let parts: [Reasons]
  /// All of it as a drawn tree.
  public let description: String

  init(_ explanation: Explanation) {
    test = explanation.text
    isTrue = explanation.verdict
    isDecisive = explanation.isDecisive
    place = explanation.origin.range?.description
    seen = explanation.seen
    parts = explanation.parts.map { Reasons($0) }
    description = ExplanationTree.text(of: explanation)
  }
}
