"""YAML text in, values that remember where they were written out.

Only YAML's event stream is used (PyYAML): no object is built for us and no scalar is typed, so `NO` stays Norway and `010`
stays what was written. Limits are checked before anything is expanded.

    read(path) -> Mapping           a file of the disk
    parse(text, file) -> Mapping    a text
    plain(node)                     the same tree as dicts, lists and `Text`
    patched(base, patch)            one mapping on top of another
    confined(text, folder, below)   a path a document names, if it stays inside a folder
"""

from lca_ml.documents.files import LARGEST_FILE, confined, decode, read_bytes
from lca_ml.documents.nodes import Mapping, Node, Sequence, Text, patched, plain
from lca_ml.documents.reader import DEEPEST, LONGEST_KEY, LONGEST_TEXT, MOST_ANCHORS, MOST_NODES, check_characters, parse, read

__all__ = [
    "DEEPEST",
    "LARGEST_FILE",
    "LONGEST_KEY",
    "LONGEST_TEXT",
    "MOST_ANCHORS",
    "MOST_NODES",
    "Mapping",
    "Node",
    "Sequence",
    "Text",
    "check_characters",
    "confined",
    "decode",
    "parse",
    "patched",
    "plain",
    "read",
    "read_bytes",
]
