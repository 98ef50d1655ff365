import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct MacroTests {
  static let file = """
    # comment
    [kube_audit]
    definition = source="kubernetes"
    [either]
    definition = a=1 OR b=2
    [is(2)]
    args = field, value
    definition = $field$="$value$"
    iseval = 0
    [outer(1)]
    args = value
    definition = `is(verb, $value$)` \\
      objectRef.resource=secrets
    [again]
    definition = x=1 `once_more`
    [once_more]
    definition = `again`
    [names]
    definition = get, list
    [made(1)]
    args = x
    definition = "a".$x$
    iseval = 1
    [broken]
    definition = a=1 OR
    """

  private func read(_ spl: String) -> ReadSearch { ReadSearch(spl, macros: [Self.file]) }

  @Test func `No parentheses are added`() throws {
    #expect(try read("NOT `either`").matches(#"{"a":"1","b":"2"}"#))
    #expect(try read("NOT (`either`)").matches(#"{"a":"1","b":"2"}"#) == false)
    #expect(try read("`either` c=3").matches(#"{"a":"1","c":"3"}"#))
  }

  @Test func `Arguments replace parameters inside quotes, through nested macros`() throws {
    #expect(try read("x=1 `outer(get)`").matches(#"{"x":"1","verb":"get","objectRef":{"resource":"secrets"}}"#))
    #expect(try read(#"x=1 `is(verb, "a b")`"#).matches(#"{"x":"1","verb":"a b"}"#))
    #expect(try read("verb IN (`names`)").matches(secretRead))
  }

  @Test func `A backtick in quotes calls nothing`() throws {
    #expect(try read("x=\"`either`\"").matches(#"{"x":"`either`"}"#))
  }

  @Test func `A leading macro without a definition is the log source`() throws {
    let read = ReadSearch("`my_audit_logs` verb=get")
    #expect(read.reading.rule?.metadata.source.selectors == [LogSource.Selector("macro", "my_audit_logs")])
    #expect(try read.matches(secretRead))
  }

  @Test func `Of a leading macro's selectors the macro alone is kept`() throws {
    let read = read("`kube_audit` verb=get")
    #expect(read.reading.rule?.metadata.source.selectors == [LogSource.Selector("macro", "kube_audit")])
    #expect(try read.matches(secretRead))
  }

  @Test func `Selectors of the first search are the log source`() throws {
    let read = read("index=main (sourcetype=a OR sourcetype=b) verb=get | search source=x")
    let keys = read.reading.rule?.metadata.source.selectors.map { "\($0.key)=\($0.value)" }
    #expect(keys == ["index=main", "sourcetype=a", "sourcetype=b"])
    #expect(try read.matches(#"{"verb":"get","source":"x"}"#))
    #expect(try read.matches(secretRead) == false)
  }

  @Test func `A detection's filter asks nothing`() throws {
    #expect(try read("verb=get | `my_rule_filter`").matches(secretRead))
    #expect(read("verb=get `my_rule_filter`").codes == [.unknownMacro])
  }

  @Test func `Faults name the macro and show its text and the call`() {
    #expect(
      read("verb=get `kube_audti`").rendered == """
        error[unknown-macro]: the macro 'kube_audti' is not defined
         --> rule.spl:1:10
          |
        1 | verb=get `kube_audti`
          |          ^^^^^^^^^^^^ no definition is known
          = note: a macro may hold anything, so the rest of the search cannot be understood without it
          = help: did you mean 'kube_audit'?
        """)
    #expect(
      read("verb=get `is(a)`").rendered == """
        error[wrong-arguments]: the macro 'is' takes 2 arguments, not 1
         --> rule.spl:1:10
          |
        1 | verb=get `is(a)`
          |          ^^^^^^^ 1 given
        """)
    #expect(
      read("verb=get | search `broken`").rendered == """
        error[unexpected-token]: expected a condition, found the end of the text
          --> macros0.conf:25:20
           |
        25 | definition = a=1 OR
           |                    ^ expected a condition
          --> rule.spl:1:19
           |
         1 | verb=get | search `broken`
           |                   -------- from the macro 'broken'
        """)
  }

  @Test func `A macro that leaves events out is named, since each deployment fills it`() {
    #expect(
      read("x=1 | search NOT `either`").rendered == """
        warning[assumed-meaning]: the macro 'either' leaves events out, and has the meaning that it is given here
         --> macros0.conf:5:14
          |
        5 | definition = a=1 OR b=2
          |              ^^^ this is left out
         --> rule.spl:1:18
          |
        1 | x=1 | search NOT `either`
          |                  -------- from the macro 'either'
          = help: give another with --macro 'either=…', or a macros.conf with --macros
        """)
  }

  @Test func `A macro that needs itself is named with the way round`() {
    let read = read("x=2 `again`")
    #expect(read.codes == [.macroCycle])
    #expect(read.rendered.contains("again → once_more → again"))
  }

  @Test func `A macro may be given by itself`() throws {
    let given = SourceFile(name: "--macro", text: "is(field, value)=$field$=\"$value$\" OR x=$value$")
    let context = ReadingContext(macroFiles: [given])
    let reading = SPLReader.read(SourceFile(name: "a.spl", text: "c=3 `is(verb, get)`"), in: context)[0]
    let predicate = try #require(reading.rule?.body.predicates.first)
    #expect(try verdict(predicate, event(#"{"c":"3","x":"get"}"#)))
    let bad = try? MacroFile.read(SourceFile(name: "--macro", text: "no definition"))
    #expect(bad == nil)
  }

  @Test func `The macros of the data model app need no definition, and give way to one`() throws {
    let spl = "a.b=1 | `drop_dm_object_name(\"a\")` | search b=1"
    #expect(try ReadSearch(spl).matches(#"{"a":{"b":"1"}}"#))
    let own = "[drop_dm_object_name(1)]\nargs = x\ndefinition = search c=1"
    #expect(try ReadSearch(spl, macros: [own]).matches(#"{"a":{"b":"1"}}"#) == false)
  }

  @Test func `A stanza that names other than as many arguments as it takes is refused with its place`() {
    #expect(
      ReadSearch("a=1", macros: ["[two(2)]\nargs = x\ndefinition = $x$=1"]).rendered == """
        error[wrong-arguments]: the macro 'two' has 1 names for 2 arguments
         --> macros0.conf:1:1
          |
        1 | [two(2)]
          | ^^^^^^^^ says how many arguments it takes
          = help: 'args' names each, parted by commas
        """)
  }

  @Test func `A macro that is computed is refused`() { #expect(read("x=2 `made(1)`").codes == [.unsupportedConstruct]) }

  @Test func `Comments and quotes that do not end are shown where they start`() {
    #expect(
      read("verb=get ```open").rendered == """
        error[unterminated-comment]: a comment is not closed
         --> rule.spl:1:10
          |
        1 | verb=get ```open
          |          ^^^ opened here
        """)
    #expect(read("verb=\"get").codes == [.unterminatedString])
    #expect(read("verb=get `either").codes == [.unterminatedString])
  }

  @Test func `YAML definitions are read as well`() throws {
    let yaml = "name: two\narguments: [f]\ndefinition: '$f$=2'\n"
    let macros = try MacroFile.read(SourceFile(name: "two.yml", text: yaml))
    #expect(macros.map(\.key) == [MacroKey(name: "two", arity: 1)])
  }
}
