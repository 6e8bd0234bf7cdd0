"""What the library is made of: indicators, regions, publications, rows, and the unit of a factor."""

from __future__ import annotations

from dataclasses import dataclass, field

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place, shown
from lca_ml.shapes import Stated
from lca_ml.units import Unit, read_unit
from lca_ml.words import _

WORLD = "GLO"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An impact indicator: what is added up, in which unit, and over which phases (all where none is named)."""

    id: str
    unit: Unit
    titles: dict[str, str] = field(hash=False, compare=False)
    about: dict[str, str] = field(hash=False, compare=False)
    phases: tuple[str, ...] = ()

    def title(self, language: str = "en") -> str:
        """The name for people."""
        return self.titles.get(language) or self.titles["en"]


@dataclass(frozen=True, slots=True)
class Region:
    """A place electricity is used in; `parent` is where a look-up goes on."""

    code: str
    kind: str
    names: dict[str, str] = field(hash=False, compare=False)
    parent: str = ""
    alpha3: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One file of factors and what is known of its source."""

    id: str
    path: str
    headers: dict[str, str] = field(hash=False, compare=False)
    sha256: str = ""

    @property
    def everywhere(self) -> bool:
        """Whether its figures hold in every region: goods that are traded worldwide, definitions."""
        return self.headers.get("applies") == "everywhere"

    def provenance(self) -> dict[str, str]:
        """Return what a result says of the file: id, title, version, licence, sha256."""
        return {"id": self.id, "title": self.headers["title"], "version": self.headers["version"], "licence": self.headers["licence"], "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Row:
    """One factor as its publication gives it; numbers are still text."""

    flow: str
    region: str
    year: int | None
    indicator: str
    value: Text
    uncertainty: Text | None
    locator: str
    note: str
    publication: Publication
    stated: Stated | None = None

    def as_stated(self) -> Stated:
        """Return the value, its unit and its uncertainty as a scenario would write them."""
        return self.stated or Stated.model_construct(value=self.value, uncertainty=self.uncertainty, source=None, kind=None, note=None, title=None)


@dataclass(frozen=True, slots=True)
class Factor:
    """What a look-up found: the row, how far it lies from what was asked, and the figures that were not taken."""

    row: Row
    region: str
    steps: tuple[str, ...] = ()
    years_off: int = 0
    alternatives: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """The relative change per year of a flow's factor in a region, with the ends of its interval."""

    rate: float
    low: float
    high: float
    publication: Publication
    place: Place


def per_flow(text: str, indicator: Indicator, place: Place | None) -> tuple[float, Unit]:
    """Return what a factor's unit means: indicator units in one numerator, and the unit of the flow below the stroke.

    The numerator is read in the indicator's own unit: `MJ` of primary energy and `MJ` of electricity are written alike and never mixed.
    Raises InputError at the place where either does not fit.
    """
    above, stroke, below = split(text)
    numerator = read_unit(above, place)
    if not stroke or not numerator.same(indicator.unit):
        message = _("a factor of {indicator} is in {unit} per unit of the flow, not in {text} (dimension)")
        raise InputError(
            Finding("factor-unit", message.format(indicator=indicator.id, unit=indicator.unit, text=shown(text) or _("no unit: it is missing")), place)
        )
    return numerator.scale / indicator.unit.scale, read_unit(below, place)


def own_publication(name: str, file: str) -> Publication:
    """Return the publication that stands for figures given in a scenario."""
    return Publication(name, file, {"title": _("figures of the scenario"), "licence": "", "version": "", "retrieved": ""})


def split(text: str) -> tuple[str, str, str]:
    """Return a factor's unit as numerator, stroke and denominator: `kgCO2e`, `/`, `(GPU*h)`."""
    return text.partition("/")
