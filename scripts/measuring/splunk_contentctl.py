"""Does Splunk's own tool for content take what is exported, and build from it what is exported as a saved search?"""
import configparser, pathlib, re, shutil, subprocess, sys, tempfile

from .program import CORPORA, ROOT
from .spl_rows import document

#: Keys of a stanza that must be the same in both; the search but for the macro that a deployment tunes.
SAME = ["cron_schedule", "dispatch.earliest_time", "dispatch.latest_time", "counttype", "relation", "quantity", "enablesched",
        "search"]
RULES = [ROOT / "vendor-rules/sigma", CORPORA / "splunk/detections/cloud"]


def tool():
    """contentctl 5 in an environment of its own, made where there is none."""
    environment = ROOT / ".build-contentctl"
    program = environment / "bin/contentctl"
    if not program.exists():
        print("  installing contentctl", flush=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/pip", "install", "-q", "contentctl>=5,<6"], check=True)
    return program


def contentctl(run):
    """The project's own rules and published detections, each as a detection and as a saved search."""
    program = tool()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pack = folder / "pack"
        pack.mkdir()
        subprocess.run([program, "init"], cwd=pack, capture_output=True, check=True)
        # The label stands in every stanza's name, which has a longest length.
        settings = pack / "contentctl.yml"
        settings.write_text(settings.read_text().replace("label: Custom Splunk Content Pack", "label: Pack"))
        shutil.copytree(CORPORA / "splunk/macros", pack / "macros", dirs_exist_ok=True)
        shutil.copytree(CORPORA / "splunk/data_sources", pack / "data_sources", dirs_exist_ok=True)
        names, stories = export(run, folder, pack)
        for story in sorted(stories):
            write_story(pack, story)
        checked = subprocess.run([program, "validate"], cwd=pack, capture_output=True, text=True)
        faults = [line.strip() for line in plain(checked.stdout).splitlines() if re.search(r"File: |❌|- ", line)]
        run.hold(f"contentctl accepts {len(names)} detections", bool(names) and checked.returncode == 0)
        if checked.returncode:
            print(*faults[:60] or plain(checked.stdout + checked.stderr).splitlines()[-20:], sep="\n    ")
            return
        built = subprocess.run([program, "build"], cwd=pack, capture_output=True, text=True)
        run.hold("contentctl builds the app", built.returncode == 0)
        if built.returncode:
            print(*plain(built.stdout + built.stderr).splitlines()[-12:], sep="\n    ")
            return
        compare(run, folder, pack, names)


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def export(run, folder, pack):
    """The detections under the names that contentctl wants, the stanzas beside."""
    reading = ["--unmapped", "keep", "--macros", CORPORA / "splunk/macros", "--verify", "off"]
    paths = [RULES[0], *sorted(RULES[1].glob("kubernetes_*.yml"))]
    rows, _ = run.program.convert(paths, "splunk-detection", folder / "detections", *reading)
    run.program.convert(paths, "splunk-savedsearch", folder / "saved", *reading)
    names, stories = {}, set()
    for row in (r for r in rows if r.file):
        file = pathlib.Path(row.file)
        exported = document(file)
        name = re.sub(r"[ \-./]", "_", exported["name"].lower())
        stories.update(exported["tags"]["analytic_story"])
        target = pack / "detections/cloud" / f"{name}.yml"
        shutil.copy(file, target)
        saved = folder / "saved" / file.relative_to(folder / "detections").with_suffix(".conf")
        names[exported["name"]] = f"{name}_filter", saved
    return names, stories


def write_story(pack, name):
    template = document(next((pack / "stories").glob("*.yml")))
    lines = [f"name: {name}", "id: " + "00000000-0000-4000-8000-%012x" % (hash_of(name)), "version: 1",
             "date: '2024-01-01'", "author: nobody", "status: production", f"description: {name}",
             f"narrative: {name}", "references: []", "tags:", f"  category: {template['tags']['category']}",
             "  product: [Splunk Enterprise, Splunk Enterprise Security, Splunk Cloud]",
             f"  usecase: {template['tags']['usecase']}"]
    file = pack / "stories" / (re.sub(r"[ \-./]", "_", name.lower()) + ".yml")
    if not file.exists():
        file.write_text("\n".join(lines) + "\n")


def hash_of(text):
    return sum(ord(c) * 131 ** i for i, c in enumerate(text)) % 16 ** 12


def stanzas(file):
    parser = configparser.RawConfigParser(delimiters=["="], comment_prefixes=["#"], strict=False)
    parser.read_string(re.sub(r"\\\n", " ", file.read_text()))
    return {name: dict(parser[name]) for name in parser.sections()}


def compare(run, folder, pack, names):
    built = stanzas(next((pack / "dist").rglob("default/savedsearches.conf")))
    differences = []
    for name, (macro, saved) in names.items():
        theirs = next((s for title, s in built.items() if f" - {name} - Rule" in title), None)
        ours = next(iter(stanzas(saved).values()))
        if theirs is None:
            differences.append(f"{name}: not built")
            continue
        theirs["search"] = theirs["search"].removesuffix(f" | `{macro}`")
        differences += [f"{name}: {key}: {ours.get(key)!r} and {theirs.get(key)!r}" for key in SAME
                        if " ".join(ours.get(key, "").split()) != " ".join(theirs.get(key, "").split())]
    for line in differences:
        print(f"  {line[:600]}")
    run.hold(f"the stanzas of {len(names)} rules are those that contentctl builds", not differences)
