"""`scripts/bench sigma`: reads SigmaHQ's rules and writes them as SPL, beside pySigma and its backend for Splunk.

A scratch environment made with Python's venv gets those from PyPI.
"""
import pathlib, shutil, statistics, subprocess, sys, tempfile

from measuring.program import CORPORA, run

RULES = CORPORA / "sigma/rules"
ONE = RULES / "application/kubernetes/audit"
#: What a user of pySigma writes to read all rules, and to convert them all.
READ = """
import sys
from sigma.collection import SigmaCollection
rules = SigmaCollection.load_ruleset([sys.argv[1]], collect_errors=True)
assert len(rules) >= int(sys.argv[2]), len(rules)
for rule in rules:
    for detection in getattr(rule, "detection").parsed_condition:
        try: detection.parsed
        except Exception: pass
"""
CONVERT = """
import sys
from sigma.collection import SigmaCollection
from sigma.backends.splunk import SplunkBackend
rules = SigmaCollection.load_ruleset([sys.argv[1]], collect_errors=True)
backend = SplunkBackend(collect_errors=True)
queries = []
for rule in rules:
    try: queries += backend.convert_rule(rule)
    except Exception: pass
assert len(queries) >= int(sys.argv[2]) * 0.9, len(queries)
"""


def environment(folder):
    """A Python that has pySigma, made where it is not there yet."""
    python = folder / "bin/python"
    if not (folder / "lib").exists() or subprocess.run([python, "-c", "import sigma.backends.splunk"]).returncode:
        print(f"making {folder} with pySigma from PyPI")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "pysigma", "pysigma-backend-splunk"], check=True)
    versions = subprocess.run([python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True).stdout
    print("against", ", ".join(v for v in versions.split() if v.lower().startswith("pysigma")))
    return python


def measured(command, rounds, allowed=(0, 1)):
    """Median seconds and the largest peak of memory."""
    results = [run(command) for _ in range(rounds)]
    for result in results:
        if result.status not in allowed:
            sys.exit(f"{command} ended with {result.status}: {result.err[-500:]}")
    return statistics.median(r.seconds for r in results), max(r.megabytes for r in results)


def compare(hold, what, ours, theirs, ratio):
    print(f"  {what:34} here {ours[0] * 1000:8.1f} ms {ours[1]:6.0f} MB   pySigma {theirs[0] * 1000:9.1f} ms"
          f" {theirs[1]:6.0f} MB   {theirs[0] / ours[0]:.0f}×")
    hold(f"{what}: at least {ratio}× faster ({theirs[0] / ours[0]:.1f}×)", theirs[0] / ours[0] >= ratio)
    hold(f"{what}: no more memory", ours[1] <= theirs[1])


#: Takes files apart into libyaml's events, and does nothing with them.
PARSE = r"""
#include <stdio.h>
#include <yaml.h>
int main(int count, char **paths) {
  for (int i = 1; i < count; i++) {
    yaml_parser_t parser;
    yaml_event_t event;
    FILE *file = fopen(paths[i], "rb");
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    for (int ended = 0; !ended && yaml_parser_parse(&parser, &event); yaml_event_delete(&event))
      ended = event.type == YAML_STREAM_END_EVENT;
    yaml_parser_delete(&parser);
    fclose(file);
  }
}
"""


def libyaml(paths, rounds):
    """Seconds that libyaml itself takes for the files; nothing where there is no compiler."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder) / "parse.c", pathlib.Path(folder) / "parse"
        source.write_text(PARSE)
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler or subprocess.run([compiler, "-O2", source, "-lyaml", "-o", program]).returncode:
            return None
        return measured([program, *paths], rounds, allowed=(0,))[0]


def sigma(options, program, folder, hold):
    """Compares reading, converting, and a single rule."""
    paths = sorted(RULES.rglob("*.yml"))
    python = environment(folder / "pysigma")
    print(f"{len(paths)} rules; medians of {options.runs}")
    own = ["--from", "sigma", "--unmapped", "keep", "-q"]
    theirs = lambda code, path, count: [python, "-c", code, path, count]
    reading = measured([program, "ir", RULES, *own], options.runs)
    compare(hold, "read all", reading, measured(theirs(READ, RULES, len(paths) * 0.9), options.runs), 20)
    with tempfile.TemporaryDirectory() as folder:
        convert = lambda *more: [program, "convert", RULES, "--to", "spl", "-o", folder, *own, *more]
        plain = measured(convert("--verify", "off"), options.runs)
        compare(hold, "convert all to SPL", plain,
                measured(theirs(CONVERT, RULES, len(paths)), options.runs), 20)
        proved = measured(convert(), 1)
        print(f"  {'the same, each output proved':34} here {proved[0] * 1000:8.1f} ms {proved[1]:6.0f} MB"
              f"   {proved[0] / plain[0]:.1f}× of that")
        one = sorted(ONE.glob("*.yml"))[0]
        single = measured([program, "convert", one, "--to", "spl", *own, "--verify", "off"], options.runs * 3)
        compare(hold, "one rule with the start", single, measured(theirs(CONVERT, one, 1), options.runs), 15)
    if spent := libyaml(paths, options.runs):
        print(f"  libyaml alone takes {spent * 1000:.0f} ms of the {reading[0] * 1000:.0f} ms of reading"
              f" ({spent / reading[0]:.0%})")
