"""Climate change of the manufacture of an accelerator, estimated from its die, memory and power.

The four coefficients are the component groups of one published footprint, the HGX H100 baseboard (hgx-h100-components.csv), each
divided by what it goes with. Reads accelerators.csv beside it; gives factors/parametric-accelerators-2026.csv. dismantled.csv
holds the cards it is compared with.

    python factors/derivations/parametric_accelerators.py            prints the file
    python factors/derivations/parametric_accelerators.py --write    writes it
"""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "parametric-accelerators-2026.csv"

ASSEMBLY = 1.10  # 1312 kg over the sum of the components: assembly and transport
DIE = 5.1  # kg/cm2: integrated circuits, 332 kg over 8 dies of 8.14 cm2
MEMORY = {"HBM": 0.853, "GDDR": 0.6}  # kg/GB: 546 kg over 640 GB; GDDR is assumed
COOLING = 0.0411  # kg/W: 230 kg over 5600 W
REST = 10.5  # kg: everything else, 83.8 kg over 8 cards

MAKER_OF_THE_FIT, YEAR_OF_THE_OLDEST_COMPARED = "nvidia", 2016

HEADER = """\
# title: Manufacture of accelerators, parametric estimate
# authors: lca-ml
# year: 2026
# url: https://epoch.ai/data/machine-learning-hardware
# licence: derived from CC-BY-4.0 data (Epoch AI) and cited figures (NVIDIA)
# version: 2
# retrieved: 2026-11-23
# applies: everywhere
# note: kgCO2e per card = 1.10 x (5.1 kg/cm2 x die area + m x memory in GB + 0.0411 kg/W x board power + 10.5 kg); \
m = 0.853 for HBM (from the HGX H100 footprint), 0.6 for GDDR (assumed); die area of all the chips of a card. \
Fitted to the HGX H100 footprint; root mean square log error 0.15 over six assessments of five cards that were dismantled. \
Range: expert, lognormal gsd 1.25, and 1.5 outside NVIDIA cards since 2016.
flow,region,year,indicator,value,unit,uncertainty,locator,note
"""


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file below its `#` lines."""
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def estimate(card: dict[str, str]) -> float:
    """Return the kgCO2e of the manufacture of a card, cradle to gate."""
    die = int(card["chips"]) * float(card["die_area_mm2"]) / 100
    parts = DIE * die + MEMORY[card["memory_type"]] * float(card["memory_gb"]) + COOLING * float(card["power_w"]) + REST
    return ASSEMBLY * parts


def spread(card: dict[str, str]) -> str:
    """Return the uncertainty of an estimate: wider where no card like it was dismantled."""
    like = card["device"].startswith(MAKER_OF_THE_FIT) and int(card["released"]) >= YEAR_OF_THE_OLDEST_COMPARED
    return "lognormal(gsd=1.25)" if like else "lognormal(gsd=1.5)"


def log_error() -> float:
    """Return the root mean square of the log of estimate over assessment, on the cards that were dismantled."""
    errors = [math.log(estimate(card) / float(card["kgCO2e"])) for card in table(HERE / "dismantled.csv")]
    return math.sqrt(sum(e * e for e in errors) / len(errors))


def file() -> str:
    """Return factors/parametric-accelerators-2026.csv."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    for card in table(HERE / "accelerators.csv"):
        chips = f"{card['chips']} dies of" if card["chips"] != "1" else "die"
        locator = f"{chips} {card['die_area_mm2']} mm2, {card['memory_gb']} GB {card['memory_type']}, {card['power_w']} W"
        write([card["device"], "GLO", "", "climate_change", f"{estimate(card):.6g}", "kgCO2e/GPU", spread(card), locator, card["note"]])
    return HEADER + out.getvalue()


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        TARGET.write_text(file(), encoding="utf-8")
    else:
        sys.stdout.write(file())
