import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

/// What `search` means, as a table: a search, an event, whether it passes.
@Suite struct SearchMeaningTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var spl: String
    var event: String
    var passes: Bool
    var testDescription: String { "\(spl) on \(event.prefix(40))" }

    init(_ spl: String, _ event: String = secretRead, _ passes: Bool) {
      self.spl = spl
      self.event = event
      self.passes = passes
    }
  }

  static let precedence = [
    Case("a=1 b=2 OR c=3", #"{"a":"1","c":"3"}"#, true),
    Case("a=1 b=2 OR c=3", #"{"c":"3"}"#, false),
    Case("a=1 OR b=2 c=3", #"{"a":"1"}"#, false),
    Case("a=1 OR b=2 AND c=3", #"{"a":"1"}"#, false),
    Case("a=1 OR b=2 AND c=3", #"{"b":"2","c":"3"}"#, true),
    Case("NOT a=1 OR b=2", #"{"a":"1","b":"2"}"#, true),
    Case("NOT a=1 b=2", #"{"a":"1","b":"2"}"#, false),
    Case("NOT (a=1 OR b=2)", #"{"c":"3"}"#, true),
    Case("NOT NOT a=1", #"{"a":"1"}"#, true),
    Case("(a=1 b=2) OR a=1", #"{"a":"1"}"#, true),
    Case("a=1 and b=2", #"{"a":"1","b":"2"}"#, false),
    Case("a=1 () b=2", #"{"a":"1","b":"2"}"#, true),
  ]

  static let orders = [
    Case("x>9", #"{"x":"10"}"#, true), Case("x>9", #"{"x":"abc"}"#, true), Case("x<9", #"{"x":"abc"}"#, false),
    Case("x>a", #"{"x":"b"}"#, true), Case("x>10", #"{"x":9}"#, false), Case("x>=1.0", #"{"x":1}"#, true),
    Case("x<a", #"{"x":5}"#, true), Case("NOT x>9", #"{"y":1}"#, true),
  ]

  @Test(arguments: orders) func `Numbers are compared where both sides are, else texts`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  static let presence = [
    Case("a!=1", #"{"b":"1"}"#, false), Case("a!=1", #"{"a":"2"}"#, true), Case("NOT a=1", #"{"b":"1"}"#, true),
    Case("NOT a!=1", #"{"b":"1"}"#, true), Case("a=*", #"{"b":"1"}"#, false), Case("a=*", #"{"a":"1"}"#, true),
    Case("NOT a=*", #"{"b":"1"}"#, true), Case("a!=*", #"{"a":"1"}"#, false), Case("a!=*", #"{"b":"1"}"#, false),
    Case("NOT a IN (1, 2)", #"{"b":"1"}"#, true), Case("a NOT IN (1, 2)", #"{"a":"3"}"#, true),
    Case(#"a="""#, #"{"a":""}"#, true), Case(#"a="""#, #"{"b":"1"}"#, false),
  ]

  static let values = [
    Case("verb=GET", secretRead, true), Case("Verb=get", secretRead, false), Case("verb=CASE(GET)", secretRead, false),
    Case("verb=CASE(get)", secretRead, true), Case("userAgent=kubectl*", secretRead, true),
    Case(#"userAgent="kubectl*""#, secretRead, true), Case("objectRef.resource=sec*ts", secretRead, true),
    Case("verb=ge?", secretRead, false), Case("x=a.b", #"{"x":"axb"}"#, false), Case("x = a*", #"{"x":"ab"}"#, true),
    Case("verb IN (list, G*)", secretRead, true), Case(#"verb IN ("list" "get")"#, secretRead, true),
    Case("responseStatus.code=200", secretRead, true), Case("responseStatus.code>99", secretRead, true),
    Case("x=200.0", #"{"x":"200"}"#, false), Case("x=200.0", #"{"x":200}"#, false),
    Case("x=200.0", #"{"x":"200.0"}"#, true), Case("x IN (200.0, 7)", #"{"x":7}"#, true),
    Case("x=007", #"{"x":7}"#, false), Case("* | where x=200.0", #"{"x":"200"}"#, true),
    Case("responseStatus.code>=400", secretRead, false), Case("x>9", #"{"x":"10"}"#, true),
    Case("x>a", #"{"x":"b"}"#, true), Case("x<a", #"{"x":5}"#, true),
    Case(#"sourceIPs{}="10.0.0.0/8""#, secretRead, true), Case("sourceIPs{}=10.9.9.9/8", secretRead, true),
    Case("sourceIPs{}=172.16.0.0/12", secretRead, false), Case(#"ip="::1/128""#, #"{"ip":"::1"}"#, true),
    Case("cidr=0.0.0.0/0", #"{"cidr":"0.0.0.0/0"}"#, true), Case("cidr!=0.0.0.0/0", #"{"cidr":"0.0.0.0/0"}"#, false),
    Case("ip!=10.0.0.0/8", #"{"ip":"10.1.1.1"}"#, false), Case("ip!=10.0.0.0/8", #"{"ip":"11.1.1.1"}"#, true),
    Case("requestObject.spec.hostNetwork=true", secretRead, true),
    Case("annotations.authorization.k8s.io/decision=allow", secretRead, true),
  ]

  static let lists = [
    Case("user.groups{}=ci", secretRead, true), Case("user.groups{}=system:masters", secretRead, false),
    Case("NOT user.groups{}=ci", secretRead, false), Case("user.groups{}!=ci", secretRead, true),
    Case(#""user.groups{}"="ci""#, secretRead, true),
    Case("requestObject.spec.containers{}.image=nginx*", secretRead, true), Case("x{}=*", #"{"x":[]}"#, false),
    Case("a{}{}=2", #"{"a":[[1,2]]}"#, true),
  ]

  static let quoting = [
    Case(#""objectRef.resource"=secrets"#, secretRead, true), Case("'objectRef.resource'=secrets", secretRead, false),
    Case(#"x="a\"b""#, #"{"x":"a\"b"}"#, true),
    Case(#"x=*\"privileged\":true*"#, #"{"x":"{\"privileged\":true}"}"#, true),
    Case(#"x="C:\\Windows""#, #"{"x":"C:\\Windows"}"#, true), Case(#"x="C:\Windows""#, #"{"x":"C:\\Windows"}"#, true),
    Case(#"x="a|b""#, #"{"x":"a|b"}"#, true), Case(#"x=System\ Volume"#, #"{"x":"System Volume"}"#, true),
    Case(#"x=*"Intel Mac"*"#, #"{"x":"an Intel Mac OS"}"#, true),
    Case(#"x="a```b""#, #"{"x":"a```b"}"#, true), Case(#"x="\*""#, #"{"x":"\\anything"}"#, true),
    Case("verb=get ```a comment | where x``` objectRef.resource=secrets", secretRead, true),
    Case("OR=1", #"{"OR":"1"}"#, true),
  ]

  static let words = [
    Case("secrets", secretRead, true), Case("secret", secretRead, false), Case("secret*", secretRead, true),
    Case("SECRETS", secretRead, true), Case("CASE(SECRETS)", secretRead, false),
    Case("TERM(10.2.3.4)", secretRead, true),
    Case("objectRef.resource=pods OR token", secretRead, true),
    Case("objectRef.resource=pods OR config", secretRead, false),
    Case("*", #"{}"#, true),
  ]

  @Test(arguments: precedence) func `OR binds tighter than AND, and NOT tighter than both`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: presence) func `Only != and = ask for the field`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: values) func `Values are texts that ignore case`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: lists) func `Any value of a list is enough`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: quoting) func `Quotes, escapes and comments are undone`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: words) func `A bare word is looked for in the raw text`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test func `A connective in small letters is a word, and is warned of`() {
    #expect(ReadSearch("a=1 and b=2").codes == [.assumedMeaning])
  }

  @Test func `A test stands where its field starts`() throws {
    let read = ReadSearch("verb=get objectRef.resource=secrets")
    let places = try #require(read.predicate).conjuncts.map(\.origin.range?.column)
    #expect(places == [1, 10])
  }
}
