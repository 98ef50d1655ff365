"""Rules drawn with a seed, held against the evaluators of their targets on events made of the rules' own atoms."""
import collections, json, pathlib, random, re, sys, tempfile

from .checkers import ORACLES, ask
from .program import short

#: How many rules are drawn, of those that every evaluator can be asked about.
COUNT, SEED = 300, 20260101
TARGETS = ["kuery", "esql", "spl", "kusto", "panther", "eql"]
#: Field names are kept, and events have the fields at the top: dots and dashes in names are each product's own affair.
#: What mappings do is measured by proof; here the rules look at a log source that none covers.
OPTIONS = ["--from", "sigma", "--unmapped", "keep", "-q"]
#: Where a plain name never holds a list: a column has one value, and Splunk puts `{}` behind the name of a list. The
#: evaluator of ES|QL has no TO_LOWER of each value.
WITHOUT_LISTS = {"spl", "kusto", "esql"}
#: What Splunk's extraction makes of JSON's null is not settled.
WITHOUT_NULLS = {"spl"}
ALLOWED = {"exact": (False, False), "broader": (True, False), "narrower": (False, True), "both": (True, True)}


def execution(run):
    """The same verdict from the matcher and from each evaluator, but for named losses in their direction."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        chosen = draw(run, folder)
        events = {path: events_of(run, path, folder) for path in chosen}
        own = {path: verdicts(run, path, events[path], folder) for path in chosen}
        for target in (t for t in TARGETS if t in run.targets):
            compare(run, target, chosen, events, own, folder / target)


def draw(run, folder):
    """Rules whose fields have plain names, written for a log source without a mapping.

    The evaluators of tables have columns for plain names alone.
    """
    paths = sorted(p for f in run.corpus.folders[:3] for p in f.full.rglob("*.yml"))
    random.Random(SEED).shuffle(paths)
    plain = []
    for path in paths:
        fields = list(atoms(path.read_text()))
        if fields and all(f.isidentifier() for f in fields):
            plain.append(folder / f"{len(plain):03}-{path.name}")
            plain[-1].write_text(re.sub(r"^logsource:\n(?:[ \t]+.*\n)+", "logsource:\n    product: drawn\n",
                                        path.read_text(), flags=re.MULTILINE))
        if len(plain) == COUNT:
            break
    return plain


def atoms(text):
    """Fields with the values that a rule compares them with, as its YAML has them."""
    import yaml
    found = collections.defaultdict(set)

    def walk(node):
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            for key, value in node.items():
                if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
                    walk(value)
                else:
                    name, *modifiers = str(key).split("|")
                    for each in value if isinstance(value, list) else [value]:
                        found[name].add((tuple(modifiers), each))

    for document in yaml.safe_load_all(text):
        for name, value in (document or {}).get("detection", {}).items():
            if name not in ("condition", "timeframe"):
                walk(value)
    return found


def passing(modifiers, value):
    """A value that the atom is true of, as far as that is plain."""
    if value is None or isinstance(value, (int, bool)):
        return value
    text = str(value).replace("*", "any").replace("?", "x").replace("\\\\", "\\")
    if "contains" in modifiers:
        return f"pre {text} post"
    return f"pre{text}" if "endswith" in modifiers else f"{text}post" if "startswith" in modifiers else text


def events_of(run, path, folder):
    """Each field true, false, missing, null, empty, in the other case and in a list, around an event that is true."""
    chance = random.Random(f"{SEED} {path.name}")
    fields = {f: sorted(v, key=repr) for f, v in atoms(path.read_text()).items() if f}
    base = {f: passing(*chance.choice(v)) for f, v in fields.items()}
    made = [base, {}]
    for field, values in fields.items():
        for atom in values[:3]:
            made.append({**base, field: passing(*atom)})
        true = base[field]
        for other in ("nothing of it", None, "", swapped(true), [true, "other"], "1", 1):
            made.append({**base, field: other})
        made.append({f: v for f, v in base.items() if f != field})
    for _ in range(20):
        made.append({f: passing(*chance.choice(v)) for f, v in fields.items() if chance.random() < .7})
    return made[:60]


def swapped(value):
    return value.swapcase() if isinstance(value, str) else value


def verdicts(run, path, events, folder):
    """Indices of the events on which the matcher fires."""
    lines = folder / "events.jsonl"
    lines.write_text("".join(json.dumps(e) + "\n" for e in events))
    result = run.program("match", "--rules", path, *OPTIONS, lines)
    return {json.loads(line)["line"] - 1 for line in result.out.splitlines()}


def compare(run, target, chosen, events, own, folder):
    listing = folder.parent / "rules.txt"
    listing.write_text("".join(f"{p}\n" for p in chosen))
    rows, _ = run.program.convert([f"@{listing}"], target, folder, *OPTIONS[:4])
    counts, wrong, jobs = collections.Counter(), [], []
    for row in rows:
        path = pathlib.Path(row.path)
        if not row.file or path not in own:
            counts["refused"] += 1
            continue
        tried = [i for i, e in enumerate(events[path]) if is_comparable(e, target)]
        jobs.append((row, path, tried, pathlib.Path(row.file).read_text().strip()))
    judged = verdicts_of(run, target, [(text, [events[path][i] for i in tried]) for _, path, tried, text in jobs])
    for (row, path, tried, text), answers in zip(jobs, judged):
        told = {i: a.get("match") for i, a in zip(tried, answers) if not a.get("error")}
        for reason in {str(a["error"])[:70] for a in answers if a.get("error")}:
            counts[f"  rules with an event that is not judged: {reason}"] += 1
        if not told:
            counts["not judged"] += 1
            continue
        more = {i for i, fires in told.items() if fires and i not in own[path]}
        fewer = {i for i, fires in told.items() if not fires and i in own[path]}
        may_more, may_fewer = ALLOWED[row.verdict]
        counts["compared"] += 1
        counts["verdicts"] += len(told)
        if (more and not may_more) or (fewer and not may_fewer):
            wrong.append((path, row, more, fewer, text))
    print(f"{target}: " + ", ".join(f"{v} {k}" for k, v in counts.items() if not k.startswith("  ")))
    for reason, number in counts.items():
        if reason.startswith("  "):
            print(f"  {number}{reason}")
    for path, row, more, fewer, text in wrong[:10]:
        index = min(more | fewer)
        print(f"  {path.name}: {row.verdict}, {len(more)} more and {len(fewer)} fewer, first on"
              f" {json.dumps(events[path][index])[:300]}\n    {text[:400]}")
    run.hold(f"{target}: no verdict differs but as a loss says ({len(wrong)} rules)", counts["compared"] and not wrong)


def is_comparable(event, target):
    lists = target in WITHOUT_LISTS and any(isinstance(value, list) for value in event.values())
    return not lists and not (target in WITHOUT_NULLS and None in event.values())


def binding(text):
    """An ES|QL query with each NOT and what it is about in parentheses.

    In Elasticsearch's grammar NOT binds closest; the evaluator's parser takes all that follows for its operand.
    """
    written, index, quote, open_nots, depth = "", 0, None, [], 0
    while index < len(text):
        if quote:
            step = 2 if text[index] == "\\" and quote == '"' else len(quote) if text.startswith(quote, index) else 1
            quote = None if text.startswith(quote, index) else quote
        elif mark := next((m for m in ('"""', '"') if text.startswith(m, index)), None):
            quote, step = mark, len(mark)
        elif text.startswith("NOT ", index) and written.endswith((" AND ", " OR ", "(", "WHERE ", "NOT ")):
            open_nots.append(depth)
            written, step = written + "(", 4
        else:
            is_end = text[index] in ")|" or text.startswith((" AND ", " OR ", "\n"), index)
            while is_end and open_nots and open_nots[-1] == depth:
                open_nots.pop()
                written += ")"
            depth += (text[index] == "(") - (text[index] == ")")
            step = 1
        written += text[index:index + step]
        index += step
    return written + ")" * len(open_nots)


def verdicts_of(run, target, jobs):
    """What an evaluator says of each event of each query: whether it matches, or why it cannot tell."""
    python = lambda name: run.checkers.environments / name / "bin/python"
    if target == "spl":
        answers = ask([sys.executable, ORACLES / "eval_spl.py"], [{"spl": t, "events": e} for t, e in jobs])
        return [[{"match": i in (a.get("match") or []), "error": a.get("error")} for i in range(len(e))]
                for a, (_, e) in zip(answers, jobs)]
    command = {
        "kuery": [python("elastic"), ORACLES / "kuery.py", "eval"], "eql": [python("elastic"), ORACLES / "eval_eql.py"],
        "esql": [python("elastic"), ORACLES / "eval_esql.py"], "kusto": [python("kusto"), ORACLES / "eval_kusto.py"],
        "panther": [python("panther"), ORACLES / "eval_panther.py", "--batch"]}[target]
    requests = [requests_for(target, text, events) for text, events in jobs]
    answers = iter(ask(command, [r for each in requests for r in each]))
    return [[next(answers) for _ in each] or [{"error": "the evaluator does not know an option of KQL"}] * len(events)
            for each, (_, events) in zip(requests, jobs)]


def requests_for(target, text, events):
    """A request an event; none where the evaluator is known not to know the query."""
    if target == "kusto":
        return table_requests(text, events)
    if target == "panther":
        return [{"source": text, "event": e} for e in events]
    if target == "esql":
        return [] if '"case_insensitive"' in text else [{"query": binding(text), "event": e} for e in events]
    return [{"query": text, "event": e} for e in events]


def table_requests(text, events):
    """Each event as the row of a table whose columns may hold anything."""
    columns = sorted({k for e in events for k in e})
    schema = {c: "dynamic" for c in columns}
    query = "Events" + text.removeprefix("union *")
    return [{"query": query, "table": "Events", "schema": schema, "rows": [e]} for e in events]
