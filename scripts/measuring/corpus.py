"""What every corpus of published rules is held to: all of it read, and written for every target."""
import collections, dataclasses, pathlib, tempfile

from .program import CORPORA, counted, diagnostics, short

#: Targets that the program may come to know later are left out until it does.
TARGETS = ["sigma", "kuery", "lucene", "esql", "eql", "spl", "kusto", "panther"]


@dataclasses.dataclass
class Folder:
    """A part of a corpus, and the share of its rules that must be read."""

    path: str
    share: float = 1.0

    @property
    def full(self):
        return CORPORA / self.path


@dataclasses.dataclass
class Corpus:
    """The rules of one vendor.

    A language has a module here with a value of this, `CORPUS`, and `PARTS`: what can be measured, by name, each a
    function of a `Run`. `read` and `convert` below serve all.
    """

    name: str
    #: Options for reading, such as `["--from", "sigma"]`.
    reading: list
    folders: list
    #: The target in which what is written must be equivalent to what was read.
    own: str


@dataclasses.dataclass
class Run:
    """One measurement: the corpus, the program, the checkers, what was promised."""

    corpus: Corpus
    program: object
    checkers: object
    promises: object
    targets: list
    is_verbose: bool = False

    def hold(self, promise, is_kept):
        self.promises.hold(promise, is_kept)


def read(run):
    """Every file: read, or refused with a reason, a line each."""
    for folder in run.corpus.folders:
        result = run.program("ir", *run.corpus.reading, "--unmapped", "keep", folder.full)
        errors = [f for f in diagnostics(result.err) if f.severity == "error"]
        rules, unmodelled = outlines(result.out)
        refused = {f.path: f for f in reversed(errors)}
        total = len(rules) + len(refused)
        print(f"{folder.path}: {total} rules, {len(refused)} refused, {len(unmodelled)} not modelled"
              f" ({result.seconds:.1f} s, {result.megabytes:.0f} MB)")
        for path, found in sorted(refused.items()):
            print(f"  refused: {short(path)}:{found.line}: {found.code}: {found.message}")
        for path, reason in unmodelled:
            print(f"  not modelled: {short(path)}: {reason}")
        share = (total - len(refused) - len(unmodelled)) / max(total, 1)
        run.hold(f"at least {folder.share:.0%} of {folder.path} read ({share:.1%})", total > 0 and share >= folder.share)
        run.hold("nothing crashes", not result.is_crash)


def outlines(text):
    """The paths of the rules that `ir` shows, and those that it does not model, with the reason."""
    rules, unmodelled = [], []
    for line in text.splitlines():
        if line and not line.startswith(" ") and f"    {CORPORA}" in line:
            rules.append(line.rpartition("    ")[2])
        elif line.startswith("unmodelled: ") and rules:
            unmodelled.append((rules[-1], line[12:].partition(";")[0]))
    return rules, unmodelled


def convert(run):
    """Every rule into every target: exact, or the loss named, or refused with a reason; and the target takes it."""
    paths = [folder.full for folder in run.corpus.folders]
    for target in run.targets:
        with tempfile.TemporaryDirectory() as folder:
            rows, result = run.program.convert(paths, target, folder, *run.corpus.reading, "--unmapped", "warn")
            if result.status == 3 and "is no form to write" in result.err:
                print(f"{target}: not there yet")
                continue
            written = [row for row in rows if row.file]
            texts = [pathlib.Path(row.file).read_text() for row in written]
        report(run, target, rows, result)
        if run.checkers.has(target):
            check(run, target, written, texts)
        run.hold(f"{target}: nothing crashes, no difference is unexplained", not result.is_crash and result.status != 70)


def report(run, target, rows, result):
    verdicts = [f"{row.verdict} {row.assurance.partition(' ')[0].rstrip(':')}".strip() for row in rows]
    print(f"{target}: {len(rows)} rules: {counted(verdicts)} ({result.seconds:.0f} s, {result.megabytes:.0f} MB)")
    for found in (f for row in rows for f in row.errors if f.code == "unexplained-difference"):
        print(f"  unexplained: {found.message}")
    tell("refused", run, [(row, row.errors[0].kind if row.errors else "no reason") for row in rows
                          if row.verdict == "refused"])
    tell("unproved", run, [(row, row.assurance) for row in rows if row.assurance.startswith(("unproved", "tested"))])
    run.hold(f"{target}: each refusal has a reason", all(row.errors for row in rows if row.verdict == "refused"))
    silent = [row for row in rows if row.verdict in ("broader", "narrower", "both") and not any(
        f.code in ("inexact-translation", "unmapped-field") for f in row.found)]
    for row in silent[:20]:
        print(f"  no loss named: {short(row.path)}: {row.verdict}")
    run.hold(f"{target}: each loss is named", bool(rows) and not silent)
    if target == run.corpus.own:
        other = [row for row in rows if row.verdict != "exact"]
        for row in other:
            print(f"  {row.verdict}: {short(row.path)} {row.errors[0].message if row.errors else ''}")
        run.hold(f"{target} to {target} is equivalent for all", not other)


def tell(what, run, pairs):
    """Counts by reason, with an example each; a line a rule where asked for."""
    groups = collections.defaultdict(list)
    for row, reason in pairs:
        groups[reason].append(row)
    for reason, rows in sorted(groups.items(), key=lambda entry: -len(entry[1])):
        print(f"  {what}: {len(rows)} × {reason}   e.g. {short(rows[0].path)}")
        for row in rows if run.is_verbose else []:
            print(f"    {short(row.path)}")


def check(run, target, written, texts):
    refusals = run.checkers.refusals(target, texts)
    bad = [(row, text, reason) for row, text, reason in zip(written, texts, refusals) if reason]
    for row, text, reason in bad[:20]:
        print(f"  not accepted: {short(row.path)}: {reason[:200]}\n    {text.strip()[:400]}")
    run.hold(f"{target}: its parser accepts every output ({len(texts) - len(bad)} of {len(texts)})", texts and not bad)
