import RuleIR
import Testing

@testable import Splunk

/// What `where`, `regex` and `eval` mean, as a table.
@Suite struct WhereMeaningTests {
  typealias Case = SearchMeaningTests.Case

  static let logic = [
    Case("* | where a=1 AND b=2 OR c=3", #"{"c":"3"}"#, true),
    Case("* | where a=1 OR b=2 AND c=3", #"{"a":"1"}"#, true),
    Case("* | where a=1 XOR b=2", #"{"a":"1","b":"2"}"#, false),
    Case("* | where a=1 XOR b=2", #"{"a":"1","b":"3"}"#, true),
    Case("* | where a=1 XOR b=2", #"{"a":"1"}"#, false),
    Case("* | where a=1 and not b=2", #"{"a":"1","b":"3"}"#, true),
    Case("* | where (a=1 OR b=2) AND c=3", #"{"a":"1"}"#, false),
    Case("* | where ((a))=((1))", #"{"a":"1"}"#, true),
    Case("* | where ! a=1", #"{"a":"2"}"#, true),
    Case("* | where 1=1", #"{}"#, true),
    Case("* | where true()", #"{}"#, true),
  ]

  static let unknown = [
    Case("* | where a!=1", #"{"b":"1"}"#, false), Case("* | where NOT a=1", #"{"b":"1"}"#, false),
    Case(#"* | where NOT like(a,"x%")"#, #"{"b":"1"}"#, false),
    Case(#"* | where NOT match(a,"x")"#, #"{"b":"1"}"#, false),
    Case("* | where isnull(a)", #"{"b":"1"}"#, true), Case(#"* | where isnull(a) OR a!="x""#, #"{"b":"1"}"#, true),
    Case(#"* | where coalesce(a,"")!="x""#, #"{"b":"1"}"#, true),
    Case(#"* | where coalesce(a,b)="x""#, #"{"b":"x"}"#, true),
    Case(#"* | where coalesce(a,b)="x""#, #"{"a":"y","b":"x"}"#, false),
    Case(#"* | eval r=if(a="x","t","f") | search r=f"#, #"{"b":"1"}"#, true),
    Case(#"* | eval r=case(a="x","t") | where isnull(r)"#, #"{"b":"1"}"#, true),
    Case(#"* | eval r=case(a="x","t",true(),"f") | where r="f""#, #"{"a":"y"}"#, true),
    Case("* | eval a=null() | where isnull(a)", #"{"a":"1"}"#, true),
    Case("* | where isnull(mvcount(a))", #"{"b":"1"}"#, true),
    Case(#"* | where if(isnull(a),b="1",a="2")"#, #"{"b":"1"}"#, true),
  ]

  static let demands: [(regex: String, text: String, mayMatch: Bool)] = [
    ("a{2}", "aa", true), (#"\/[Ss]"#, "null", false), ("[0-9]{1,3}x?", "null", false), ("[^a]", "aaa", true),
    (#"\d"#, "a1", true), (#"\x{202E}"#, "null", false), ("n|q", "null", true), ("(?:q)", "null", true),
    ("q*n", "null", true), ("NULL", "null", true), ("[]n]", "null", true), (#"[\w-]"#, "null", true),
    ("q{0,2}", "null", true),
    ("(x|y)", "null", false), (#"\.exe"#, "null", false), ("", "", true), (#"\Bn"#, "null", true),
    ("[x-z]", "null", false),
  ]

  @Test(arguments: demands) func `A regular expression that demands other characters than a text has cannot match it`(
    _ item: (regex: String, text: String, mayMatch: Bool)
  ) {
    #expect(ScalarSpelling.mayMatch(regex: item.regex, in: item.text) == item.mayMatch)
  }

  static let parts = [
    Case(#"* | where substr(verb,1,2)="ge""#, secretRead, true),
    Case(#"* | where substr(verb,2,1)="e""#, secretRead, true),
    Case(#"* | where substr(verb,2)="et""#, secretRead, true),
    Case(#"* | where substr(verb,2)="e""#, secretRead, false),
    Case(#"* | where substr(verb,-2)="et""#, secretRead, true),
    Case(#"* | where substr(verb,1,2)="get""#, secretRead, false),
    Case(#"* | where substr(verb,1,2)!="ge""#, secretRead, false),
    Case(#"* | where substr("abc",2,1)="b""#, "{}", true),
    Case(#"* | where mvindex(split(x,","),0)="a""#, #"{"x":"a,b"}"#, true),
    Case(#"* | where mvindex(split(x,","),1)="b""#, #"{"x":"a,b,c"}"#, true),
    Case(#"* | where mvindex(split(x,","),1)="a""#, #"{"x":"a,b"}"#, false),
    Case(#"* | where mvindex(split(x,","),-1)="c""#, #"{"x":"a,b,c"}"#, true),
    Case(#"* | where mvindex(split(x,","),-2)="b""#, #"{"x":"a,b,c"}"#, true),
    Case(#"* | where isnull(mvindex(split(x,","),1))"#, #"{"x":"a"}"#, true),
    Case(#"* | where NOT mvindex(split(x,","),1)="b""#, #"{"x":"a"}"#, false),
    Case(#"* | where mvindex(split(x,"."),0)="a""#, #"{"x":"ab"}"#, false),
    Case(#"* | where isnotnull(replace(verb,"g","h"))"#, secretRead, true),
    Case(#"* | where isnotnull(verb."-".nosuch)"#, secretRead, false),
    Case("* | where x>9", #"{"x":"abc"}"#, true), Case("* | where x<9", #"{"x":"10"}"#, false),
    Case(#"* | where x>"b""#, #"{"x":"abc"}"#, false), Case(#"* | where x<"10""#, #"{"x":9}"#, true),
  ]

  @Test(arguments: parts) func `Parts of texts, and the order of texts that are no numbers`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  static let texts = [
    Case(#"* | where verb="GET""#, secretRead, false), Case(#"* | where lower(verb)="get""#, secretRead, true),
    Case(#"* | where lower(verb)="GET""#, secretRead, false), Case(#"* | where upper(verb)="GET""#, secretRead, true),
    Case(#"* | where like(verb,"GET")"#, secretRead, false), Case(#"* | where verb LIKE "g%""#, secretRead, true),
    Case(#"* | where like(lower(userAgent),"kubectl%")"#, secretRead, true),
    Case(#"* | where like(x,"a_c")"#, #"{"x":"abc"}"#, true), Case(#"* | where like(x,"a_c")"#, #"{"x":"ac"}"#, false),
    Case(#"* | where like(verb,"ge")"#, secretRead, false), Case(#"* | where match(verb,"ge")"#, secretRead, true),
    Case(#"* | where match(verb,"GET")"#, secretRead, false),
    Case(#"* | where match(verb,"(?i)GET")"#, secretRead, true),
    Case(#"* | where match(lower(x),"^a\d")"#, #"{"x":"A1"}"#, true),
    Case(#"* | where verb IN ("get","list")"#, secretRead, true), Case(#"* | where in(verb,"GET")"#, secretRead, false),
    Case(#"* | where verb NOT IN ("list","watch")"#, secretRead, true),
    Case(#"* | where userAgent="kubectl*""#, secretRead, false),
    Case(#"* | where x="a\"b\\c""#, #"{"x":"a\"b\\c"}"#, true), Case(#"* | where "verb"="get""#, secretRead, false),
    Case(#"* | where 'objectRef.resource'="secrets""#, secretRead, true),
    Case(#"* | where objectRef="secrets""#, secretRead, false),
    Case(#"* | where len(verb)=3"#, secretRead, true), Case(#"* | where verb="g"."et""#, secretRead, true),
    Case(#"* | where searchmatch("verb=GET secrets")"#, secretRead, true),
    Case(#"* | where cidrmatch("10.0.0.0/8",ip)"#, #"{"ip":"10.1.2.3"}"#, true),
    Case(#"* | where NOT cidrmatch("10.0.0.0/8",ip)"#, #"{"ip":"no address"}"#, true),
    Case(#"* | where ip="10.0.0.0/8""#, #"{"ip":"10.1.2.3"}"#, false),
    Case(#"* | regex requestURI="/secrets/""#, #"{"requestURI":"/api/secrets/x"}"#, true),
    Case(#"* | regex verb!="list""#, secretRead, true), Case(#"* | regex verb="^G""#, secretRead, false),
  ]

  static let numbers = [
    Case("* | where 'responseStatus.code'==200", secretRead, true),
    Case(#"* | where 'responseStatus.code'="200""#, secretRead, true),
    Case("* | where x>9", #"{"x":"10"}"#, true), Case("* | where 9<x", #"{"x":"10"}"#, true),
    Case("* | where x>=-1", #"{"x":0}"#, true), Case("* | where tonumber(x)>9", #"{"x":"ten"}"#, false),
    Case("* | where NOT tonumber(x)>9", #"{"x":"ten"}"#, false),
    Case("* | where NOT tonumber(x)>9", #"{"x":"3"}"#, true),
    Case("* | where a=b", #"{"a":"x","b":"x"}"#, true), Case("* | where a!=b", #"{"a":"x","b":"y"}"#, true),
    Case("* | where a!=b", #"{"a":"x"}"#, false),
  ]

  static let lists = [
    Case(#"* | where 'user.groups{}'="ci""#, secretRead, true),
    Case(#"* | where isnotnull(mvfind('user.groups{}',"^system:"))"#, secretRead, true),
    Case(#"* | where isnull(mvfind('user.groups{}',"^admin"))"#, secretRead, true),
    Case(#"* | where isnotnull(mvfilter('user.groups{}'="ci" OR 'user.groups{}'="x"))"#, secretRead, true),
    Case(#"* | where isnotnull(mvfilter(NOT 'user.groups{}'="ci"))"#, secretRead, true),
    Case(#"* | where isnull(mvfilter(NOT 'user.groups{}'="ci"))"#, secretRead, false),
    Case(#"* | eval at=mvfind('user.groups{}',"^system:") | where at >= 0"#, secretRead, true),
    Case(#"* | eval at=mvfind('user.groups{}',"^admin") | search at>=0"#, secretRead, false),
    Case(#"* | where NOT mvfind('user.groups{}',"^admin") >= 0"#, secretRead, false),
    Case("* | where mvcount('user.groups{}')=2", secretRead, true), Case("* | where mvcount(verb)=1", secretRead, true),
    Case(#"* | where mvindex('user.groups{}',-1)="ci""#, secretRead, true),
    Case(#"* | where mvindex('user.groups{}',0)="ci""#, secretRead, false),
    Case("* | where mvcount(mvdedup('g{}'))=1", #"{"g":["a","a"]}"#, true),
  ]

  @Test(arguments: logic) func `AND binds tighter than OR, and XOR loosest`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: unknown) func `A comparison with a missing field is neither true nor false`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: texts) func `Texts are compared letter by letter`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: numbers) func `Texts that spell numbers are numbers`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  @Test(arguments: lists) func `Functions of lists look at each value`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }
}
