"""The corpus of SigmaHQ."""
import atexit, os, re, tempfile

from .corpus import Corpus, Folder, convert, read
from .execution import execution
from .regression import regression

FOLDERS = [
    Folder("sigma/rules"), Folder("sigma/rules-emerging-threats"), Folder("sigma/rules-threat-hunting"),
    Folder("sigma/rules-compliance"), Folder("sigma/rules-placeholder"), Folder("sigma/unsupported", .95),
    Folder("sigma/deprecated", .95)]


def placeholders():
    """A file with a value for each placeholder that the rules have, as a user would give one."""
    names = set()
    for folder in FOLDERS:
        for path in folder.full.rglob("*.yml"):
            text = path.read_text()
            if "|expand" in text:
                names.update(re.findall(r"%([\w-]+)%", text))
    file, path = tempfile.mkstemp(suffix=".yml")
    atexit.register(os.unlink, path)
    os.write(file, "".join(f"{name}: [one, two]\n" for name in sorted(names)).encode())
    os.close(file)
    return path


CORPUS = Corpus("sigma", ["--from", "sigma", "--placeholders", placeholders()], FOLDERS, own="sigma")

PARTS = {"read": read, "regression": regression, "convert": convert, "execution": execution}
