"""What is too long, too deep or too odd to be written into a table of cases."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

HEADERS = "# title: Figures of our own\n# url: https://example.org\n# licence: CC0\n# version: 1\n# retrieved: 2024-01-01\n"
COLUMNS = "flow,region,year,indicator,value,unit,uncertainty,locator,note"
RUNS = "timestamp,run_id,duration_s,energy_kwh,country\n"


# --- whole files


def lists_of_aliases() -> str:
    """Ten lists, each of ten aliases of the one before: 10^10 values."""
    return "a0: &a0 [" + ",".join(["lol"] * 10) + "]\n" + "".join(f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 10) + "]\n" for i in range(1, 10))


def mappings_of_aliases() -> str:
    """Thirty mappings, each of two aliases of the one before: 2^30 values."""
    return "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{p: *a{i - 1}, q: *a{i - 1}}}\n" for i in range(1, 30))


def long_text_often() -> str:
    """5,000 aliases of a list of a hundred texts: 500,000 values."""
    return "a: &a [" + ", ".join(["x" * 40] * 100) + "]\nb: [" + ", ".join(["*a"] * 5_000) + "]\n"


def merges_of_merges() -> str:
    return "a0: &a0 {k: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 8))


def nested_lists() -> str:
    return "a: " + "[" * 1_000 + "]" * 1_000 + "\n"


def nested_mappings() -> str:
    return "".join(f"{' ' * i}a:\n" for i in range(1_000)) + " " * 1_000 + "1\n"


def nested_items() -> str:
    return "- " * 1_100 + "a\n"


def many_anchors() -> str:
    return "".join(f"k{i}: &x{i} 1\n" for i in range(10_000))


def open_braces() -> str:
    return "{a: " * 50_000


def sexagesimal() -> str:
    return "seed: " + ":".join(["59"] * 20_000) + "\n"


def accents() -> str:
    return 'title: "a' + "\u0301" * 10_000 + '"\n'


def compressed() -> bytes:
    return gzip.compress(b"a,b\n1,2\n", mtime=0)


def huge_cell() -> str:
    return RUNS + f"2024-01-01T00:00:00Z,{'x' * 200_000},3600,1.5,DE\n"


def huge_cell_of_energy() -> str:
    return f"run,energy\n{'x' * 200_000},1\n2,2\n"


def many_columns() -> str:
    return ",".join(f"c{i}" for i in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n"


# --- texts put into a host


def five_thousand_digits() -> str:
    return "9" * 5_000 + " kg"


def nines() -> str:
    return "9" * 5_000


def minus_signs() -> str:
    return "-" * 5_000 + "1"


def long_sum() -> str:
    return "1" + "+1" * 5_000


def long_unit() -> str:
    return "1 kg" + "*kg" * 5_000


def bracketed_unit() -> str:
    return "1 " + "(" * 250 + "kg" + ")" * 250


def unit_of_many_letters() -> str:
    return "1 " + "k" * 10_000


def chain_of_parameters() -> str:
    """1,500 parameters, each one more than the one before: a reading that calls itself would end at the thousandth."""
    return "{p0: 1, " + ", ".join(f'p{i}: "p{i - 1} + 1"' for i in range(1, 1_500)) + "}"


def long_path() -> str:
    return "a" * 5_000 + ".yaml"


def long_name() -> str:
    return "a" * 5_000


def three_hundred_letters() -> str:
    return "x" * 300


def hundred_wide_letters() -> str:
    return "日" * 100


# --- arguments of a command


def no_text() -> str:
    return os.fsdecode(b"\xff\xfe.yaml")


def long_word() -> str:
    return "x" * 100_000


def with_nul() -> str:
    return "a\0b.yaml"


# --- files beside a study


def factors(rows: str) -> str:
    """Return a file of factors: its headers, its columns, and rows given as their first six cells, parted by blanks."""
    return HEADERS + COLUMNS + "\n" + "".join(row + ",,,\n" for row in rows.split())


def side_files(folder: Path) -> None:
    """Write what a path may lead to: links out, a pipe, folders, loops, a long chain, a table, what nobody may read."""
    for name in ("sub", "folder.d"):
        (folder / name).mkdir()
    (folder / "link_outside.yaml").symlink_to("/etc/passwd")
    (folder / "linkdir").symlink_to("/etc")
    os.mkfifo(folder / "pipe.fifo")
    texts = {"sub/x.yaml": "about: below\n", "data.csv": "a,b\n1,2\n", "broken.yaml": "about: [1, 2\n", "self.yaml": "extends: self.yaml\n"}
    texts |= {"a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n", "unreadable.yaml": "about: a secret\n"}
    texts |= {f"chain_{i}.yaml": f"extends: chain_{i + 1}.yaml\n" for i in range(30)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "unreadable.yaml").chmod(0)


def linked_output(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "out").symlink_to("elsewhere")


def deep_setting() -> str:
    return "energy" + ".x" * 500 + "=5"


def long_sweep() -> str:
    return "energy=1..2:" + "9" * 5000
