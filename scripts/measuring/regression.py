"""SigmaHQ's regression data: events that a rule must fire on, and how often."""
import re

from .program import CORPORA, short

DATA = CORPORA / "sigma/regression_data"
#: Log sources without a mapping look at every event.
OPTIONS = ["--from", "sigma", "--unmapped", "keep", "-q"]


def regression(run):
    """Every case fires at least as often as it says, and no rule of the corpus stops on any of the events."""
    paths = rules_by_id(run)
    cases = sorted(DATA.rglob("info.yml"))
    fired = 0
    for info in cases:
        text = info.read_text()
        wanted = int((re.search(r"match_count:\s*(\d+)", text) or [0, 1])[1])
        identifier = re.search(r"rule_metadata:\s*\n\s*- id:\s*(\S+)", text)
        rule, events = paths.get(identifier and identifier[1]), sorted(info.parent.glob("*.json"))
        if not rule or not events:
            print(f"  no {'events' if rule else 'rule'}: {short(info)}")
            continue
        result = run.program("match", "--rules", rule, *OPTIONS, *events)
        hits = len(result.out.splitlines())
        fired += hits >= wanted
        if hits < wanted or result.is_crash:
            print(f"  fired {hits} of {wanted}: {short(rule)} {result.err.strip()[:300]}")
    run.hold(f"every case fires ({fired} of {len(cases)})", cases and fired == len(cases))
    events = sorted(DATA.rglob("*.json"))
    result = run.program("match", "--rules", *[f.full for f in run.corpus.folders], *OPTIONS, *events)
    run.hold("no rule stops on any of the events", not result.is_crash and "no verdict" not in result.err)


def rules_by_id(run):
    found = {}
    for folder in run.corpus.folders:
        for path in folder.full.rglob("*.yml"):
            if identifier := re.search(r"^id:\s*(\S+)", path.read_text(), re.MULTILINE):
                found.setdefault(identifier[1], path)
    return found
