"""The pages of the process library: a unit process is a page of YAML, and the page is its documentation.

page("compute")          -> Page
ids()                    -> the pages the package brings
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, model_validator

from lca_ml import titles
from lca_ml.documents import Mapping, Text, decode, parse, read_bytes
from lca_ml.errors import Finding, Findings, InputError, did_you_mean, shown
from lca_ml.shapes import Leaf, Raw, Shape, Source, Stated, Words, check_name, shaped
from lca_ml.units import Quantity, Unit, number, quantity, read_unit
from lca_ml.words import _

FOLDER = Path(__file__).parent / "processes"
PHASES = tuple(titles.PHASES)


class PageParameter(Shape):
    """An argument of a process. It has a `unit` (a quantity) or a `kind` (`device` or `text`)."""

    about: Words
    unit: Words | None = None
    kind: Words | None = None
    default: Leaf | None = None
    uncertainty: Leaf | None = None
    source: Words | None = None
    range: Words | None = None
    optional: Words | None = None

    @property
    def is_text(self) -> bool:
        """Whether the argument is a name (a device, a kind of network) and not a quantity."""
        return self.kind is not None


class FlowShape(Shape):
    """An amount of something a factor exists for; short, the amount alone."""

    amount: Leaf
    factor: Words | None = None
    region: Words | None = None
    year: Words | None = None
    stage: Words | None = None
    phase: Words | None = None
    about: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"amount": given} if isinstance(given, Text) else given


class ActivityShape(Shape):
    """A unit process at work: a page with its arguments, or flows of its own."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Stated]

    process: Words | None = None
    flows: dict[str, FlowShape] | None = None
    region: Leaf | None = None
    year: Words | None = None
    times: Stated | None = None
    share: Stated | None = None
    tags: dict[str, Words] | None = None
    source: Words | None = None
    note: Words | None = None

    @property
    def arguments(self) -> dict[str, Stated]:
        """The keys that are no common key: the arguments of the process."""
        return self.__pydantic_extra__ or {}


class Conflict(Shape):
    """Arguments that must not be given together, and why."""

    given: list[Words]
    because: Words


class Page(Shape):
    """A page of the process library (grammar: title, about, sources, parameters, formulas, flows, activities)."""

    title: Words
    title_fr: Words | None = None
    about: Words
    sources: dict[str, Source] = {}
    parameters: dict[str, PageParameter] = {}
    formulas: dict[str, Stated] = {}
    flows: dict[str, FlowShape] = {}
    activities: dict[str, ActivityShape] = {}
    one_of: list[list[Words]] = []
    conflicts: list[Conflict] = []
    example: Raw = None

    def title_in(self, language: str) -> str:
        """Return the title in a language; the English one where there is no other."""
        return self.title_fr.value if language == "fr" and self.title_fr else self.title.value


COMMON_KEYS = tuple(ActivityShape.model_fields)


def ids() -> tuple[str, ...]:
    """Return the ids of the pages in the package, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml")))


@lru_cache(maxsize=64)
def document(process: str) -> Mapping:
    """Return the text of a page of the package, located."""
    path = FOLDER / f"{process}.yaml"
    return parse(decode(read_bytes(path), str(path)), f"processes/{process}.yaml")


@lru_cache(maxsize=64)
def page(process: str) -> Page:
    """Return a page of the package. Raises KeyError where there is none, InputError where it is wrong."""
    if process not in ids():
        raise KeyError(process)
    findings = Findings()
    found = made(process, document(process), findings)
    findings.stop()
    assert found is not None
    return found


def made(process: str, written: Mapping, findings: Findings) -> Page | None:
    """Return the page a mapping describes, or None after reporting what is wrong with it."""
    found = shaped(Page, written, findings)
    if found is None:
        return None
    check_page(process, found, written, findings)
    return found


def interval(text: Text) -> tuple[float, float, str]:
    """Return the two ends, in base units, of a plausible range such as `1 to 3` or `0 to 10 L/kWh`. Raises InputError."""
    least, high = _ends(text)
    return least * high.unit.scale, high.base, text.value


def _ends(text: Text) -> tuple[float, Quantity]:
    low, _to, rest = text.value.partition(" to ")
    try:
        return number(low.strip()), quantity(Text(rest, text.place))
    except ValueError as wrong:
        message = _("{text} is no range: {why}").format(text=shown(text.value, 40), why=wrong)
        raise InputError(Finding("page-range", message, text.place, _("For example: range: 0 to 10 kWh"))) from None


def check_page(process: str, found: Page, written: Mapping, findings: Findings) -> None:
    """Report what is wrong with a page beyond its shape: names, units, phases, an argument that is neither quantity nor name."""
    for section in ("parameters", "formulas", "flows", "activities"):
        block = written.get(section)
        for key in block if isinstance(block, Mapping) else ():
            assert isinstance(block, Mapping)
            if section != "flows":
                check_name(block.key(key), _("a quantity of the process {process}").format(process=process), findings)
            if section == "parameters" and key in COMMON_KEYS:
                findings.error("name-reserved", _("{name} is a key every activity has").format(name=key), block.key(key).place)
    for key, parameter in found.parameters.items():
        if (parameter.unit is None) == (parameter.kind is None):
            findings.error("page-parameter", _("{name} needs either a unit (a quantity) or a kind (device, text)").format(name=key), parameter.about.place)
        elif parameter.unit is not None:
            try:
                _check_range(key, parameter, read_unit(parameter.unit.value, parameter.unit.place), findings)
            except InputError as wrong:
                findings.take(wrong)
    _check_alternatives(process, found, findings)
    for flow in found.flows.values():
        if flow.phase is not None and flow.phase.value not in PHASES:
            findings.error("phase", _("{phase} is not a phase: use, embodied or end_of_life").format(phase=flow.phase.value), flow.phase.place)


def _check_range(name: str, parameter: PageParameter, unit: Unit, findings: Findings) -> None:
    """Report a range that falls, or is in another unit than its argument. Raises InputError where it is none."""
    if parameter.range is None:
        return
    least, high = _ends(parameter.range)
    if not high.unit.same(unit):
        message = _("the range of {name} is in {given}, not in {unit} (another dimension)").format(name=name, given=high.unit, unit=unit)
        findings.error("dimension", message, parameter.range.place)
    elif least >= high.number:
        message = _("a range rises: {text} does not").format(text=shown(parameter.range.value, 40))
        findings.error("page-parameter", message, parameter.range.place, _("For example: {example}").format(example="1 to 5 kWh"))


def _check_alternatives(process: str, found: Page, findings: Findings) -> None:
    """Report alternatives and conflicts of arguments that are none of the process, stand twice, or are fewer than two."""
    for names in (*found.one_of, *(conflict.given for conflict in found.conflicts)):
        for i, name in enumerate(names):
            if name.value not in found.parameters:
                message = _("{name} is no argument of the process {process}").format(name=shown(name.value, 40), process=process)
                findings.error("page-parameter", message, name.place, did_you_mean(name.value, found.parameters))
            elif name.value in (n.value for n in names[:i]):
                findings.error("page-parameter", _("{name} stands twice in this list").format(name=name.value), name.place)
    for names in found.one_of:
        if len(names) < 2:
            message = _("one_of lists two arguments or more; the process {process} has a list of {n}").format(process=process, n=len(names))
            findings.error("page-parameter", message, names[0].place if names else found.about.place)
    for conflict in found.conflicts:
        if len(conflict.given) < 2:
            findings.error("page-conflict", _("a conflict is between at least two arguments"), conflict.because.place)
