"""Strict parsers of the targets, which are no part of the project; all texts of a target go to one process."""
import json, subprocess, sys

from .program import SHARED

ORACLES = SHARED / "oracles"


class Checkers:
    """Which texts does the target's own grammar refuse?

    A target without a checker here accepts all; `has` says which have one.
    """

    #: target: environment ("" for any Python), script and arguments, how a text becomes a request
    SCRIPTS = {
        "kuery": ("elastic", ["kuery.py", "check"], lambda text: {"query": text}),
        "esql": ("elastic", ["check_esql.py"], lambda text: text),
        "eql": ("elastic", ["check_eql.py"], lambda text: text),
        "lucene": ("elastic", ["check_lucene.py"], lambda text: text),
        "kusto": ("kusto", ["check_kusto.py"], lambda text: text),
        "spl": ("", ["eval_spl.py"], lambda text: {"spl": text, "events": []}),
    }

    def __init__(self, environments):
        self.environments = environments

    def has(self, target):
        if target == "panther":
            return True
        if target not in self.SCRIPTS:
            return False
        environment = self.SCRIPTS[target][0]
        return not environment or (self.environments / environment / "bin/python").exists()

    def refusals(self, target, texts):
        """A list as long as that of the texts: None, or why it is refused."""
        if not texts or not self.has(target):
            return [None] * len(texts)
        if target == "panther":
            return [self.python(text) for text in texts]
        environment, script, request = self.SCRIPTS[target]
        python = self.environments / environment / "bin/python" if environment else sys.executable
        answers = ask([python, ORACLES / script[0], *script[1:]], [request(text.strip()) for text in texts])
        return [None if a.get("ok", "error" not in a) else str(a.get("error") or a.get("errors")) for a in answers]

    @staticmethod
    def python(text):
        try:
            compile(text, "rule.py", "exec")
        except SyntaxError as error:
            return str(error)


def ask(command, requests):
    """Answers of a checker that reads and writes a JSON value a line."""
    text = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run([str(c) for c in command], input=text, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip().startswith("{")]
    if len(answers) != len(requests):
        sys.exit(f"{command[1]} gave {len(answers)} answers to {len(requests)} requests: {done.stderr[-500:]}")
    return answers
