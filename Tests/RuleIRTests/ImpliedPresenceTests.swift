import RuleIR
import Testing

@Suite struct ImpliedPresenceTests {
  private let present = Predicate.presence(PresenceTest(.value, FieldPath(named: "a")))
  private let equal = Predicate.field(FieldTest(FieldPath(named: "a"), .equals(.text("x", .sensitive))))
  private let other = Predicate.field(FieldTest(FieldPath(named: "b"), .equals(.text("x", .sensitive))))

  @Test func `An absent field passes no test of its value`() {
    #expect(Predicate.all([.not(present), equal]).normalised() == .never)
    #expect(Predicate.all([.not(present), .all([equal, present])]).normalised() == .never)
    #expect(Predicate.all([.not(present), other]).normalised() != .never)
  }

  @Test func `A field is present, or fails every test of its value`() {
    #expect(Predicate.any([present, .not(equal)]).normalised() == .always)
    #expect(Predicate.any([present, .not(other)]).normalised() != .always)
  }

  @Test func `Presence beside a test of the value is said once`() {
    #expect(Predicate.all([present, equal]).normalised() == equal)
    #expect(Predicate.any([.not(present), .not(equal)]).normalised() == .not(equal))
    #expect(Predicate.all([present, present]).normalised() == present)
    #expect(Predicate.all([present, .not(equal)]).normalised() != .not(equal))
  }

  @Test func `Denials on one field are one denial`() {
    let equals = ["y", "z"].map { Predicate.field(FieldTest(FieldPath(named: "a"), .equals(.text($0, .sensitive)))) }
    #expect(Predicate.all(equals.map(Predicate.not)).normalised() == Predicate.not(.any(equals)).normalised())
  }
}
