"""The event queries and sequences among Elastic's rules, and the official cases of EQL."""
import collections, datetime, json, pathlib, random, re, tempfile, tomllib

from .checkers import ORACLES, ask
from .corpus import Corpus, Folder, outlines, report, tell
from .program import CORPORA, SHARED, counted, diagnostics, short

CORPUS = Corpus("eql", [], [Folder("elastic")], own="eql")
CASES = SHARED / "conformance/elastic"
DRAWN = 300


def queries():
    """Every rule file whose query is EQL, with its rule."""
    found = []
    for path in sorted((CORPORA / "elastic").rglob("*.toml")):
        rule = tomllib.loads(path.read_text()).get("rule", {})
        if rule.get("language") == "eql":
            found.append((path, rule))
    return found


def listed(paths, folder):
    """The paths in a file, as the program takes them."""
    file = pathlib.Path(folder) / "paths"
    file.write_text("".join(f"{path}\n" for path in paths))
    return f"@{file}"


def read(run):
    """Every query: read whole, and as what."""
    paths = [path for path, _ in queries()]
    with tempfile.TemporaryDirectory() as folder:
        result = run.program("ir", "--from", "elastic-toml", "--unmapped", "keep", listed(paths, folder))
    errors = [f for f in diagnostics(result.err) if f.severity == "error" and f.code != "unmodelled-rule"]
    for found in errors:
        print(f"  refused: {short(found.path)}:{found.line}: {found.code}: {found.message}")
    rules, unmodelled = outlines(result.out)
    for path, reason in unmodelled:
        print(f"  not modelled: {short(path)}: {reason}")
    print(f"  warnings: {counted(f.kind for f in diagnostics(result.err) if f.severity == 'warning')}")
    share = 1 - len(unmodelled) / max(len(rules), 1)
    run.hold(f"all {len(paths)} queries are read", len(rules) == len(paths) and not errors and not result.is_crash)
    run.hold(f"at least 97 % are modelled ({share:.1%})", share >= .97)
    kinds = counted(line.split(" ")[0] for line in result.out.splitlines() if re.match(r"(sequence|unmodelled)\b", line))
    print(f"  {kinds}; {result.seconds:.1f} s, {result.megabytes:.0f} MB")


def convert(run):
    """Every rule as EQL again: equivalent by proof, and taken by Elastic's own parser."""
    paths = [path for path, _ in queries()]
    with tempfile.TemporaryDirectory() as folder:
        rows, result = run.program.convert(
            [listed(paths, folder)], "eql", pathlib.Path(folder) / "out", "--from", "elastic-toml", "--unmapped", "keep")
        texts = [(row, pathlib.Path(row.file).read_text()) for row in rows if row.file]
    report(run, "eql", [row for row in rows if not any(f.code == "untranslatable" for f in row.errors)], result)
    tell("not modelled", run, [(row, row.errors[0].kind) for row in rows if row.verdict == "refused"])
    proved = sum(row.assurance == "proved" for row in rows if row.file)
    run.hold(f"every output is proved equivalent ({proved} of {len(texts)})", texts and proved == len(texts))
    refusals = run.checkers.refusals("eql", [text for _, text in texts])
    bad = [(row, text, reason) for (row, text), reason in zip(texts, refusals) if reason]
    for row, text, reason in bad[:20]:
        print(f"  not accepted: {short(row.path)}: {reason[:200]}\n    {text.strip()[:400]}")
    run.hold(f"eql's own parser takes every output ({len(texts) - len(bad)} of {len(texts)})", texts and not bad)


# Official and documented cases


def fires(run, query, events, folder):
    """The numbers of the events at which a query fires, from 0; None where it is refused or not modelled."""
    rule, file = pathlib.Path(folder) / "case.eql", pathlib.Path(folder) / "events.ndjson"
    rule.write_text(query)
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    result = run.program("match", "--rules", rule, file, "--unmapped", "keep")
    if any(f.severity == "error" for f in diagnostics(result.err)):
        return None, result.err
    return [json.loads(line)["line"] - 1 for line in result.out.splitlines()], result.err


def categorised(events, field):
    """The events with their category where Elastic's rules have it."""
    return [{**event, "event": {"category": event[field]}} if field in event else event for event in events]


def official(run):
    """Elasticsearch's own cases of several values, its further ones, and those that were reasoned from the documentation."""
    multivalue = json.loads((CASES / "es_eql_multivalue.json").read_text())
    extra = json.loads((CASES / "es_eql_extra.json").read_text())
    agreed, read_, total = collections.Counter(), collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, data, key in (("several values", multivalue, "_id"), ("extra", extra, "sequence")):
            events = categorised(data["docs"], data["category_field"])
            for case in data["cases"]:
                hits, error = fires(run, case["query"], events, folder)
                wanted = case["ids"][2::3] if case["query"].startswith("sequence") else case["ids"]
                judge(name, case["query"], hits, error, lambda ids=wanted: ids, agreed, read_, total,
                      [events[i][key] for i in hits] if hits is not None else None, case.get("needs"))
        for language, query, event, holds, _ in json.loads((CASES / "semantics_examples.json").read_text()):
            if language == "eql":
                hits, error = fires(run, f"any where {query}", [event], folder)
                judge("documentation", query, hits, error, lambda: [0] if holds else [], agreed, read_, total, hits, None)
    for name in total:
        print(f"  {name}: {total[name]} cases, {read_[name]} read, {agreed[name]} agree")
    run.hold("every official case is read", read_ == total)
    run.hold("the documentation's cases agree", agreed["documentation"] == total["documentation"])


def is_unmodelled(found):
    return found.code == "unmodelled-rule" or "the rule is not modelled" in found.message


def judge(name, query, hits, error, wanted, agreed, read_, total, found, needs):
    total[name] += 1
    reasons = [f for f in diagnostics(error) if f.severity == "error"]
    read_[name] += all(is_unmodelled(f) for f in reasons)
    if hits is None:
        print(f"  {reasons[0].code if reasons else 'error'}: {query.strip()}: {reasons[0].message if reasons else error}")
    elif found == wanted():
        agreed[name] += 1
    else:
        print(f"  differs{' (needs ' + needs + ')' if needs else ''}: {query}: {found} for {wanted()}")


def endgame(run):
    """Endgame's queries: all are read; where they say something else there, it is listed."""
    events = categorised(json.loads((CASES / "eql_endgame/test_data.json").read_text()), "event_type")
    cases = tomllib.loads((CASES / "eql_endgame/test_queries.toml").read_text())["queries"]
    counts, differing = collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            hits, error = fires(run, case["query"], events, folder)
            problems = [f for f in diagnostics(error) if f.severity == "error"]
            shown = " ".join(case["query"].split())
            if hits is None and all(is_unmodelled(f) for f in problems):
                counts["not modelled"] += 1
                if run.is_verbose:
                    print(f"  not modelled: {shown}: {problems[0].message}")
            elif hits is None:
                counts["refused"] += 1
                print(f"  refused: {shown}: {problems[0].message}")
            else:
                found = [events[i]["serial_event_id"] for i in hits]
                wanted = case.get("expected_event_ids", [])
                for name, count in re.findall(r"\|\s*(head|tail)\s+(\d+)", shown):
                    found = found[:int(count)] if name == "head" else found[-int(count):]
                if shown.startswith("sequence"):
                    # The events of each sequence stand there in a row; the program names the last.
                    steps = shown.partition("until")[0].count("[")
                    wanted = wanted[steps - 1::steps]
                is_same = found == wanted
                counts["agree" if is_same else "differ"] += 1
                if not is_same:
                    differing.append(why_differs(shown))
                    print(f"  differs, {differing[-1]}: {shown}: {found[:8]} for {wanted[:8]}")
    print(f"  {len(cases)} queries: {counted(counts.elements())}; differing: {counted(differing)}")
    run.hold("every query of Endgame's is read", counts["refused"] == 0)


def why_differs(query):
    """What of Endgame's dialect the query leans on."""
    if re.search(r"==?\s*[\"'][^\"']*[*?%]", query):
        return "'==' has wildcards"
    if re.search(r"original_file_name|parent_process_name", query):
        return "two fields are compared in any case"
    return "letters' case is ignored everywhere"


# Verdicts


def verdicts(run):
    """On events made from what a rule asks for, the program and the evaluator fire at the same ones."""
    chosen = drawn()
    generator = random.Random(11)
    counts = collections.Counter()
    python = run.checkers.environments / "elastic/bin/python"
    if not python.exists():
        return print("  nothing evaluates here")
    with tempfile.TemporaryDirectory() as folder:
        for path, rule in chosen:
            # The program takes documents with this name for audit events in an envelope, and opens them.
            query = rule["query"].replace("kubernetes.audit", "audit")
            events = list(made(query, generator, rule.get("event_category_override") or "event.category"))
            own, error = matched(run, path, query if query != rule["query"] else None, events, folder)
            if own is None:
                counts["not modelled"] += 1
                continue
            answer = ask([python, ORACLES / "eval_eql.py"], [{
                "query": query, "events": events,
                "category_field": rule.get("event_category_override") or "event.category"}])[0]
            if answer.get("error"):
                counts[f"the evaluator stops: {re.sub(r'[0-9]+', 'N', answer['error'])[:60]}"] += 1
                continue
            theirs = sorted({hit[-1] for hit in answer["hits"]})
            counts["verdicts"] += len(events)
            counts["fired"] += len(theirs)
            counts["rules that fired"] += bool(theirs)
            counts["rules"] += 1
            if sorted(set(own)) != theirs:
                counts["rules that differ"] += 1
                first = sorted(set(own) ^ set(theirs))[0]
                print(f"  differs: {short(path)}: event {first} fires {'here' if first in own else 'there'}:"
                      f" {json.dumps(events[first])[:700]}")
    print(f"  {counted(counts.elements())}")
    run.hold("the evaluator agrees on every rule", counts["rules"] > 0 and counts["rules that differ"] == 0)


def drawn():
    """The rules on Kubernetes, and others drawn with a seed."""
    rules = queries()
    own = [one for one in rules if "integrations/kubernetes" in str(one[0])]
    others = [one for one in rules if one not in own]
    return own + random.Random(7).sample(others, min(DRAWN, len(others)))


def matched(run, path, query, events, folder):
    """The numbers of the events at which the rule fires, or the query in its place."""
    if query:
        return fires(run, query, events, folder)
    file = pathlib.Path(folder) / "events.ndjson"
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    result = run.program("match", "--rules", path, file, "--unmapped", "keep")
    if any(f.severity == "error" for f in diagnostics(result.err)):
        return None, result.err
    return [json.loads(line)["line"] - 1 for line in result.out.splitlines()], result.err


STRING = r'"""(?:.*?)"""|"(?:\\.|[^"\\])*"'
TEST = re.compile(
    rf"(?P<field>[?\w.`@/-]+)\s*(?P<op>==|!=|<=|>=|<|>|:|\bnot\s+in~?|\bin~?|\blike~?|\bregex~?)\s*"
    rf"(?P<value>\((?:[^()\"]|{STRING})*\)|{STRING}|-?[\d.]+|true\b|false\b|null\b)", re.S)
CALL = re.compile(rf"(?P<op>\w+)~?\(\s*(?P<field>[?\w.`@/-]+)\s*,(?P<value>(?:[^()\"]|{STRING})*)\)", re.S)
CATEGORY = re.compile(r"(?:^|\[)\s*(\w+)\s+where\b")


def made(query, generator, category):
    """Events with the rule's fields and values near those that it asks for."""
    text = re.sub(r"/\*.*?\*/", " ", query, flags=re.S)
    text = re.sub(r"(?m)//[^\"\n]*$", " ", text)
    wanted = collections.defaultdict(list)
    for match in list(TEST.finditer(text)) + list(CALL.finditer(text)):
        field = match["field"].strip("?`")
        wanted[field] += [v for v in values(match["value"], match["op"]) if v not in wanted[field]]
    keys = {k.strip(" ?`") for by in re.findall(r"\bby\s+([\w.,\s`?/-]+?)(?=\[|\]|with\b|until\b|$)", text)
            for k in by.split(",")}
    for key in keys:
        wanted.setdefault(key, ["k1", "k2"])
    categories = [c for c in CATEGORY.findall(text) if c != "any"] or ["process"]
    stages = text.count("where")
    count = 40 if stages == 1 else 60
    moment = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
    for _ in range(count):
        event = {}
        put(event, category, generator.choice(categories + ["other"] * (generator.random() < .1)))
        moment += datetime.timedelta(milliseconds=generator.choice([1, 400, 1000, 20_000]))
        put(event, "@timestamp", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        for field, pool in wanted.items():
            if field in ("@timestamp", category) and category == "event.category":
                if field == "@timestamp" or generator.random() < .8:
                    continue
            fill(event, field, pool, generator, is_key=field in keys)
        yield event


def fill(event, field, pool, generator, is_key):
    chance = generator.random()
    if chance < .08:
        return
    pick = lambda: near(generator.choice(pool), generator)
    if is_key:
        return put(event, field, generator.choice(["k1", "k2"]) if pool == ["k1", "k2"] else generator.choice(pool[:2]))
    put(event, field, [pick() for _ in range(generator.randint(2, 3))] if chance < .2 else pick())


def near(value, generator):
    if not isinstance(value, str):
        return value + generator.choice([-1, 0, 0, 1]) if isinstance(value, (int, float)) and not isinstance(
            value, bool) else value
    text = "".join(
        generator.choice(["", "a", "xy", "a\\b"]) if c == "*" else generator.choice("xC1") if c == "?" else c
        for c in value)
    return generator.choice([text, text, text, text, text.upper(), text.lower(), text + "z", "z" + text])


def values(text, op):
    """The constants in a piece of a query; regular expressions as a text or two that they may match."""
    found = []
    for match in re.finditer(rf"{STRING}|(?<![\w\"])-?\d+(?:\.\d+)?(?![\w\"])|\btrue\b|\bfalse\b", text, re.S):
        word = match[0]
        if word.startswith('"""'):
            value = word[3:-3]
        elif word.startswith('"'):
            value = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), word[1:-1])
        elif word in ("true", "false"):
            value = word == "true"
        else:
            value = float(word) if "." in word else int(word)
        if op.lower().startswith("regex"):
            value = re.sub(r"\\(.)", r"\1", re.sub(r"\[[^\]]*\]|\\[dws]", "a1", value).replace(".*", "*").replace(
                ".+", "b").split("|")[0].strip("()"))
        if op.lower().startswith("cidr"):
            value = value.split("/")[0].replace(".0.0.0", ".1.2.3")
        found.append(value)
    return found or ["x"]


def put(event, field, value):
    *path, last = field.split(".")
    for name in path:
        inner = event.get(name)
        if not isinstance(inner, dict):
            inner = event[name] = {}
        event = inner
    if not isinstance(event.get(last), dict):
        event[last] = value


PARTS = {"read": read, "convert": convert, "official": official, "endgame": endgame, "verdicts": verdicts}
