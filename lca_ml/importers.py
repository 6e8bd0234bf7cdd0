"""Measurements of other tools as scenarios: what was metered becomes stages of the process `metered`.

scenario_text(runs_of("codecarbon", table, library), "emissions.csv", "training")   -> YAML that `lca-ml run` takes
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from lca_ml.errors import Findings, Place, shown
from lca_ml.factors import Library
from lca_ml.limits import no_year, year_in
from lca_ml.notation import number
from lca_ml.tables import Table, number_in
from lca_ml.words import _, count, current

LARGEST_POWER = 1e6
"""Kilowatts of one run above which a figure is doubted: more than the largest data centres draw."""

LONGEST_NAME = 100
"""Characters of a file's name in the title of the scenario made of it."""

LARGEST_AMOUNT = 1e15
"""Kilowatt-hours or seconds of one run that are refused: thirty times the electricity of the world in a year, or 30 million years."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: when it ended, for how many hours, kWh, where, and whether the energy is that of the whole facility (PUE included)."""

    when: datetime
    hours: float
    energy: float
    region: str
    facility: bool = False


def runs_of(kind: str, table: Table, library: Library, findings: Findings) -> list[Run]:
    """Return the runs a table of a kind holds; every row that is wrong is reported and left out. Raises InputError where a column is missing."""
    return KINDS[kind](table, library, findings)


def check_stage(stage: str, runs: Iterable[Run], findings: Findings) -> None:
    """Report a stage that could not stand in the scenario of some runs: a word of YAML, or the name of what a group of them consumed."""
    place = Place("--stage", 1, 1, len(stage), stage)
    if stage.lower() in ("null", "true", "false", "yes", "no", "on", "off"):
        findings.error("name", _("{name} is a word of YAML, and no name for a stage").format(name=stage), place, _("Choose another name."))
    elif stage in {_energy_name(*_group(r)) for r in runs}:
        findings.error("name-twice", _("{name} names both a parameter and a stage").format(name=stage), place, _("Choose another name."))


def scenario_text(runs: Iterable[Run], file: str, stage: str) -> str:
    """Return a scenario of what runs consumed: one activity for each place and year, so that each is charged with its own grid."""
    runs, file = list(runs), shown(file, LONGEST_NAME)
    groups: dict[tuple[str, int, bool], list[Run]] = {}
    for run in runs:
        groups.setdefault(_group(run), []).append(run)
    dates = f"{min(r.when for r in runs):%Y-%m-%d}", f"{max(r.when for r in runs):%Y-%m-%d}"
    title = f"{file}: {_said(runs)}, {dates[0]} – {dates[1]}"
    lines = [
        "lca_ml: 1",
        f"title: {json.dumps(_('Measured runs of {file}').format(file=file), ensure_ascii=False)}",
        "functional_unit: 1 run",
        f"delivers: {len(runs)} run",
        f"sources: {{measured: {{title: {json.dumps(title, ensure_ascii=False)}}}}}",
        "parameters:",
    ]
    for key, group in groups.items():
        lines.append(f'  {_energy_name(*key)}: {{value: {_energy(group)} kWh, source: measured, kind: measured, note: "{_said(group)}"}}')
    lines += ["stages:", f"  {stage}:"]
    for region, year, facility in groups:
        name, energy = _name(region, year, facility), _energy_name(region, year, facility)
        lines.append(
            f"    {name}: {{process: metered, {'energy_facility' if facility else 'energy_it'}: {energy}, region: {json.dumps(region)}, year: {year}}}"
        )
    return "\n".join(lines) + "\n"


def _measured(table: Table, library: Library, findings: Findings) -> list[Run]:
    """Return the runs of a table `timestamp, run_id, duration_s, energy_kwh, country`; further columns are not read."""
    for column in ("timestamp", "run_id", "duration_s", "energy_kwh", "country"):
        table.require(column)
    seen: dict[str, Place] = {}
    out = []
    for row, place in table.rows:
        reader = _Reader(row, place, findings)
        when = reader.instant("timestamp", zone=True)
        hours, energy = reader.amount("duration_s") / 3600, reader.amount("energy_kwh")
        region = row["country"]
        if reader.fresh("run_id", seen) and reader.there("country") and region not in library.regions:
            reader.wrong("region", _("country {region} is an unknown region").format(region=shown(region, 30)), library.region_hint(region))
        reader.plausible(energy, hours)
        if when is not None and not reader.faulty:
            out.append(Run(when, hours, energy, region))
    return out


def _codecarbon(table: Table, library: Library, findings: Findings) -> list[Run]:
    """Return the runs of CodeCarbon's emissions.csv. Its energy holds the PUE it was told; where that is 1 it is the energy of the computers."""
    identity = "run_id" if "run_id" in table.columns else "experiment_id"
    for column in ("timestamp", identity, "duration", "energy_consumed", "country_iso_code"):
        table.require(column)
    elsewhere: set[str] = set()
    alpha3 = {r.alpha3: r.code for r in library.regions.values() if r.alpha3}
    seen: dict[str, Place] = {}
    out = []
    for row, place in table.rows:
        reader = _Reader(row, place, findings)
        when = reader.instant("timestamp", zone=False)
        hours, energy = reader.amount("duration") / 3600, reader.amount("energy_consumed")
        pue = reader.at_least("pue", 1.0) if row.get("pue") else 1.0
        cloud = f"{row.get('cloud_provider', '')}:{row.get('cloud_region', '')}".lower()
        country = row["country_iso_code"]
        region = cloud if cloud in library.regions else alpha3.get(country, "")
        if region != cloud and cloud != ":" and cloud not in elsewhere:
            elsewhere.add(cloud)
            message = _("the cloud region {cloud} is unknown here: its runs are charged in the country, {country}").format(
                cloud=shown(cloud, 40), country=shown(country, 10) or "—"
            )
            findings.warn("cloud-region", message, place, library.region_hint(cloud))
        if reader.fresh(identity, seen) and (cloud == region or reader.there("country_iso_code")) and not region:
            reader.wrong("region", _("country_iso_code {region} is an unknown region").format(region=shown(country, 30)), library.region_hint(country))
        reader.plausible(energy, hours)
        if when is not None and not reader.faulty:
            out.append(Run(when, hours, energy, region, pue != 1))
    return out


class _Reader:
    """Reads the cells of one row; what is wrong is reported at its place."""

    def __init__(self, row: dict[str, str], place: Place, findings: Findings) -> None:
        self.row, self.place, self.findings, self.faulty = row, place, findings, False

    def wrong(self, code: str, message: str, hint: str = "") -> None:
        self.faulty = True
        self.findings.error(code, message, self.place, hint)

    def amount(self, column: str) -> float:
        """Return a number that is not below zero; 0 where it is wrong."""
        try:
            value = number_in(self.row[column])
        except ValueError as reason:
            self.wrong("number", f"{column}: {reason}" if self.row[column] else _("{column} is missing").format(column=column))
            return 0.0
        if value > LARGEST_AMOUNT:
            message = _("{column} is too large for one run: {text}; the limit is {limit}")
            self.wrong("number", message.format(column=column, text=shown(self.row[column], 30), limit=number(LARGEST_AMOUNT, 1, current())))
        if value < 0:
            self.wrong("negative", _("{column} is negative: {text}").format(column=column, text=shown(self.row[column], 30)))
        return value

    def at_least(self, column: str, least: float) -> float:
        """Return a number that is not below another; 0 where it is wrong."""
        value = self.amount(column)
        if not self.faulty and value < least:
            self.wrong("magnitude", _("{column} is below {least:g}: {text}").format(column=column, least=least, text=shown(self.row[column], 30)))
        return value

    def there(self, column: str) -> bool:
        """Whether a cell holds anything; one that does not is reported."""
        if not self.row[column]:
            self.wrong("empty", _("{column} is missing").format(column=column))
        return bool(self.row[column])

    def instant(self, column: str, zone: bool) -> datetime | None:
        """Return a moment in the notation of ISO 8601; None where it is wrong."""
        written = self.row[column]
        hint = _("Write 2024-05-02T14:30:00Z, in UTC.")
        found = _INSTANT.fullmatch(written)
        if written == column:
            self.wrong("time", _("the header stands among the rows: {column}").format(column=column), _("Were two files joined?"))
        elif not found and not written.isascii():
            self.wrong("time", _("{column} {text} is not written with the digits 0 to 9 alone").format(column=column, text=shown(written, 30)), hint)
        elif not found:
            self.wrong("time", _("{column} {text} is no moment in ISO 8601").format(column=column, text=shown(written, 30) or "—"), hint)
        elif zone and not found["zone"]:
            self.wrong("time", _("{column} {text} names no time zone").format(column=column, text=written), hint)
        else:
            return self._moment(column, written)
        return None

    def _moment(self, column: str, written: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(written).replace(tzinfo=None)
        except ValueError:
            self.wrong("time", _("{column} {text} is no day or time there is").format(column=column, text=written))
            return None
        if year_in(written[:4]) is None:
            self.wrong("time", f"{column}: {no_year(written[:4])}")
        return moment

    def fresh(self, column: str, seen: dict[str, Place]) -> bool:
        """Whether no row before is of the same run; one that is would count twice."""
        run = self.row[column]
        if not self.there(column):
            return False
        if run in seen:
            message = _("{column} {run} is a duplicate: line {line} holds this run already").format(column=column, run=shown(run, 40), line=seen[run].line)
            self.wrong("run-twice", message, _("Each run stands once, with all it consumed."))
            return False
        seen[run] = self.place
        return True

    def plausible(self, energy: float, hours: float) -> None:
        if energy > LARGEST_POWER * hours > 0:
            message = _("a power of {energy} kWh in {hours} h is implausibly large for one run")
            message = message.format(energy=number(energy, 3, current()), hours=number(hours, 3, current()))
            self.findings.warn("magnitude", message, self.place, _("Is the energy in kWh, and the duration in seconds?"))


def _group(run: Run) -> tuple[str, int, bool]:
    """Return what the runs of one activity share: place, year, and whether their energy is that of the facility."""
    return run.region, run.when.year, run.facility


def _energy_name(region: str, year: int, facility: bool) -> str:
    return f"energy_{_name(region, year, facility)}"


def _name(region: str, year: int, facility: bool) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", region).lower() + f"_{year}" + ("_facility" if facility else "")


def _energy(runs: Iterable[Run]) -> str:
    return f"{abs(math.fsum(r.energy for r in runs)):.12g}"


def _said(runs: list[Run]) -> str:
    return f"{count('{n} run', '{n} runs', len(runs))}, {math.fsum(r.hours for r in runs):.4g} h"


KINDS: dict[str, Callable[[Table, Library, Findings], list[Run]]] = {"codecarbon": _codecarbon, "runs": _measured}
"""Each kind of table that can be imported."""
