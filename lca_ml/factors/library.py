"""All that was read, and the look-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from lca_ml.documents import Text
from lca_ml.errors import Finding, Findings, InputError, asked, did_you_mean, nearest, shown
from lca_ml.factors.files import DEVICE_COLUMNS, indicators_of, publication_of, read_csv, regions_of, table
from lca_ml.factors.parts import Factor, Indicator, Publication, Region, Row, Trend, per_flow, split
from lca_ml.shapes import Stated
from lca_ml.tables import number_in
from lca_ml.units import Unit, unit
from lca_ml.values import read, relative
from lca_ml.words import _, current

CATALOGUES = ("indicators", "regions", "fallback", "flows", "preference", "devices", "sources", "lock")


class Library:
    """All that was read: publications, rows by flow, indicators, regions, devices.

    Immutable in use; `extended` returns a copy with a scenario's own figures on top.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.indicators = {i.id: i for i in indicators_of(root / "indicators.csv")}
        self.regions = {r.code: r for r in regions_of(root / "regions.csv")}
        self.widening = {r["step"]: float(r["gsd"]) for r in table(root / "fallback.csv")}
        self.preference = [r["publication"] for r in table(root / "preference.csv")]
        self.titles = {r["id"]: {"en": r["title_en"], "fr": r["title_fr"]} for r in table(root / "flows.csv")}
        self.substitutes: dict[str, str] = {}
        self.publications: dict[str, Publication] = {}
        self.rows: dict[str, list[Row]] = {}
        self._found: dict[tuple[str, str, int | None, str], Factor | None] = {}
        for path in sorted(root.glob("*.csv")):
            if path.stem not in CATALOGUES:
                self._add(publication_of(path))

    def _add(self, read_file: tuple[Publication, list[Row]]) -> None:
        publication, rows = read_file
        self.publications[publication.id] = publication
        for row in rows:
            self.rows.setdefault(row.flow, []).append(row)

    def extended(
        self,
        *,
        prefer: Iterable[str] = (),
        files: Iterable[Path] = (),
        rows: Iterable[Row] = (),
        regions: Iterable[Region] = (),
        substitute: dict[str, str] | None = None,
    ) -> Library:
        """Return a copy in which a scenario's own publications, figures, places and preferences come first."""
        other = object.__new__(Library)
        other.__dict__.update({k: v for k, v in self.__dict__.items() if k != "_by_indicator"})  # made anew from the rows; the devices stay
        other._found = {}
        other.rows = {flow: list(found) for flow, found in self.rows.items()}
        other.publications = dict(self.publications)
        own = []
        for path in files:
            publication, more = publication_of(path)
            own.append(publication.id)
            other._add((publication, _checked(more, self.indicators)))
        for row in rows:
            other.publications[row.publication.id] = row.publication
            own.insert(0, row.publication.id)
            other.rows.setdefault(row.flow, []).append(row)
        other.preference = list(dict.fromkeys([*own, *prefer, *self.preference]))
        other.regions = self.regions | {r.code: r for r in regions}
        other.substitutes = self.substitutes | (substitute or {})
        return other

    @cached_property
    def devices(self) -> dict[str, dict[str, tuple[Stated, str]]]:
        """Devices and their properties: value with its uncertainty, and its source."""
        out: dict[str, dict[str, tuple[Stated, str]]] = {}
        for row, place in read_csv(self.root / "devices.csv", DEVICE_COLUMNS)[1]:
            value = Text(f"{row['value']} {row['unit'] if row['unit'] != '1' else ''}".strip(), place)
            uncertainty = Text(row["uncertainty"], place) if row["uncertainty"] else None
            stated = Stated.model_construct(value=value, uncertainty=uncertainty, source=Text(row["source"], place), kind=None, note=None, title=None)
            source = row["source"] + (f", {row['locator']}" if row["locator"] else "")
            out.setdefault(row["device"], {})[row["property"]] = (stated, source)
        return out

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        """What the figures of the device catalogue were read in, by the name it gives them: key, title, authors, year, url, licence."""
        return {row["source"]: row for row in table(self.root / "sources.csv")}

    @cached_property
    def trends(self) -> dict[tuple[str, str, str], Trend]:
        """Trends by flow, region and indicator, from the files of `trends/`; used only where a scenario asks for years `a..b`."""
        out: dict[tuple[str, str, str], Trend] = {}
        for path in sorted((self.root / "trends").glob("*.csv")):
            headers, rows, digest = read_csv(path, None)
            publication = Publication(f"trends/{path.stem}", str(path), headers, digest)
            for row, place in rows:
                key = (headers["flow"], row["region"], headers["indicator"])
                out.setdefault(key, Trend(float(row["rate"]), float(row["low"]), float(row["high"]), publication, place))
        return out

    @cached_property
    def _by_indicator(self) -> dict[tuple[str, str], list[Row]]:
        out: dict[tuple[str, str], list[Row]] = {}
        for flow, rows in self.rows.items():
            for row in rows:
                out.setdefault((flow, row.indicator), []).append(row)
        return out

    def chain(self, region: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the region and what stands above it, each with the kinds of step taken to reach it."""
        steps: tuple[str, ...] = ()
        code = region
        while code and len(steps) < 10:
            yield code, steps
            here = self.regions.get(code)
            if here is None:
                return
            steps, code = (*steps, here.kind), here.parent

    def find(self, flow: str, region: str, year: int | None, indicator: str) -> Factor | None:
        """Return the factor of a flow, or None where the library holds none for the indicator.

        The nearest region wins, then the preferred publication, then the year: the same, else the nearest earlier, else the nearest.
        """
        key = (flow, region, year, indicator)
        if key not in self._found:
            self._found[key] = self._nearest(flow, region, year, indicator)
        return self._found[key]

    def _nearest(self, flow: str, region: str, year: int | None, indicator: str) -> Factor | None:
        rows = self._by_indicator.get((self.substitutes.get(flow, flow), indicator), ())
        for code, steps in self.chain(region):
            here = [r for r in rows if r.region == code or (not steps and r.publication.everywhere)]
            if here:
                ranked = sorted(here, key=lambda r: (self._rank(r), _distance(r.year, year)))
                best = ranked[0]
                off = abs(best.year - year) if best.year is not None and year is not None else 0
                taken = steps if not best.publication.everywhere else ()
                return Factor(best, code, taken, off, tuple(r for r in ranked[1:] if r.publication is not best.publication))
        return None

    def widened(self, factor: Factor, years: bool = True) -> float:
        """Return the geometric standard deviation by which the steps of a look-up widen a factor; 1 where none was taken.

        years   whether the distance in years counts: not where a trend stands for it
        """
        out = self.widening.get("year", 1.0) ** (factor.years_off if years else 0)
        for step in factor.steps:
            out *= self.widening.get(step, 1.0)
        return out

    def flow_unit(self, flow: str) -> Unit | None:
        """Return the unit factors of a flow are per, None where the flow is unknown."""
        for row in self.rows.get(self.substitutes.get(flow, flow), ()):
            _number, _blank, written = row.as_stated().value.value.rpartition(" ")
            if "/" in written:
                try:
                    return unit(split(written)[2])
                except ValueError:
                    continue  # told where the row is read
        return None

    def title(self, flow: str, language: str = "en") -> str:
        """Return the name of a flow for people; an indicator's for an elementary flow, else the flow itself."""
        if flow in self.indicators:
            return self.indicators[flow].title(language)
        return self.titles.get(flow, {}).get(language) or flow.replace("_", " ")

    def region_hint(self, region: str) -> str:
        """Return what region was probably meant: by code, by name in English or French, by three letters."""
        spelled = {n: r.code for r in self.regions.values() if r.code != region for n in (r.code, r.names["en"], r.names["fr"], r.alpha3) if n}
        codes = list(dict.fromkeys(spelled[n] for n in nearest(region, spelled)))
        if not codes:
            return _(
                "A region is a code such as FR, US, GLO, US-CAMX or aws:eu-west-3; a place of your own goes under `factors: {{regions: {{{place}: FR}}}}`."
            ).format(place=shown(region, 20))
        return asked(f"{code} ({self.regions[code].names.get(current()) or self.regions[code].names['en']})" for code in codes)

    def _rank(self, row: Row) -> int:
        try:
            return self.preference.index(row.publication.id)
        except ValueError:
            return len(self.preference)


@lru_cache(maxsize=4)
def load(root: Path) -> Library:
    """Return the library of a folder, read once in a process."""
    return Library(root)


def check(library: Library, findings: Findings) -> None:
    """Report every row of the library that could not be used: for the data's own tests, and for a user's files."""
    for rows in library.rows.values():
        for row in rows:
            try:
                read_row(row, library.indicators)
                if row.region not in library.regions:
                    findings.error(
                        "region", _("{region} is an unknown region").format(region=shown(row.region, 30)), row.value.place, library.region_hint(row.region)
                    )
            except InputError as wrong:
                findings.take(wrong)


def read_row(row: Row, indicators: dict[str, Indicator]) -> tuple[float, Unit]:
    """Return a row's value in indicator units per unit of its flow, and that unit. Raises InputError at the row."""
    if row.indicator not in indicators:
        hint = did_you_mean(row.indicator, indicators)
        raise InputError(Finding("indicator", _("{indicator} is an unknown indicator").format(indicator=shown(row.indicator, 30)), row.value.place, hint))
    stated = row.as_stated()
    given = read(stated.value)
    from lca_ml.units import Quantity

    if not isinstance(given, Quantity):
        raise InputError(Finding("factor-value", _("a factor is a number with its unit"), stated.value.place))
    scale, below = per_flow(given.unit.text, indicators[row.indicator], stated.value.place)
    if stated.uncertainty is not None:
        relative(stated.uncertainty, given)
    return given.number * scale, below


def _distance(year: int | None, wanted: int | None) -> tuple[int, int]:
    """Order years by nearness: the same, then earlier ones, then later ones; without a wanted year the latest first."""
    if year is None:
        return (0, 0)
    if wanted is None:
        return (1, -year)
    return (0, 0) if year == wanted else (1, wanted - year) if year < wanted else (2, year - wanted)


def _checked(rows: list[Row], indicators: dict[str, Indicator]) -> list[Row]:
    """Return a user's rows after reading each, and after refusing a figure given twice."""
    findings = Findings()
    seen: dict[tuple[str, str, int | None, str], Row] = {}
    for row in rows:
        try:
            if not row.value.value.partition(" ")[2]:
                raise InputError(Finding("factor-unit", _("the unit of this factor is missing"), row.value.place))
            number_in(row.value.value.partition(" ")[0])
            read_row(row, indicators)
        except ValueError as wrong:
            findings.error("number", str(wrong), row.value.place)
        except InputError as wrong:
            findings.take(wrong)
        key = (row.flow, row.region, row.year, row.indicator)
        if key in seen:
            findings.error(
                "factor-twice", _("this factor is a duplicate: line {line} gives it already").format(line=seen[key].value.place.line), row.value.place
            )
        seen[key] = row
    findings.stop()
    return rows
