"""Reading Elastic's rules: how fast, how evenly, and what hostile queries cost."""
import json, pathlib, tomllib

CORPUS = "corpora/elastic"
EXTENSIONS = ["kuery", "lucene", "esql", "eql"]
FRAMES = {"kuery": "{}", "lucene": "{}", "esql": "FROM x\n| WHERE {}\n", "eql": "any where {}"}

#: Of one test of a language: equality, the same with a list of values, and with a text between the marks.
TESTS = {
    "kuery": ('f{n}:"v{n}"', "f:({})", " or ", '"{}"'),
    "lucene": ('f{n}:"v{n}"', "f:({})", " OR ", '"{}"'),
    "esql": ('f{n} == "v{n}"', "f IN ({})", ", ", '"{}"'),
    "eql": ('f{n} == "v{n}"', "f in ({})", ", ", '"{}"'),
}
JOINS = {"kuery": (" or ", " and ", "not "), "lucene": (" OR ", " AND ", "NOT "), "esql": (" OR ", " AND ", "NOT "),
         "eql": (" or ", " and ", "not ")}


def wide(language, size):
    """Many alternatives side by side."""
    return JOINS[language][0].join(TESTS[language][0].format(n=n) for n in range(size // 24))


def mixed(language, size):
    """Alternatives of conjunctions in parentheses."""
    either, both, _ = JOINS[language]
    test = TESTS[language][0]
    return either.join(f"({test.format(n=n)}{both}{test.format(n=n + 1)})" for n in range(size // 48))


def listed(language, size):
    """One field with a long list of values."""
    _, frame, between, text = TESTS[language]
    return frame.format(between.join(text.format(f"value {n}") for n in range(size // 17)))


def denied(language, size):
    """Many conjunctions of what is denied."""
    _, both, no = JOINS[language]
    return both.join(f"{no}({TESTS[language][0].format(n=n)})" for n in range(size // 32))


def text(language, size):
    """One long text."""
    return TESTS[language][0].format(n=1).replace("v1", "x" * size)


def stars(language, size):
    """One long pattern with many wildcards."""
    pattern = "a*" * (size // 2)
    return {"kuery": f"f:{pattern}", "lucene": f"f:{pattern}", "esql": f'f LIKE "{pattern}"',
            "eql": f'f : "{pattern}"'}[language]


def expression(language, size):
    """One long regular expression."""
    pattern = "a[bc]" * (size // 5)
    return {"lucene": f"f:/{pattern}/", "esql": f'f RLIKE "{pattern}"', "eql": f'f regex "{pattern}"'}.get(language)


def comments(language, size):
    """Comments, and marks of comments in texts."""
    comment = {"esql": '/* a */ f == "/* // */" // b\n OR ', "eql": '/* a */ f == "/* // */" // b\n or '}.get(language)
    return comment and comment * (size // len(comment)) + TESTS[language][0].format(n=1)


def nots(language, size):
    """`not` upon `not`: refused at a depth, or read, and in time."""
    return JOINS[language][2] * (size // 4) + TESTS[language][0].format(n=1)


def open_parentheses(language, size):
    return "(" * size


def open_text(language, size):
    """A text that is never closed."""
    return TESTS[language][0].format(n=1)[:-1] + "x " * (size // 2)


def open_comment(language, size):
    return "/* x " * (size // 5) if language in ("esql", "eql") else None


def smart_quotes(language, size):
    return "f == “x” " * (size // 14)


SHAPES = [wide, mixed, listed, denied, text, stars, expression, comments, nots, open_parentheses, open_text,
          open_comment, smart_quotes]


def corpus(run):
    """All rule files, as they are read and lowered."""
    folder = run.shared / CORPUS
    files = sorted(folder.rglob("*.toml"))
    megabytes = sum(f.stat().st_size for f in files) / 1e6
    command = [run.program, "ir", "--vendor", "--unmapped", "keep", "-q"]
    start = run.measured([*command, files[0]], run.runs)[1]
    _, spent, peak, _, _ = run.measured([*command, folder], run.runs)
    spent -= start
    print(f"{len(files):,} rule files, {megabytes:.1f} MB: {len(files) / spent:,.0f} rules/s, {megabytes / spent:.1f} MB/s,"
          f" {spent / len(files) * 1000:.2f} ms a rule, peak {peak:.0f} MB")
    run.hold("at least 1,000 rules/s", len(files) / spent >= 1_000)


def rules(run):
    """The rules with the longest queries, each many times over."""
    repeats = 40
    files = sorted((run.shared / CORPUS).rglob("*.toml"), key=query_size, reverse=True)[:80]
    command = [run.program, "ir", "--vendor", "--unmapped", "keep", "-q"]
    start = run.measured([*command, files[-1]], run.runs)[1]
    times = []
    for file in files:
        folder = run.folder / file.stem
        folder.mkdir(exist_ok=True)
        text = file.read_bytes()
        for number in range(repeats):
            (folder / f"{number}.toml").write_bytes(text)
        times.append(((run.measured([*command, folder], 1)[1] - start) / repeats * 1000, file))
    times.sort(reverse=True)
    for spent, file in times[:8]:
        print(f"  {spent:6.2f} ms  {query_size(file):7,} bytes  {file.relative_to(run.shared / CORPUS)}")
    slow = [file for spent, file in times if spent > 5]
    run.hold(f"no rule takes more than 5 ms, but one with thousands of values ({len(slow)})", len(slow) <= 1)


def query_size(file):
    rule = tomllib.loads(file.read_text()).get("rule", {})
    return len(str(rule.get("query", "")).encode()) + len(json.dumps(rule.get("filters", [])))


def doubling(run):
    """Twice the text takes at most 2.2 times the time, and nothing crashes."""
    command = [run.program, "ir", "--vendor", "--unmapped", "keep", "-q"]
    small = run.folder / "small.kuery"
    small.write_text("a:b")
    start = run.measured([*command, small], run.runs)[1]
    for language in EXTENSIONS:
        worst = (0, "")
        for shape in SHAPES:
            times = []
            for size in (480_000, 960_000):
                query = shape(language, size)
                if query is None:
                    break
                file = run.folder / f"{shape.__name__}-{size}.{language}"
                file.write_text(FRAMES[language].format(query)[:1_048_000])
                times.append(max(run.least([*command, file], run.runs) - start, .004))
            if len(times) == 2:
                print(f"  {language:7} {shape.__name__:17} {times[0] * 1000:7.0f} ms  {times[1] * 1000:7.0f} ms"
                      f"  {times[1] / times[0]:.2f}")
                # A few milliseconds are not told from noise.
                if times[1] > .05:
                    worst = max(worst, (times[1] / times[0], shape.__name__))
        run.hold(f"{language}: twice the text in at most 2.2 times the time ({worst[0]:.2f}, {worst[1]})", worst[0] <= 2.2)


def hostile(run):
    """What must get a result or an error with a place, whatever it is."""
    command = [run.program, "ir", "--vendor", "--unmapped", "keep", "--color", "never"]
    for language in EXTENSIONS:
        answers = []
        for shape, size in [(wide, 1_200_000), (nots, 40_000), (open_parentheses, 60_000), (open_text, 100),
                            (open_comment, 100), (smart_quotes, 90), (text, 1_000_000), (text, 1_100_000)]:
            query = shape(language, size)
            if query is None:
                continue
            file = run.folder / f"hostile.{language}"
            file.write_text(FRAMES[language].format(query))
            _, spent, peak, output, errors = run.measured([*command, file], 1)
            first = errors.decode(errors="replace").splitlines()
            placed = any(line.strip().startswith("--> ") for line in first)
            answers.append(bool(output.strip()) or placed)
            print(f"  {language:7} {shape.__name__:17} {size:9,}: {(first or ['read'])[0][:110]} ({spent:.2f} s, {peak:.0f} MB)")
        run.hold(f"{language}: each is read, or refused with a place", answers and all(answers))


PARTS = {"corpus": corpus, "rules": rules, "doubling": doubling, "hostile": hostile}
