"""Where a fuzzer starts: valid texts of each door, and the words of the language as a dictionary of libFuzzer."""

from __future__ import annotations

from pathlib import Path

from lca_ml.data import folder
from lca_ml.expressions import FUNCTIONS
from lca_ml.factors.files import COLUMNS
from lca_ml.scenario import STANDARD_STAGES
from lca_ml.scenario.shape import FactorsShape, ScenarioShape
from lca_ml.shapes import Stated
from lca_ml.units import vocabulary
from lca_ml.values import DISTRIBUTIONS

LARGEST_SEED = 6_000
"""Bytes; a longer scenario is no better a start and a slower one."""

QUANTITIES = (
    "0",
    "5",
    "-5 kg",
    "1e6",
    "12 %",
    "433_196 kWh",
    "0.2 kWh/GB",
    "5e6 request/year",
    "57 gCO2e/kWh",
    "1.7e308",
    "5e-324 Wh",
    "1.5e-3 kgCO2e/(GPU*h)",
    "57 kg CO2e",
    "3 1/h",
)

UNITS = ("", "%", "kWh", "kWh/GB", "GPU*h", "m3", "1/h", "gCO2e/kWh", "kgCO2e/(GPU*h)", "kg CO2e", "µg", "h**-2", "W^2", "GPU·h", "((kWh/GB)/h)")

FORMULAS = (
    "x",
    "2",
    "1e6 * x",
    "it_energy * pue",
    "a + b - c",
    "-(a + b) ** 2 / c",
    "max(a, b, 3) * min(c.d.e, 0.5)",
    "ceil(a / 8) * sqrt(b) + exp(-c)",
    "log(a) / log2(b) ** log10(c)",
    "area ** (1/3)",
    "training.baseline.device_hours * 2 ** -3",
    "+x - -y",
)

LEAVES = (
    "uniform(1, 2) kg",
    "loguniform(low=1, high=1e6) Wh",
    "triangular(2, 3, 5) year",
    "pert(1, 2, 6) GB",
    "normal(500, 50) kWh",
    "normal(5, 1, min=0, max=9) kg",
    "lognormal(median=3, gsd=1.4) kWh",
    "lognormal(3, 1.4, min=2)",
    "lognormal(gsd=1.2)",
    "beta(0.3, 0.1)",
    "choice(1=0.5, 2=0.25, 3=0.25) GPU",
    "choice(FR=0.7, DE=0.3)",
    "empirical(power.csv, watt) W",
    "0.2 to 0.6 Wh/request",
    "-5 to 5",
    "uniform(-10 %, +10 %)",
    "normal(sd=20 %)",
    "triangular(-10 %, 0 %, +30 %)",
    "lognormal(1e300, 1e100)",
    "lognormal(1e300, 1e100, max=1e301)",
    "normal(-1e308, 1e307) kWh",
    "uniform(-8e307, 8e307)",
    "beta(1e-9, 1e-12)",
    "pert(1e-300, 1e-300, 2e300)",
    "1e-300 to 1e-299 mW",
)

PUBLICATION = f"""\
# title: A supplier
# url: https://example.org
# licence: CC0
# version: 1
# retrieved: 2025-01-01
{",".join(COLUMNS)}
electricity,FR,2024,climate_change,56,gCO2e/kWh,lognormal(gsd=1.1),table 1,
electricity,GLO,,water_use,2.1,L/kWh,"uniform(-20 %, +20 %)",table 2,a note
steel,,2020,climate_change,2.2e0,kgCO2e/kg,,,
"""

READER = (
    'a: 1\nb: [1, 2, {c: "d"}]\n',
    "a: &x {b: 'c'}\nd: *x\ne: |\n  text\n  more\n",
    "? a\n: b\n",
    '%YAML 1.1\n---\na: "\\u00e9\\n"\n...\n',
    "a: >-\n  folded\n\n  text\n# comment\nb: ~\n",
)


def seeds(target: str) -> list[bytes]:
    """Return the texts a fuzzer starts from."""
    short = [text.encode() for text in {"quantity": QUANTITIES, "unit": UNITS, "expression": FORMULAS, "distribution": LEAVES}.get(target, ())]
    if short:
        return short
    if target == "factors":
        return [PUBLICATION.encode(), *_small(folder("factors").glob("*.csv"))]
    scenarios = [data for data in _small(folder("scenarios").rglob("*.yaml")) if b"extends:" not in data]
    return [*(text.encode() for text in READER), *scenarios] if target == "reader" else scenarios


def dictionary(target: str) -> str:
    """Return the words a fuzzer may put in, one a line, quoted as libFuzzer reads them."""
    units = sorted({u for u in vocabulary().names if u.isascii()})
    words = {
        "reader": [
            "&a ",
            "*a",
            "!!str ",
            "<<: ",
            "%TAG ",
            "---\n",
            "...\n",
            "? ",
            ": ",
            "- ",
            "|\n",
            ">-\n",
            "{",
            "}",
            "[",
            "]",
            "\\u202e",
            "\xef\xbb\xbf",
            "\t",
        ],
        "quantity": [*units, "e-", "e+", "_", "**", "/", "(", ")", "±", "1/", " CO2e"],
        "unit": [*units, "**", "^", "/", "*", "·", "(", ")", "1/", "%", "µ", " CO2e"],
        "expression": [*(f"{f}(" for f in FUNCTIONS), "**", " if ", " else ", "lambda ", "(", ")", "//", "e-", ".b", "1/3", ", "],
        "distribution": [
            *(f"{k}(" for k in DISTRIBUTIONS),
            "low=",
            "mode=",
            "high=",
            "mean=",
            "sd=",
            "median=",
            "gsd=",
            "min=",
            "max=",
            " to ",
            " %",
            ", ",
            "1e308",
            "5e-324",
            *units,
        ],
        "factors": [
            "electricity,FR,2024,climate_change,",
            "water_use",
            "lognormal(gsd=",
            "gCO2e/kWh",
            "L/kWh",
            "# title: x\n",
            '""',
            "\n",
            ",,",
            "GLO",
            "uniform(",
        ],
        "check": [
            *STANDARD_STAGES,
            *(f"{k}: " for shape in (ScenarioShape, FactorsShape, Stated) for k in shape.model_fields),
            *(f"{k}(" for k in DISTRIBUTIONS),
        ],
    }[target]
    return "\n".join(f'"{_escaped(word)}"' for word in words) + "\n"


def _small(paths: object) -> list[bytes]:
    assert hasattr(paths, "__iter__")
    return [data for path in sorted(paths) if isinstance(path, Path) and len(data := path.read_bytes()) <= LARGEST_SEED]


def _escaped(word: str) -> str:
    return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in word.encode())
