#!/usr/bin/env python3
"""Does the time that reading SPL takes grow as the search does?

Searches of many shapes are read at one size and at twice that: the processor time, less that of the program's start,
may be at most 2.2 times as much, and no shape may take longer than a few seconds. Needs a release build:
    swift build -c release --product cognate
    scripts/bench_splunk.py [--runs 5] [SHAPE ...]
Exit code 1 where a shape is worse than promised.
"""
import argparse, os, pathlib, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COGNATE = pathlib.Path(os.environ.get("COGNATE", ROOT / ".build/release/cognate"))
LIMIT = 1_000_000
#: Times below this are of the machine's noise.
SHORTEST = 0.05


def repeated(piece, start="", end=""):
    """A shape of many pieces, numbered where the piece asks for it, within a number of bytes."""
    def text(size):
        pieces, length, index = [], len(start) + len(end), 0
        while length < size:
            pieces.append(piece.replace("#", str(index)))
            length += len(pieces[-1])
            index += 1
        return start + "".join(pieces) + end
    return text


def counted(piece, most, start="", end=""):
    """A shape whose number of pieces has a limit: as many as that at the full size."""
    def text(size):
        return start + "".join(piece.replace("#", str(i)) for i in range(most * size // LIMIT)) + end
    return text


SHAPES = {
    "one long value": repeated("x", "a="),
    "one long quoted value": repeated("x", 'a="', '"'),
    "escapes in a value": repeated('\\"', 'a="', '"'),
    "wildcards in a value": repeated("x*", "a="),
    "alternatives": repeated("a=x# OR ", end="a=y"),
    "a long list": repeated("x#, ", "a IN (", "y)"),
    "many terms": repeated("word# "),
    "groups": repeated("(a=x# OR b=y#) "),
    "negations": repeated("NOT a=x# "),
    "alternatives of where": repeated('a="x#" OR ', "* | where ", 'a="y"'),
    "sums": repeated("a+", "* | where b=", "a"),
    "a long list of where": repeated('"x#",', "* | where a IN (", '"y")'),
    "one long comment": repeated("x ", "a=1 ```", "```"),
    "comments": repeated("```c``` a=x# "),
    "blanks": repeated(" ", "a=1", "b=2"),
    "line ends": repeated("\n", "a=1 ", "b=2"),
    "stages": counted("| search a=x# ", 999, "a=1 "),
    "long stages": counted("| search " + "a=1 " * 200, 999, "a=1 "),
    "renamings": counted("| rename a# as b# ", 999, "a=1 ", "| search b1=2"),
    "patterns of names": counted("| rename x#.* as y#.* ", 999, "a=1 ", "| search z=2"),
    "assignments": counted("| eval a#=b# ", 999, "a=1 ", "| search a1=2"),
    "assignments in a chain": counted("| eval a=lower(a) ", 999, "a=1 ", '| where a="x"'),
    "columns": counted("count(eval(a=#)) as c# ", 1_999 // 3, "a=1 | stats ", "by b"),
    "groups of an expression": counted("(?<a#>x)", 20_000, 'a=1 | rex "', '"'),
    "brackets": repeated("[search a=1] ", "a=1 | append [search ", "]"),
    "brackets that do not close": repeated("[", "a=1 | append "),
    "quotes that do not close": repeated('" ', 'a=1 "'),
    "parentheses that do not close": repeated("(", "a=1 "),
    "backticks": repeated("`", "a=1 "),
    "unknown macros": repeated("`m#` ", "a=1 "),
    "backslashes": repeated("\\", "a="),
    "commas": repeated(",", "a=1 | table "),
    "letters beyond ASCII": repeated("é", 'a="', '"'),
    "conditions on groups": counted("c>#  OR ", 20_000, "a=1 | stats count as c by b | where ", "c>0"),
    "conditions on gathered values": counted("v=x#  OR ", 20_000, "a=1 | stats values(v) as v by b | search ", "v=y"),
}

#: Files of definitions and of saved searches.
FILES = {
    "macros": (".conf", "macros", repeated("[m#]\ndefinition = a=x#\n")),
    "a macro of many arguments": (".conf", "macros", repeated("$a$ ", "[m(1)]\nargs = a\ndefinition = x=", "\n")),
    "saved searches": (".conf", "rules", repeated("[s#]\nsearch = a=x#\n")),
    "one long setting": (".conf", "rules", repeated("a=x \\\n", "[s]\nsearch = ", "a=y\n")),
}


def seconds(command, runs):
    """The least processor time of several runs."""
    found = []
    for _ in range(runs):
        process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 2):
            return None
        found.append(usage.ru_utime + usage.ru_stime)
    return min(found)


def measure(folder, kind, suffix, text, runs):
    rule = folder / f"rule{suffix if kind == 'rules' else '.spl'}"
    options = []
    if kind == "macros":
        (folder / "macros.conf").write_text(text)
        options = ["--macros", folder / "macros.conf"]
        text = "a=1 `m1`" if "[m1]" in text else "a=1 `m(b)`"
    rule.write_text(text)
    return seconds([COGNATE, "ir", "--unmapped", "keep", "-q", *options, rule], runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    known = {name: (".spl", "rules", text) for name, text in SHAPES.items()} | FILES
    for name in options.shapes:
        if name not in known:
            sys.exit(f"'{name}' is no shape: {', '.join(known)}")
    missed = 0
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        start = measure(folder, "rules", ".spl", "a=1", options.runs * 2) or 0
        for name in options.shapes or known:
            suffix, kind, text = known[name]
            once = measure(folder, kind, suffix, text(LIMIT // 2), options.runs)
            twice = measure(folder, kind, suffix, text(LIMIT), options.runs)
            if once is None or twice is None:
                missed += 1
                print(f"  MISSED  {name}: the program crashed")
                continue
            once, twice = once - start, twice - start
            ratio = twice / max(once, SHORTEST)
            is_kept = ratio <= 2.2 and twice < 5
            missed += not is_kept
            print(f"  {'kept  ' if is_kept else 'MISSED'}  {name:32} {once * 1000:8.0f} ms {twice * 1000:8.0f} ms  "
                  f"{ratio:.2f}×", flush=True)
    sys.exit(1 if missed else 0)


main()
