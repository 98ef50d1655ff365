"""The corpus of Elastic's detection rules, and Elastic's own tests."""
import collections, datetime, json, pathlib, random, re, tempfile, tomllib

from .checkers import ORACLES, ask
from .corpus import Corpus, Folder, convert, outlines
from .program import CORPORA, SHARED, diagnostics, short

CORPUS = Corpus("elastic", [], [Folder("elastic")], own="elastic-toml")
CONFORMANCE = SHARED / "conformance/elastic"
SEED = 20260701
DRAWN = 300


def rules():
    """Path: language, type and table of every rule with a query."""
    found = {}
    for path in sorted((CORPORA / "elastic").rglob("*.toml")):
        rule = tomllib.loads(path.read_text()).get("rule")
        if rule and "query" in rule:
            found[str(path)] = (rule.get("language", "kuery"), rule["type"], rule)
    return found


def read(run):
    """Queries by language: read whole, modelled, and what is not by reason."""
    known = rules()
    result = run.program("ir", "--vendor", "--unmapped", "keep", CORPORA / "elastic")
    run.hold("nothing crashes", not result.is_crash)
    _, unmodelled = outlines(result.out)
    refused = {f.path: f for f in diagnostics(result.err) if f.severity == "error" and f.code != "unmodelled-rule"}
    reasons = dict(unmodelled)
    print(f"{len(known)} rules with a query, {result.seconds:.1f} s, {result.megabytes:.0f} MB")
    for language in sorted({language for language, _, _ in known.values()}):
        own = [p for p, (of, kind, _) in known.items() if of == language and kind != "threat_match"]
        bad = [p for p in own if p in refused]
        rest = {p: reasons[p] for p in own if p in reasons}
        whole = 1 - (len(rest) + len(bad)) / len(own)
        print(f"{language}: {len(own)} queries, {len(bad)} refused, {len(rest)} not modelled ({whole:.1%} whole)")
        for reason, count in collections.Counter(rest.values()).most_common():
            print(f"  {count:3}  {reason}")
        for path in bad:
            print(f"  refused: {short(path)}: {refused[path].message}")
        run.hold(f"{language}: every query is read", own and not bad)
        if language == "esql":
            share = filters_modelled(run, {path: known[path][2]["query"] for path in own})
            run.hold(f"esql: the filter of single events is modelled in 95 % ({share:.1%})", share >= .95)
            run.hold(f"esql: the whole rule is modelled in 60 % ({whole:.1%})", whole >= .60)
        elif language == "eql":
            run.hold(f"eql: 97 % are modelled ({whole:.1%})", whole >= .97)
        else:
            run.hold(f"{language}: every query is modelled", not rest)


def filters_modelled(run, queries):
    """The share of ES|QL queries of which all is modelled that stands before the first aggregation."""
    with tempfile.TemporaryDirectory() as folder:
        named = {str(pathlib.Path(folder) / f"{n}.esql"): path for n, path in enumerate(queries)}
        for file, path in named.items():
            pathlib.Path(file).write_text(row_filter(queries[path]))
        result = run.program("ir", "--vendor", "--unmapped", "keep", folder)
    lacking = {}
    for found in diagnostics(result.err):
        if found.severity in ("error", "warning") and (found.code == "unmodelled-rule" or found.severity == "error"):
            lacking.setdefault(found.path, found.message)
    reasons, last = {}, None
    for line in result.out.splitlines():
        if line and not line.startswith(" ") and f"    {folder}" in line:
            last = line.rpartition("    ")[2]
        elif line.startswith("unmodelled: ") and last:
            reasons[last] = line[12:].partition(";")[0]
    for file, message in lacking.items():
        if file in named:
            reasons.setdefault(file, message)
    print(f"  filters of single events: {len(reasons)} of {len(queries)} are not modelled")
    for file, reason in sorted(reasons.items(), key=lambda entry: entry[1]):
        print(f"    {reason}: {short(named.get(file, file))}")
    return 1 - len(reasons) / len(queries)


class Bench:
    """A folder in which bare queries are run over events."""

    def __init__(self, run, folder):
        self.run, self.folder = run, pathlib.Path(folder)

    def fires(self, name, query, events):
        """The indices of the events on which a query fires, or why it could not run."""
        file, log = self.folder / name, self.folder / "events.jsonl"
        file.write_text(query)
        log.write_text("".join(json.dumps(e) + "\n" for e in events))
        done = self.run.program("match", "--rules", file, log, "--unmapped", "keep", "-q")
        errors = [f.message for f in diagnostics(done.err) if f.severity == "error"]
        if errors or done.status not in (0, 1):
            return None, (errors or [done.err.strip()[:120]])[0]
        return {json.loads(line)["line"] - 1 for line in done.out.splitlines() if line.startswith("{")}, None


# Verdicts


class Maker:
    """Makes events on which a predicate of `ir-json` holds, or nearly: flat objects with dotted names."""

    def __init__(self, predicate, seed):
        self.random = random.Random(seed)
        self.predicate = predicate
        self.values = collections.defaultdict(list)
        self.collect(predicate)

    @staticmethod
    def name(node):
        """The dotted name of a plain field; None for a path of several steps."""
        match = re.fullmatch(r'\["(.*)"\]|([\w@/-]+)', node["field"]) if isinstance(node.get("field"), str) else None
        return match and (match[1] or match[2])

    def collect(self, node):
        if isinstance(node, list):
            for part in node:
                self.collect(part)
        elif isinstance(node, dict):
            if (name := self.name(node)) is not None:
                self.values[name] += self.choices(node)
            else:
                for part in node.values():
                    self.collect(part)

    def choices(self, node):
        """Values that pass a test of a field, as far as its words tell."""
        literals = node.get("oneOf", [node[k] for k in ("equals", "to") if k in node])
        found = [next(v for k, v in literal.items() if k not in ("case", "coercing")) for literal in literals]
        if "order" in node and found and isinstance(found[0], (int, float)):
            found += [found[0] + 1, found[0] - 1]
        if "matches" in node:
            found.append(self.fill(node["matches"]))
        if "network" in node:
            found.append(node["network"].split("/")[0])
        if "term" in node:
            found.append(node["term"])
        return found

    def fill(self, pattern):
        """A text that matches a pattern with `*` and `?`."""
        out, rest = "", iter(pattern)
        for letter in rest:
            out += {"*": self.random.choice(["", "x", "a/b"]), "?": "q", "\\": next(rest, "")}.get(letter, letter) \
                if letter in "*?\\" else letter
        return out

    def satisfy(self, node, event, want):
        if "all" in node or "any" in node:
            parts = node.get("all", node.get("any"))
            chosen = parts if ("all" in node) == want else [self.random.choice(parts)] if parts else []
            for part in chosen:
                self.satisfy(part, event, want)
        elif "not" in node:
            self.satisfy(node["not"], event, not want)
        elif want and (name := self.name(node)) is not None:
            own = self.choices(node) or ([] if name in event else [self.other(name)])
            if own and ("has" not in node or name not in event):
                event[name] = self.random.choice(own)

    def other(self, name):
        """A value that no test names, of the type that the values of the field have."""
        if name.lower().endswith((".ip", "ips")):
            return "8.8.8.8"
        known = self.values[name]
        return known[0] if known and not isinstance(known[0], str) else "zz"

    def events(self, count, with_lists):
        return [self.event(with_lists) for _ in range(count)]

    def event(self, with_lists):
        event, chance = {"@timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat()}, self.random
        self.satisfy(self.predicate, event, True)
        for _ in range(chance.choice([0, 0, 1, 1, 2]) if self.values else 0):
            name = chance.choice(sorted(self.values))
            values = self.values[name] or [self.other(name)]
            act = chance.randrange(5 if with_lists else 4)
            if act == 0:
                event.pop(name, None)
            elif act == 1:
                event[name] = chance.choice(values)
            elif act == 2:
                event[name] = self.other(name)
            elif act == 3 and isinstance(event.get(name), str):
                event[name] = event[name].swapcase()
            elif act == 4:
                event[name] = sorted({chance.choice(values), self.other(name)}, key=str)
        return event


def row_filter(query):
    """The commands of an ES|QL query before its first aggregation, over an index that no mapping knows."""
    kept = []
    for command in re.split(r"\n\s*\|\s*", "\n" + query.strip()):
        bare = re.sub(r"^(\s*//[^\n]*\n)+", "", command).strip()
        if re.match(r"(inline\s*)?stats\b|completion\b", bare, re.I):
            break
        if not re.match(r"(keep|drop|sort|limit)\b", bare, re.I):
            kept.append(command.strip("\n"))
    return "\n| ".join(["FROM x METADATA _id, _index", *kept[1:]]) + "\n"


def unmapped(query):
    """The query with names that no mapping knows, so that events are as Elastic stores them."""
    return re.sub(r"\bkubernetes\.audit|\bevent\.kind\b", lambda found: found[0] + "ed", query)


def verdicts(run):
    """Modelled conditions on single events: the same verdicts as evaluators that were written apart."""
    known = {p: entry for p, entry in rules().items() if entry[0] in ("kuery", "esql") and entry[1] != "threat_match"}
    kubernetes = [p for p in known if "/integrations/kubernetes/" in p]
    drawn = kubernetes + random.Random(SEED).sample(sorted(set(known) - set(kubernetes)), DRAWN)
    python = run.checkers.environments / "elastic/bin/python"
    if not python.exists():
        return print("no environment for the evaluators")
    asked, differing = collections.Counter(), []
    batches = {"kuery": [], "esql": []}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(run, folder)
        for number, path in enumerate(drawn):
            language, _, rule = known[path]
            query = unmapped(row_filter(rule["query"]) if language == "esql" else rule["query"].strip())
            if "json_extract" in query.lower():
                asked[f"{language} with functions that the evaluator has for nested documents alone"] += 1
                continue
            name = f"{number}.{language}"
            (bench.folder / name).write_text(query)
            ir = run.program("convert", bench.folder / name, "--to", "ir-json", "--unmapped", "keep", "--verify", "off")
            body = json.loads(ir.out.splitlines()[0])["body"] if ir.out.startswith("{") else {"kind": "refused"}
            if body["kind"] != "predicate":
                asked[f"{language} {body['kind']}"] += 1
                continue
            # The evaluator has no conversions of several values, which the documentation has.
            with_lists = language == "kuery" or not re.search(r"to_(lower|upper|string)|rlike|mv_", query, re.I)
            events = Maker(body["predicate"], SEED + number).events(60, with_lists)
            own, problem = bench.fires(name, query, events)
            if problem:
                asked[f"{language} not run here"] += 1
                print(f"  not run here: {short(path)}: {problem[:200]}")
                continue
            batches[language].append((path, query, events, own))
    for language, batch in batches.items():
        script = ["kuery.py", "eval"] if language == "kuery" else ["eval_esql.py"]
        answers = iter(ask([python, ORACLES / script[0], *script[1:]],
                           [{"query": query, "event": e} for _, query, events, _ in batch for e in events]))
        for path, _, events, own in batch:
            theirs = [next(answers) for _ in events]
            if problem := next((a["error"] for a in theirs if "error" in a), None):
                asked[f"{language} not run there"] += 1
                print(f"  not run there: {short(path)}: {problem[:200]}")
                continue
            asked[f"{language} rules"] += 1
            asked[f"{language} rules that fired"] += bool(own)
            asked[f"{language} verdicts"] += len(events)
            if other := own ^ {i for i, a in enumerate(theirs) if a.get("match")}:
                differing.append((path, len(other), min(other) in own, events[min(other)]))
    print("  " + ", ".join(f"{v} {k}" for k, v in sorted(asked.items())))
    for path, count, here, event in differing:
        print(f"  differs: {short(path)}: {count} events, fires {'here' if here else 'there'} alone: {json.dumps(event)[:400]}")
    run.hold(f"every verdict is that of the evaluators ({len(differing)} rules differ)", asked and not differing)


# Elastic's own tests


def official(run):
    """Cases of Elasticsearch and Kibana, those of text fields apart, which are taken for keywords here."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(run, folder)
        server(run, bench)
        kibana(run, bench)
        table(run, bench)


def told(run, what, passed, failed):
    for line in failed:
        print(f"  {line[:300]}")
    run.hold(f"{what}: {passed} of {passed + len(failed)}", not failed)


def in_esql(kuery):
    escaped = kuery.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'FROM x\n| WHERE KQL("{escaped}")\n'


def server(run, bench):
    """Where the type of a field decides, a query alone does not tell it: these are known, and counted by the reason."""
    passed, failed, known = 0, [], collections.Counter()
    for group in json.loads((CONFORMANCE / "kql_es_yaml.json").read_text())["groups"]:
        events = [{k: v for k, v in doc.items() if k != "_id"} for doc in group["docs"]]
        for query, expected, *note in group["cases"]:
            own, problem = bench.fires("q.esql", in_esql(query), events)
            found = [group["docs"][i]["_id"] for i in sorted(own or [])]
            if isinstance(expected, list) and found == sorted(expected):
                passed += 1
            elif note or not isinstance(expected, list):
                known["a text field" if note == ["text"] else "a date" if note else "a value its type cannot hold"] += 1
            else:
                failed.append(f"{group['name']}: {query!r}: {problem or found}, not {expected}")
    print(f"  known, for the type of a field decides: {dict(known)}")
    told(run, "kuery as Elasticsearch reads it", passed, failed)
    events = [{k: v for k, v in zip("abc", (a, b, c)) if v} for a in (0, 1) for b in (0, 2) for c in (0, 3)]
    passed, failed = 0, []
    for query, there, here in json.loads((CONFORMANCE / "kql_es_precedence.json").read_text())["cases"]:
        for name, asked, meant in (("q.esql", in_esql(query), in_esql(there)), ("q.kuery", query, here)):
            if (own := bench.fires(name, asked, events)) == bench.fires(name, meant, events) and own[1] is None:
                passed += 1
            else:
                failed.append(f"{query} in {name}: {own}")
    told(run, "precedence in both readings of kuery", passed, failed)


def kibana(run, bench):
    """Kibana's syntax trees, by what they mean on events made of their own words."""
    python = run.checkers.environments / "elastic/bin/python"
    passed, failed = 0, []
    for query, _ in json.loads((CONFORMANCE / "kql_kibana_ast.json").read_text())["cases"]:
        words = sorted(set(re.findall(r"[\w.]+", query)) | {"foo", "bar", query.strip(), "1000", "8000"})
        chance = random.Random(SEED)
        names = [w for w in words if not w.replace(".", "").isdigit() and w not in ("and", "or", "not")]
        events = [{}] + [
            {chance.choice(names): (int(v) if v.isdigit() and chance.random() < .5 else v)
             for v in chance.choices(words, k=chance.randrange(1, 5))} for _ in range(200)]
        own, problem = bench.fires("q.kuery", query, events)
        answers = ask([python, ORACLES / "kuery.py", "eval"], [{"query": query, "event": e} for e in events])
        theirs = {i for i, a in enumerate(answers) if a.get("match")}
        if own == theirs:
            passed += 1
        else:
            different = sorted((own or set()) ^ theirs)
            failed.append(f"{query!r}: {problem or [events[i] for i in different[:2]]}")
    told(run, "kuery as Kibana reads it", passed, failed)


def table(run, bench):
    rows = json.loads((CONFORMANCE / "employees_reduced.json").read_text())["rows"]
    cases = json.loads((CONFORMANCE / "esql_cases.json").read_text())
    passed, failed = 0, []

    def hold(name, query, found, expected):
        nonlocal passed
        if found == expected:
            passed += 1
        else:
            failed.append(f"{name}: {query}: {found}, not {expected}")

    def selected(condition):
        own, problem = bench.fires("q.esql", f"FROM employees\n| WHERE {condition}\n", rows)
        return problem if own is None else sorted(rows[i]["emp_no"] for i in own)

    for name, condition, expected in cases["from_employees"]:
        hold(name, condition, selected(condition), sorted(expected))
    quirk = cases["quirk_notLikeListAllWildcard"]
    hold("quirk", quirk["where"], selected(quirk["where"])[:2], quirk["expected"])
    present = cases["isNotNullForDocs"]
    hold("present", present["where"], len(selected(present["where"])), present["count"])
    for query, expected in cases["row_eval"]:
        condition = "result IS NULL" if expected is None else f"result == {json.dumps(expected)}"
        own, problem = bench.fires("q.esql", f"{query}\n| WHERE {condition}\n", [{"a.b": 1}])
        hold("row", query, problem or own, {0})
    told(run, "ES|QL", passed, failed)


def secrets(run):
    """The rule of Azure Arc asks for a name, which listing has none of: `check` says that `list` never matches."""
    path = next(CORPORA.glob("elastic/rules/**/credential_access_azure_arc_proxy_secret_configmap_access.toml"))
    done = run.program("check", path)
    said = [f for f in diagnostics(done.out + "\n" + done.err) if "list" in f.message]
    for found in said:
        print(f"  {found.severity}[{found.code}]: {found.message}")
    run.hold("the verb that never matches is named", bool(said))


PARTS = {"read": read, "official": official, "secrets": secrets, "verdicts": verdicts, "convert": convert}
