"""Rules drawn with a seed, held against the evaluators of their targets on events made of the rules' own atoms."""
import collections, json, pathlib, random, sys, tempfile

from .checkers import ORACLES, ask
from .program import short

#: How many rules are drawn, of those that every evaluator can be asked about.
COUNT, SEED = 300, 20260101
TARGETS = ["kuery", "esql", "spl", "kusto", "panther", "eql"]
#: Field names are kept, and events have the fields at the top: dots and dashes in names are each product's own affair.
OPTIONS = ["--from", "sigma", "--unmapped", "keep", "-q"]
ALLOWED = {"exact": (False, False), "broader": (True, False), "narrower": (False, True), "both": (True, True)}


def execution(run):
    """The same verdict from the matcher and from each evaluator, but for named losses in their direction."""
    chosen = draw(run)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        events = {path: events_of(run, path, folder) for path in chosen}
        own = {path: verdicts(run, path, events[path], folder) for path in chosen}
        for target in (t for t in TARGETS if t in run.targets):
            compare(run, target, chosen, events, own, folder / target)


def draw(run):
    """Rules whose fields have plain names; the evaluators of tables have columns for these alone."""
    paths = sorted(p for f in run.corpus.folders[:3] for p in f.full.rglob("*.yml"))
    random.Random(SEED).shuffle(paths)
    plain = []
    for path in paths:
        fields = [f for f in fields_of(run, path) if f]
        if fields and all(f.isidentifier() for f in fields):
            plain.append(path)
        if len(plain) == COUNT:
            break
    return plain


def fields_of(run, path):
    result = run.program("ir", *OPTIONS, "--vendor", path)
    return {line.strip().split(" ")[0].strip('["]') for line in result.out.splitlines()[1:]
            if line.startswith(" ") or " = " in line} - {"all", "any", "not", "some", "every"}


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
    counts, wrong = collections.Counter(), []
    for row in rows:
        path = pathlib.Path(row.path)
        if not row.file or path not in own:
            counts["refused"] += 1
            continue
        fired, error = fires(run, target, pathlib.Path(row.file).read_text().strip(), events[path])
        if error:
            counts["not evaluated"] += 1
            counts[f"  because {error[:60]}"] += 1
            continue
        more, fewer = fired - own[path], own[path] - fired
        may_more, may_fewer = ALLOWED[row.verdict]
        counts["compared"] += 1
        counts["verdicts"] += len(events[path])
        if (more and not may_more) or (fewer and not may_fewer):
            wrong.append((path, row, more, fewer))
    print(f"{target}: " + ", ".join(f"{v} {k}" for k, v in counts.items() if not k.startswith("  ")))
    for reason, number in counts.items():
        if reason.startswith("  "):
            print(f"  {number}{reason}")
    for path, row, more, fewer in wrong[:10]:
        index = min(more | fewer)
        print(f"  {short(path)}: {row.verdict}, {len(more)} more and {len(fewer)} fewer, first on"
              f" {json.dumps(events[path][index])[:300]}")
    run.hold(f"{target}: no verdict differs but as a loss says ({len(wrong)} rules)", counts["compared"] and not wrong)


def fires(run, target, text, events):
    """Indices of the events on which an evaluator fires, and its first error."""
    python = lambda name: run.checkers.environments / name / "bin/python"
    if target == "spl":
        answer = ask([sys.executable, ORACLES / "eval_spl.py"], [{"spl": text, "events": events}])[0]
        return set(answer.get("match") or []), answer.get("error")
    if target == "kuery":
        answers = ask([python("elastic"), ORACLES / "kuery.py", "eval"], [{"query": text, "event": e} for e in events])
    elif target in ("esql", "eql"):
        script = ORACLES / f"eval_{target}.py"
        answers = ask([python("elastic"), script], [{"query": text, "event": e} for e in events])
    elif target == "kusto":
        answers = ask([python("kusto"), ORACLES / "eval_kusto.py"], table_requests(text, events))
    else:
        answers = ask([python("panther"), ORACLES / "eval_panther.py", "--batch"],
                      [{"source": text, "event": e} for e in events])
    errors = [a["error"] for a in answers if a.get("error")]
    return {i for i, a in enumerate(answers) if a.get("match")}, errors[0] if errors else None


def table_requests(text, events):
    """Each event as the row of a table whose columns may hold anything."""
    columns = sorted({k for e in events for k in e})
    schema = {c: "dynamic" for c in columns}
    query = "Events" + text.removeprefix("union *")
    return [{"query": query, "table": "Events", "schema": schema, "rows": [e]} for e in events]
