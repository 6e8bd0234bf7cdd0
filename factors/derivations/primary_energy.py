"""Primary energy of a kilowatt-hour of each national generation mix, by the physical energy content method.

Reads generation-by-source.csv and conversion-factors.csv beside it; gives factors/primary-energy-2026.csv.

    python factors/derivations/primary_energy.py            prints the file
    python factors/derivations/primary_energy.py --write    writes it
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "primary-energy-2026.csv"

KWH = 3.6  # MJ
BTU = 1055.05585262e-6  # MJ, International Table (NIST SP 811)

GEOTHERMAL_LIMIT = 0.02  # share above which a country is left out: the method has no single factor for it
BURNT_LIMIT = 0.02  # share of coal, gas, oil, biofuel and nuclear below which plant efficiency no longer matters

HEADER = """\
# title: Primary energy of national generation mixes, physical energy content method (derived)
# authors: lca-ml, from Ember/OWID generation data and EIA heat rates
# year: 2026
# url: https://www.eia.gov/electricity/annual/html/epa_08_01.html
# licence: derived from CC-BY-4.0 (Ember, Our World in Data) and US public domain (EIA) data
# version: 1; generation by source as packaged in CodeCarbon 3.3.2 (MIT) from Our World in Data
# retrieved: 2026-11-23
# note: Hydro, wind, solar and other renewables 3.6 MJ/kWh; nuclear at 33 % (IEA convention, IPCC AR4 WG3 figure 4.5); \
coal 10689, gas 7740, petroleum 11166 Btu/kWh (EIA Electric Power Annual table 8.1, US plants of 2022, higher heating value) \
applied to every country; biofuel as coal (our assumption). Energy at the plant only, no fuel supply. \
Countries with more than 2 % geothermal or other renewables are left out. \
Range: expert, lognormal gsd 1.1 (plant efficiency differs by country), 1.02 where nothing is burnt.
flow,region,year,indicator,value,unit,uncertainty,locator,note
"""


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file below its `#` lines."""
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def conversion() -> dict[str, float]:
    """Return the primary energy, in MJ, of a kilowatt-hour from each source of generation."""
    return {
        r["generation"]: float(r["heat"]) * BTU if r["unit"] == "Btu/kWh" else KWH / (float(r["heat"]) / 100) for r in table(HERE / "conversion-factors.csv")
    }


def generation() -> dict[str, dict[str, float]]:
    """Return, by region, the generation in TWh from each source."""
    return {r["region"]: {s: float(r[s]) for s in conversion()} for r in table(HERE / "generation-by-source.csv")}


def of_mix(mix: dict[str, float], factors: dict[str, float]) -> float:
    """Return the mean of factors per kilowatt-hour, weighted by a generation mix."""
    return sum(mix[source] * factors[source] for source in factors) / sum(mix[source] for source in factors)


def file() -> str:
    """Return factors/primary-energy-2026.csv."""
    per_source, by_region = conversion(), generation()
    world = {source: sum(mix[source] for mix in by_region.values()) for source in per_source}
    count = f"sum of the {len(by_region)} countries and territories of the table"
    rows = [("GLO", "2023", of_mix(world, per_source), "1.1", count, "a few countries are at 2022; geothermal counted at its output")]
    for r in table(HERE / "generation-by-source.csv"):
        mix = by_region[r["region"]]
        total = sum(mix.values())
        if mix["other_renewable"] / total > GEOTHERMAL_LIMIT:
            continue
        burnt = sum(mix[source] for source in ("coal", "gas", "oil", "nuclear", "biofuel")) / total
        spread = "1.02" if burnt < BURNT_LIMIT else "1.1"
        rows.append((r["region"], r["year"], of_mix(mix, per_source), spread, f"CodeCarbon 3.3.2 global_energy_mix.json {r['alpha3']}", ""))
    return HEADER + "".join(
        f"electricity,{region},{year},primary_energy,{value:.3f},MJ/kWh,lognormal(gsd={spread}),{locator},{note}\n"
        for region, year, value, spread, locator, note in rows
    )


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        TARGET.write_text(file(), encoding="utf-8")
    else:
        sys.stdout.write(file())
