"""The detections of Splunk's security content."""
import collections, json, pathlib, random, re, sys, tempfile

from .checkers import ORACLES
from .corpus import Corpus, Folder, outlines
from .program import CORPORA, SHARED, counted, diagnostics, short
from .spl_events import Maker
from .spl_rows import Macros, Rows, Unknown, document
from .splunk_contentctl import contentctl

sys.path.insert(0, str(ORACLES))

HERE = CORPORA / "splunk"
DETECTIONS = HERE / "detections"
#: Malformed in themselves: an eval call inside `search`, and a text with HTML's escapes in it.
MALFORMED = {
    "abnormally_high_aws_instances_launched_by_user.yml", "abnormally_high_aws_instances_terminated_by_user.yml",
    "ping_sleep_batch_command.yml",
}
READING = ["--unmapped", "keep", "--macros", HERE / "macros"]
#: Macros of other apps that published detections call.
OTHER_APPS = ["--macro", "get_asset(field)=lookup asset_lookup_by_str ip as $field$ OUTPUTNEW dns"]
WHOLE_FILTER = "every filter of single events is understood"
KUBERNETES = re.compile(r"`kube_audit`|`kubernetes_azure`|objectRef\.|user\.groups\{\}|authorization\.k8s\.io")
#: Commands that an exported search may have.
COMMANDS = {"search", "where", "stats", "streamstats", "bin", "fillnull", "sort", "from", "datamodel", "eval", "regex",
            "mvexpand"}

#: Cases in which the program is known to differ, and why.
KNOWN = {
    "MV05": "no list has the name without {}: known where a mapping marks lists, and not of a field that none names",
    "NUM09": "the documentation of search says that equality compares texts, and that 1 does not match 1.0",
    "JSON04": "that a null is the text 'null' is nowhere documented; here it is no value",
}

#: Detections over Kubernetes' audit log whose filter is not one of fields of the event.
KNOWN_FILTERS = {
    "kubernetes_abuse_of_secret_by_unusual_location": "it asks for the country of an address, which the event lacks",
}

CORPUS = Corpus("splunk", READING, [Folder("splunk/detections", .75)], own="spl")


def reference():
    import splref
    return splref


class Bodies:
    """What became of every detection."""

    def __init__(self, run):
        self.files = sorted(DETECTIONS.rglob("*.yml"))
        result = run.program("ir", "--vendor", *READING, *OTHER_APPS, DETECTIONS)
        self.seconds, self.is_crash = result.seconds, result.is_crash
        found = diagnostics(result.err)
        self.errors = {f.path: f for f in reversed(found) if f.severity == "error"}
        self.read, unmodelled = outlines(result.out)
        self.unmodelled = dict(unmodelled)
        self.unknown_commands = [f for f in found if f.code == "unknown-command"]
        blocks = re.split(r"\n(?=\w+\[)", result.err)
        filters = {m[1] for b in blocks if "unmodelled-rule" in b and WHOLE_FILTER in b
                   for m in [re.search(r"--> (" + re.escape(str(DETECTIONS)) + r".*?):\d+:\d+", b)] if m}
        self.filtered = [p for p in self.read if p not in self.unmodelled or p in filters]
        self.whole = [p for p in self.read if p not in self.unmodelled]


def read(run):
    """Every detection: parsed, its filter modelled, modelled whole; the rest by reason."""
    bodies = Bodies(run)
    total = len(bodies.files)
    print(f"{total} detections ({bodies.seconds:.1f} s)")
    for path, found in sorted(bodies.errors.items()):
        print(f"  refused: {short(path)}:{found.line}: {found.code}: {found.message}")
    run.hold(f"all but the malformed parsed ({len(bodies.read)} of {total})", total > 0 and not bodies.is_crash and
             {pathlib.Path(p).name for p in bodies.errors} <= MALFORMED and len(bodies.read) + len(bodies.errors) == total)
    print("  stages by commands that are not Splunk's own:", len(bodies.unknown_commands),
          *{f.message for f in bodies.unknown_commands})
    for what, paths, wanted in (("filter modelled", bodies.filtered, .9), ("modelled whole", bodies.whole, .75)):
        run.hold(f"{what}: {len(paths)} of {total}, {len(paths) / total:.1%}", len(paths) / total >= wanted)
    for reason, count in collections.Counter(bodies.unmodelled.values()).most_common():
        print(f"  not modelled: {count} × {reason}")
        for path in [p for p, r in bodies.unmodelled.items() if r == reason] if run.is_verbose else []:
            print(f"    {short(path)}{'' if path in bodies.filtered else '   (filter too)'}")


def kubernetes(run):
    """The detections over Kubernetes' audit log, a line each; allow-lists stay visible."""
    bodies = Bodies(run)
    paths = [p for p in bodies.files if KUBERNETES.search(document(p)["search"])]
    whole = [p for p in paths if str(p) in bodies.whole]
    for path in paths:
        state = "whole" if path in whole else bodies.unmodelled.get(str(path), "refused")
        print(f"  {short(path)}: {state}{'' if str(path) in bodies.filtered else '   (filter too)'}")
    unfiltered = {p.stem for p in paths if str(p) not in bodies.filtered}
    for name, reason in KNOWN_FILTERS.items():
        print(f"  known: {name}: {reason}")
    run.hold(f"filter of all {len(paths)} but {len(KNOWN_FILTERS)}", paths and unfiltered == set(KNOWN_FILTERS))
    run.hold(f"whole: {len(whole)} of {len(paths)}, {len(whole) / len(paths):.1%}", len(whole) / len(paths) >= .84)
    secrets = sorted(DETECTIONS.rglob("kubernetes_abuse_of_secret_by_unusual_*.yml"))
    for path in secrets:
        macro = re.search(r"`(kube_allowed_\w+)`", document(path)["search"])[1]
        allowed = document(HERE / "macros" / f"{macro}.yml")["definition"]
        shown = run.program("ir", "--vendor", *READING, path)
        value = re.split(r"=|\bIN\b", allowed, maxsplit=1)[1].strip(' ()"')
        run.hold(f"{path.stem}: {macro} ({allowed}) is visible", value in shown.out + shown.err)
    run.hold("four such rules", len(secrets) == 4)


def conformance(run):
    """Cases after the documentation."""
    cases = [json.loads(line) for line in open(SHARED / "conformance/splunk/spl_cases.jsonl")]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            fired, result = fires(run, folder, case["spl"], [case["event"]], ".spl", [])
            if (0 in fired) != case["match"] or result.status not in (0, 1):
                wrong.append(case)
                print(f"  {case['id']} ({case['confidence']}): {case['spl']}   on {json.dumps(case['event'])[:80]}:"
                      f" wanted {case['match']} {''.join(d.message for d in diagnostics(result.err)[:1])}")
    print(f"  {len(cases) - len(wrong)} of {len(cases)} as expected, {len(KNOWN)} known to differ")
    for name, reason in KNOWN.items():
        print(f"  known: {name}: {reason}")
    run.hold("no case differs but those, and each of those does", cases and {c["id"] for c in wrong} == set(KNOWN))


#: Data sets whose name `tstats` puts before a field, and which are mapped to records without it.
DATA_SETS = ["Processes", "Registry", "Filesystem", "Web", "All_Traffic", "DNS", "Authentication", "All_Changes"]


def record(event):
    """The event as the data model has it."""
    inner = {k: v for name in DATA_SETS if isinstance(event.get(name), dict) for k, v in event[name].items()}
    return {k: v for k, v in event.items() if k not in DATA_SETS} | inner


def fires(run, folder, text, events, suffix=".spl", options=None):
    """The indices of the events that a rule's text matches."""
    rule, log = pathlib.Path(folder) / f"rule{suffix}", pathlib.Path(folder) / "events.jsonl"
    rule.write_text(text)
    if "datamodel" in text:
        events = [record(e) for e in events]
    log.write_text("".join(json.dumps(e, separators=(",", ":")) + "\n" for e in events))
    result = run.program("match", "--rules", rule, log, "-q", *(READING if options is None else
                                                               ["--unmapped", "keep", *options]))
    return {json.loads(line)["line"] - 1 for line in result.out.splitlines()}, result


def verdicts(run, count=60):
    """Every detection that is modelled whole, on events made from what it tests."""
    bodies, splref = Bodies(run), reference()
    rows, macros = Rows(splref), Macros(HERE / "macros")
    kinds = kind_by_path(run)
    reasons, wrong, compared, active, total = collections.Counter(), [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for path in bodies.whole:
            try:
                text = macros.expand(splref.strip_comments(document(pathlib.Path(path))["search"]))
                if kinds.get(path) == "threshold":
                    text = before_aggregation(splref, text)
                stages = rows.stages(text)
                events = Maker(splref, 7).events(rows.conditions(stages), count)
                raws = [json.dumps(e, separators=(",", ":")) for e in events]
                expected = {i for i, e in enumerate(events) if rows.passes(stages, e, raws[i])}
            except (Unknown, splref.SplError, re.error, ValueError, KeyError, IndexError, RecursionError) as error:
                reasons[str(error).split(" at ")[0][:60]] += 1
                continue
            fired, result = fires(run, folder, text, events, options=[])
            compared, total, active = compared + 1, total + len(events), active + bool(expected)
            if fired != expected or result.status not in (0, 1):
                wrong.append(path)
                first = min(fired ^ expected, default=0)
                print(f"  {short(path)}: {len(fired - expected)} more, {len(expected - fired)} fewer\n    {text[:1500]}"
                      f"\n    {raws[first][:600]} {result.err[:300]}")
    print(f"  {compared} detections, {total} verdicts, {active} detections fired; not evaluated:",
          counted(reasons.elements()))
    run.hold(f"the same verdicts ({compared - len(wrong)} of {compared})", compared and not wrong)


def kind_by_path(run):
    """Whether each rule is a predicate or a threshold."""
    kinds, path = {}, None
    for line in run.program("ir", "--vendor", *READING, *OTHER_APPS, DETECTIONS).out.splitlines():
        if f"    {CORPORA}" in line and not line.startswith(" "):
            path, is_first = line.rpartition("    ")[2], True
        elif path and is_first:
            is_first = False
            counts = re.match(r"(count|different|sum|average|percentile).* (<=?|>=?|!?=) \S+ (within|in) ", line)
            kinds[path] = "threshold" if counts else "predicate"
    return kinds


def before_aggregation(splref, text):
    """The filters that the counted events pass."""
    stages = splref.split_pipe(text)
    for index, stage in enumerate(stages):
        command = stage.split(maxsplit=1)[0].lower() if stage else ""
        if command == "tstats":
            where = re.search(r"(?is)\bwhere\b(.*?)(?:\b(?:by|groupby)\b[^\"()]*)?$", stage)
            return (where[1] if where else "*").strip()
        if command in ("stats", "streamstats", "eventstats", "top", "rare"):
            return " | ".join(stages[:index])
    return text


def sigma(run, sample=300):
    """The whole Sigma corpus as SPL: taken by the reference parser, and with the same verdicts for a sample."""
    splref = reference()
    rows = Rows(splref)
    rules = [CORPORA / "sigma" / name for name in ("rules", "rules-emerging-threats", "rules-threat-hunting")]
    with tempfile.TemporaryDirectory() as folder:
        found, result = run.program.convert(rules, "spl", folder, "--unmapped", "keep", "--verify", "off")
        written = [row for row in found if row.file]
        print(f"  {len(found)} rules, {len(written)} written: {counted(row.verdict for row in found)}")
        for kind, number in collections.Counter(r.errors[0].kind for r in found if r.errors).most_common(12):
            print(f"  refused: {number} × {kind}")
        unread, unknown = [], collections.Counter()
        for row in written:
            try:
                stages = splref.parse(pathlib.Path(row.file).read_text().strip())
                unknown.update(s["cmd"] for s in stages if s["cmd"] not in COMMANDS)
            except splref.SplError as error:
                unread.append(row)
                print(f"  not parsed: {short(row.path)}: {error}")
        run.hold(f"the reference parses every search ({len(written) - len(unread)} of {len(written)})",
                 written and not unread)
        run.hold("no unknown command" + "".join(f", but {c}" for c in unknown), not unknown)
        drawn = random.Random(7).sample(written, min(sample, len(written)))
        compare(run, splref, rows, folder, drawn)


def compare(run, splref, rows, folder, drawn):
    """The verdicts of the Sigma rule here, and of the search by the reference."""
    wrong, compared, active, reasons = [], 0, 0, collections.Counter()
    for row in drawn:
        text, rule = pathlib.Path(row.file).read_text().strip(), pathlib.Path(row.path).read_text()
        try:
            stages = rows.stages(before_aggregation(splref, text))
            events = Maker(splref, 11).events(rows.conditions(stages), 100)
            raws = [json.dumps(e, separators=(",", ":")) for e in events]
            passed = {i for i, e in enumerate(events) if rows.passes(stages, e, raws[i])}
        except (Unknown, splref.SplError, re.error, RecursionError) as error:
            reasons[str(error)[:60]] += 1
            continue
        fired, result = fires(run, folder, rule, events, ".yml", ["--from", "sigma"])
        if "stats" in text:
            reasons["counts events"] += 1
            continue
        compared, active = compared + 1, active + bool(passed)
        more, fewer = passed - fired, fired - passed
        allowed = {"exact": (0, 0), "broader": (1, 0), "narrower": (0, 1)}.get(row.verdict, (1, 1))
        if more and not allowed[0] or fewer and not allowed[1] or result.status not in (0, 1):
            wrong.append(row)
            first = min(more | fewer, default=0)
            print(f"  {short(row.path)} ({row.verdict}): {len(more)} more, {len(fewer)} fewer\n    {text[:900]}\n    "
                  f"{raws[first][:500]} {result.err[:300]}")
    print(f"  {compared} rules compared, {active} fired; not compared: {counted(reasons.elements()) or 'none'}")
    run.hold(f"the same verdicts, as losses allow ({compared - len(wrong)} of {compared})", compared and not wrong)


PARTS = {"read": read, "kubernetes": kubernetes, "conformance": conformance, "verdicts": verdicts, "sigma": sigma,
         "contentctl": contentctl}
