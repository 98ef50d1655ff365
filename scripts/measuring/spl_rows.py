"""Which events come out of a whole pipeline? Stands on the reference reading of SPL that ../shared/oracles holds.

The reference evaluates `search`, `where`, `regex` and `eval`; what the stages between them do to fields is done here.
"""
import json, re, sys

SELECTORS = {"index", "sourcetype", "source", "eventtype", "host"}
PASSIVE = {"sort", "convert", "head", "tail", "reverse", "bin", "bucket", "iplocation", "outputlookup", "eventstats",
           "streamstats", "fieldformat", "lookup", "collect"}


#: Fields that every event has.
METADATA = ["host", "source", "sourcetype", "index", "splunk_server", "linecount", "punct"]


class Unknown(Exception):
    """The evaluator has no answer."""


class Macros:
    """Definitions of a content repository, put in as text."""

    #: Of apps that are not in the repository.
    SHARED = {("drop_dm_object_name", 1): (["object_name"], "rename $object_name$.* as *")}

    def __init__(self, folder):
        self.known = dict(self.SHARED)
        for file in sorted(folder.glob("*.yml")):
            values = document(file)
            arguments = values.get("arguments", [])
            self.known[values["name"], len(arguments)] = arguments, values["definition"]

    def expand(self, text, depth=0):
        if depth > 20:
            raise Unknown("macros nest too deeply")
        out, at = [], 0
        while at < len(text):
            if text[at] == "\\":
                out.append(text[at:at + 2])
                at += 2
            elif text[at] == '"':
                end = self.end(text, at)
                out.append(text[at:end])
                at = end
            elif text[at] == "`":
                end = text.find("`", at + 1)
                if end < 0:
                    raise Unknown("a macro call is not closed")
                out.append(self.definition(text[at + 1:end], depth))
                at = end + 1
            else:
                out.append(text[at])
                at += 1
        return "".join(out)

    @staticmethod
    def end(text, start):
        at = start + 1
        while at < len(text) and text[at] != '"':
            at += 2 if text[at] == "\\" else 1
        return min(at + 1, len(text))

    def definition(self, call, depth):
        name, _, rest = call.partition("(")
        values = [v.strip().strip('"') for v in rest.rpartition(")")[0].split(",")] if rest else []
        if (name.strip(), len(values)) not in self.known:
            if name.endswith("_filter"):
                return "search *"
            raise Unknown(f"macro {name}")
        names, text = self.known[name.strip(), len(values)]
        for one, value in zip(names, values):
            text = text.replace(f"${one}$", value)
        return self.expand(text, depth + 1)


def document(file):
    """A YAML file."""
    try:
        import yaml
    except ImportError:
        sys.exit("scripts/corpus splunk needs PyYAML: apt-get install python3-yaml")
    return yaml.safe_load(file.read_text())


class Row(dict):
    """Fields of an event or a result; `filler` stands for what is absent behind a `fillnull` without a list."""

    filler = None

    def get(self, name, default=None):
        return dict.get(self, name, [self.filler] if self.filler is not None and name != "_raw" else default)

    def copy(self):
        other = Row(self)
        other.filler = self.filler
        return other


class Rows:
    """Runs a pipeline over one event at a time."""

    def __init__(self, reference):
        self.reference = reference

    def stages(self, text):
        """The stages, without what selects the log source."""
        stages = self.reference.parse(text)
        if stages and stages[0]["cmd"] == "search":
            stages[0]["ast"] = self.without_selectors(stages[0]["ast"])
        return stages

    def without_selectors(self, node):
        parts = node[1] if node[0] == "and" else [node]
        kept = [p for p in parts if not self.selects(p)]
        return ("all",) if not kept else kept[0] if len(kept) == 1 else ("and", kept)

    def selects(self, node):
        if node[0] == "grp":
            return self.selects(node[1])
        if node[0] == "or":
            return all(self.selects(p) for p in node[1])
        if node[0] == "and":
            return all(self.selects(p) for p in node[1])
        return node[0] == "cmp" and node[2] == "=" and node[1] in SELECTORS or node[0] == "in" and node[1] in SELECTORS

    def conditions(self, stages):
        """What the filters ask, for making events; names are those of their stage."""
        found, names = [], {}
        for stage in stages:
            if stage["cmd"] == "rename":
                names.update({new: old for old, new in stage["pairs"]})
            if stage["cmd"] in ("search", "where"):
                found.append(self.renamed(stage["ast"], names))
            if stage["cmd"] == "tstats" and stage.get("where"):
                found.append(stage["where"])
            if stage["cmd"] == "regex" and stage["op"] == "=":
                found.append(("call", "match", [("fld", stage["field"]), ("str", stage["re"])]))
            if stage["cmd"] in ("stats", "tstats", "dedup"):
                keys = stage.get("by") or stage.get("fields") or []
                found += [self.renamed(("call", "isnotnull", [("fld", key)]), names) for key in keys
                          if key not in ("_time", "_raw", *METADATA) and "*" not in key]
        return found

    def renamed(self, node, names):
        """The condition with the names that fields had before."""
        if isinstance(node, tuple) and node:
            if node[0] in ("cmp", "in", "fld") and isinstance(node[1], str):
                node = (node[0], self.before(node[1], names), *node[2:])
            return tuple(self.renamed(part, names) for part in node)
        return [self.renamed(part, names) for part in node] if isinstance(node, list) else node

    @staticmethod
    def before(name, names):
        for new, old in reversed(list(names.items())):
            prefix = old.partition("*")[0]
            if new == name:
                name = old
            elif new == "*" and "*" in old and not name.startswith(prefix):
                name = prefix + name
        return name

    def passes(self, stages, event, raw):
        fields = Row(self.reference.flatten(event))
        fields.setdefault("_raw", [raw])
        for name in METADATA:
            fields.setdefault(name, ["-"])
        rows = [fields]
        for stage in stages:
            rows = self.apply(stage, rows, raw)
            if not rows:
                return False
        return True

    def apply(self, stage, rows, raw):
        name = stage["cmd"]
        if name == "search":
            return [r for r in rows if self.reference.eval_search(stage["ast"], r, raw)]
        if name == "where":
            return [r for r in rows if self.value(stage["ast"], r, raw) is True]
        if name == "regex":
            found = lambda r: any(re.search(stage["re"], v) for v in r.get(stage["field"], []))
            return [r for r in rows if found(r) == (stage["op"] == "=")]
        if name == "tstats":
            filler = stage["opts"].get("fillnull_value")
            kept = [r for r in rows if not stage["where"] or self.reference.eval_search(stage["where"], r, raw)]
            return self.grouped(stage, kept, filler)
        if name == "stats":
            return self.grouped(stage, rows, None)
        if name == "dedup":
            return [r for r in rows if all(r.get(f) for f in stage["fields"])]
        handler = getattr(self, f"on_{name}", None)
        if handler:
            return [changed for r in rows for changed in handler(stage, r.copy(), raw)]
        if name in PASSIVE:
            return rows
        raise Unknown(f"command {name}")

    def value(self, node, row, raw):
        try:
            return self.reference.eval_expr(node, row, raw)
        except self.reference.SplError as error:
            raise Unknown(str(error))
        except (TypeError, re.error) as error:
            raise Unknown(f"{type(error).__name__} in the evaluator: {error}")

    def grouped(self, stage, rows, filler):
        out = []
        for row in rows:
            made = [Row()]
            for key in stage["by"] or []:
                values = ["0"] if key == "_time" else row.get(key) or ([filler] if filler else [])
                made = [Row(m, **{key: [v]}) for m in made for v in values]
            for result in made:
                for function, _, argument, name, text in stage["aggs"]:
                    values = row.get(argument[1]) if argument and argument[0] == "field" else None
                    if function in ("count", "c"):
                        values = ["1"]
                    if values and "*" not in text:
                        result[name or text] = list(values)
                out.append(result)
        return out

    def on_eval(self, stage, row, raw):
        for name, node, _ in stage["assign"]:
            value = self.value(node, row, raw)
            if value is None:
                row.pop(name, None)
            else:
                row[name] = [self.reference.tos(v) for v in value] if isinstance(value, list) else [
                    self.reference.tos(value)]
        return [row]

    def on_fillnull(self, stage, row, raw):
        text = stage["opts"].get("value", "0")
        for name in stage["fields"]:
            row.setdefault(name, [text])
        if not stage["fields"]:
            row.filler = text
        return [row]

    def on_rename(self, stage, row, raw):
        for old, new in stage["pairs"]:
            if "*" not in old:
                value = row.pop(old, None) if row.filler is None else row.get(old)
                row.pop(old, None)
                if value is None:
                    row.pop(new, None)
                else:
                    row[new] = value
                continue
            pattern = re.compile("(.*)".join(re.escape(p) for p in old.split("*")))
            for name in sorted(row):
                if match := pattern.fullmatch(name):
                    pieces = iter(match.groups())
                    row[re.sub(r"\*", lambda _: next(pieces), new)] = row.pop(name)
        return [row]

    def on_fields(self, stage, row, raw):
        names = stage["fields"]
        if stage["mode"] == "-":
            for name in names:
                for found in [n for n in row if self.covers(name, n)]:
                    row.pop(found)
            return [row]
        kept = Row({n: v for n, v in row.items() if n.startswith("_") or any(self.covers(p, n) for p in names)})
        kept.filler = row.filler
        return [kept]

    on_table = on_fields

    @staticmethod
    def covers(pattern, name):
        return re.fullmatch(".*".join(re.escape(p) for p in pattern.split("*")), name) is not None

    def on_rex(self, stage, row, raw):
        if stage["opts"].get("mode") == "sed":
            raise Unknown("rex mode=sed")
        regex = re.sub(r"\(\?<(?![=!])", "(?P<", stage["re"][0])
        for text in row.get(stage["opts"].get("field", "_raw"), []):
            try:
                match = re.search(regex, text)
            except re.error as error:
                raise Unknown(f"regular expression: {error}")
            for name, value in (match.groupdict() if match else {}).items():
                if value is not None:
                    row[name] = [value]
        return [row]

    def on_mvexpand(self, stage, row, raw):
        name = stage["args"].split()[0].strip('"')
        values = row.get(name) or []
        return [Row(row, **{name: [v]}) for v in values] or [row]

    def on_spath(self, stage, row, raw):
        options = dict(re.findall(r'(input|output|path)\s*=\s*("[^"]*"|\S+)', stage["args"]))
        options = {k: v.strip('"') for k, v in options.items()}
        rest = re.sub(r'(input|output|path)\s*=\s*("[^"]*"|\S+)', "", stage["args"]).strip()
        path = options.get("path") or rest.strip('"')
        if "input" in options:
            found = {}
            for text in row.get(options["input"]) or []:
                try:
                    found.update(self.reference.flatten(json.loads(text)))
                except (ValueError, AttributeError):
                    pass
        else:
            found = row
        if not path:
            row.update({k: v for k, v in found.items() if found is not row})
        elif found.get(path):
            row[options.get("output", path)] = list(found.get(path))
        return [row]

    def on_from(self, stage, row, raw):
        return [row]

    def on_join(self, stage, row, raw):
        if not re.match(r"\s*type\s*=\s*(left|outer)", stage["args"]):
            raise Unknown("join")
        return [row]

    def on_top(self, stage, row, raw):
        words = re.split(r"[\s,]+", re.sub(r"\w+\s*=\s*\S+", "", stage["args"]).strip())
        names = [w.strip('"') for w in words if w and w.lower() != "by" and not w.isdigit()]
        if not all(row.get(n) for n in names):
            return []
        return [Row({**{n: row.get(n) for n in names}, "count": ["1"]})]

    on_rare = on_top

    def on_replace(self, stage, row, raw):
        match = re.match(r'(.*?)\s+in\s+(.*)$', stage["args"], re.S | re.I)
        if not match:
            raise Unknown("replace in all fields")
        pairs = re.findall(r'("[^"]*"|\S+)\s+with\s+("[^"]*"|[^\s,]+)', match[1], re.I)
        for name in re.split(r"[\s,]+", match[2].strip()):
            for old, new in pairs:
                pattern = ".*".join(re.escape(p) for p in old.strip('"').split("*"))
                if "*" in new and row.get(name):
                    raise Unknown("replace with a wildcard")
                row_values = row.get(name)
                if row_values:
                    row[name] = [new.strip('"') if re.fullmatch(pattern, v, re.S) else v for v in row_values]
        return [row]
