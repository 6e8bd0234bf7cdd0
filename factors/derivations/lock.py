"""Write `factors/lock.csv`: version and SHA-256 of every file of the library, so that a changed byte is seen.

python factors/derivations/lock.py            writes it
python factors/derivations/lock.py --check    exits 1 where a file differs
"""

import csv
import hashlib
import io
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "lock.csv"


def lines() -> str:
    """Return the lock as it should be, a line for each CSV file under `factors/` but the lock itself."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["file", "version", "sha256"])
    for path in sorted(ROOT.rglob("*.csv")):
        if path != LOCK:
            data = path.read_bytes()
            version = next((line[len("# version:") :].strip() for line in data.decode().splitlines() if line.startswith("# version:")), "")
            writer.writerow([path.relative_to(ROOT).as_posix(), version, hashlib.sha256(data).hexdigest()])
    return out.getvalue()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            0
            if LOCK.read_text(encoding="utf-8") == lines()
            else "factors/lock.csv is out of date: run python factors/derivations/lock.py, and say in CHANGELOG.md what moved"
        )
    LOCK.write_text(lines(), encoding="utf-8")
