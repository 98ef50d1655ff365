"""Runs the program, and reads what it prints."""
import collections, dataclasses, os, pathlib, re, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
CORPORA = SHARED / "corpora"

DIAGNOSTIC = re.compile(r"^\s*(error|warning|info)\[([\w-]+)\]: (.*)$")
PLACE = re.compile(r"^\s*--> (.*?):(\d+):(\d+)$")
ROW = re.compile(
    r"^(?P<path>\S.*?)  (?: *(?P<file>\S.*?)  +)?(?P<verdict>exact|broader|narrower|both|refused)"
    r"(?: \((?P<assurance>proved|tested on \d+ events|unproved: .*)\))?$")


@dataclasses.dataclass
class Found:
    """A diagnostic as it was printed."""

    severity: str
    code: str
    message: str
    path: str = ""
    line: int = 0

    @property
    def kind(self):
        """The message without what is particular to one rule, to count by."""
        return f"{self.code}: " + re.sub(r"\d+", "N", re.sub(r"'[^']*'", "'…'", self.message))


@dataclasses.dataclass
class Conversion:
    """A row of the table that `convert` prints."""

    path: str
    file: str | None
    verdict: str
    assurance: str
    found: list

    @property
    def errors(self):
        return [f for f in self.found if f.severity == "error"]


@dataclasses.dataclass
class Result:
    status: int
    out: str
    err: str
    seconds: float
    megabytes: float

    @property
    def is_crash(self):
        return self.status < 0 or self.status not in (0, 1, 2, 3, 70)


def diagnostics(text):
    found = []
    for line in text.splitlines():
        if match := DIAGNOSTIC.match(line):
            found.append(Found(*match.groups()))
        elif (match := PLACE.match(line)) and found and not found[-1].path:
            found[-1].path, found[-1].line = match[1], int(match[2])
    return found


def run(command, cwd=ROOT):
    """The end, the output, the time and the peak memory of a command."""
    command = [str(c) for c in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begun
        out.seek(0), err.seek(0)
        texts = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    return Result(process.returncode, *texts, seconds, usage.ru_maxrss / 1024)


class Program:
    """The program as it was built."""

    def __init__(self, build):
        self.path = build / "cognate"
        if not self.path.exists():
            sys.exit("run 'swift build -c release --product cognate' first, or say with --build where it is")

    def __call__(self, *arguments):
        return run([self.path, *arguments])

    def convert(self, paths, target, folder, *more):
        """Every row of the table, in its order, and the run."""
        result = self("convert", *paths, "--to", target, "-o", folder, *more)
        rows, blocks = [], []
        for line in result.out.splitlines():
            match = ROW.match(line)
            if match and not line.startswith(" "):
                rows.append(Conversion(match["path"].strip(), match["file"], match["verdict"],
                                       match["assurance"] or "", []))
                blocks.append([])
            elif blocks:
                blocks[-1].append(line)
        for row, block in zip(rows, blocks):
            row.found = diagnostics("\n".join(block))
        return rows, result


def short(text):
    return str(text).replace(str(CORPORA) + "/", "")


class Promises:
    """What was promised, and whether it was kept."""

    def __init__(self):
        self.missed = []

    def hold(self, promise, is_kept):
        print(f"  {'kept  ' if is_kept else 'MISSED'}  {promise}", flush=True)
        if not is_kept:
            self.missed.append(promise)


def counted(values, most=None):
    return ", ".join(f"{n} {v}" for v, n in collections.Counter(values).most_common(most))
