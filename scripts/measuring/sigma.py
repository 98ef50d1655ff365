"""The corpus of SigmaHQ."""
from .corpus import Corpus, Folder, convert, read

CORPUS = Corpus(
    "sigma", ["--from", "sigma"],
    [Folder("sigma/rules"), Folder("sigma/rules-emerging-threats"), Folder("sigma/rules-threat-hunting"),
     Folder("sigma/rules-compliance"), Folder("sigma/rules-placeholder"), Folder("sigma/unsupported", .95),
     Folder("sigma/deprecated", .95)],
    own="sigma")

PARTS = {"read": read, "convert": convert}
