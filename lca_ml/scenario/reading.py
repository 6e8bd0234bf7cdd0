"""A scenario of the right shape, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lca_ml import processes
from lca_ml.documents import Mapping, Text, confined, decode, parse, read_bytes
from lca_ml.errors import Findings, LcaError, Place, asked, did_you_mean, misspelt, shown
from lca_ml.labels import check_file_names, check_label
from lca_ml.limits import MOST_ACTIVITIES, MOST_PARAMETERS, MOST_PROCESSES, MOST_VARIANTS, within
from lca_ml.processes import Page
from lca_ml.scenario.composition import composed, read_document
from lca_ml.scenario.shape import STANDARD_STAGES, VERSION, ScenarioShape
from lca_ml.shapes import check_name, place_of, shaped
from lca_ml.words import _


@dataclass(frozen=True)
class Scenario:
    """A scenario of the right shape: what was written, typed, and the located text it came from."""

    shape: ScenarioShape
    document: Mapping = field(repr=False)
    file: str
    folder: Path
    variants: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    pages: dict[str, Page] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """The title as written."""
        return self.shape.title.value.strip()

    def place(self, *path: str | int) -> Place:
        """Return where the key at a path stands."""
        return place_of(self.document, path)

    def page(self, process: Text, findings: Findings) -> Page | None:
        """Return the page of a process: the scenario's own, else the package's; None after reporting one that does not exist."""
        if process.value in self.pages:
            return self.pages[process.value]
        if process.value in processes.ids():
            return processes.page(process.value)
        known = (*self.pages, *processes.ids())
        hint = did_you_mean(process.value, known) or _("Processes are {names}.").format(names=", ".join(known))
        findings.error("process", _("{process} is an unknown process").format(process=shown(process.value, 40)), process.place, hint)
        return None


def load(path: str, variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None) -> Scenario:
    """Return the scenario of a file, composed and of the right shape.

    variants   names of variants of the file, composed left to right
    settings   `path=value`, on top of all
    text       what the file holds, where it has been read already (standard input)
    Raises InputError with every mistake of shape, WorldError where a file cannot be read, UsageError for a setting that is none.
    """
    findings = Findings()
    found = opened(path, variants, settings, text, findings)
    findings.stop()
    assert found is not None
    return found


def opened(path: str, variants: Iterable[str], settings: Iterable[str], text: str | None, findings: Findings) -> Scenario | None:
    """Return the scenario of a file less what is wrong with its shape, which is reported; None where too little is left to read on.

    For arguments see `load`. Raises LcaError where the text is no YAML or a file cannot be read.
    """
    variants, settings = tuple(variants), tuple(settings)
    document = read_document(path, variants, settings, text)
    return _read(document, path, Path(path).parent if text is None else Path(), variants, settings, findings)


def changed(scenario: Scenario, variants: Iterable[str] = (), settings: Iterable[str] = ()) -> Scenario:
    """Return a scenario with more variants and settings on top, without reading its file again; published figures (`expect:`) stay behind.

    The scenario's own settings still come after the variants. Raises LcaError as `load` does.
    """
    variants, settings = tuple(variants), (*scenario.settings, *settings)
    document = composed(scenario.document.without("expect"), variants, settings)
    findings = Findings()
    found = _read(document, scenario.file, scenario.folder, (*scenario.variants, *variants), settings, findings)
    findings.stop()
    assert found is not None
    return found


def _read(document: Mapping, path: str, folder: Path, variants: tuple[str, ...], settings: tuple[str, ...], findings: Findings) -> Scenario | None:
    _check_version(document, findings)
    shape = shaped(ScenarioShape, document, findings)
    pages = _own_pages(document, folder, findings)
    if shape is None:
        return None
    _check_names(document, shape, findings)
    return Scenario(shape, document, path, folder, variants, settings, pages)


def _check_version(document: Mapping, findings: Findings) -> None:
    version = document.get("lca_ml")
    if isinstance(version, Text) and version.value != VERSION:
        findings.error(
            "version",
            _("this lca-ml reads version {known} of the language, not {given}").format(known=VERSION, given=shown(version.value, 20)),
            version.place,
            _("Write lca_ml: 1."),
        )


def _own_pages(document: Mapping, folder: Path, findings: Findings) -> dict[str, Page]:
    block = document.get("processes")
    pages: dict[str, Page] = {}
    for name in block if isinstance(block, Mapping) else ():
        assert isinstance(block, Mapping)
        written = block[name]
        check_name(block.key(name), _("a process"), findings)
        if name in processes.ids():
            message = _("the process {name} of this file takes the place of the library's, wherever it is used here").format(name=name)
            findings.warn("process", message, block.key(name).place, _("Give it another name if that is not meant."))
        try:
            if isinstance(written, Text):
                target = confined(written, folder, folder)
                written = parse(decode(read_bytes(str(target)), str(folder / written.value)), str(folder / written.value))
            if not isinstance(written, Mapping):
                findings.error("shape", _("a process is a mapping, or the path of a file that holds one"), written.place)
                continue
            page = processes.made(name, written, findings)
        except LcaError as wrong:
            findings.take(wrong)
            continue
        if page is not None:
            pages[name] = page
    return pages


def _check_size(document: Mapping, shape: ScenarioShape, findings: Findings) -> None:
    activities = sum(max(len(stage.activities), 1) for stage in shape.stages.values())
    for section, n, limit, what in (
        ("parameters", len(shape.parameters), MOST_PARAMETERS, _("parameters")),
        ("stages", activities, MOST_ACTIVITIES, _("activities")),
        ("variants", len(shape.variants), MOST_VARIANTS, _("variants")),
        ("processes", len(shape.processes), MOST_PROCESSES, _("processes of one's own")),
    ):
        if not within(n, limit, what, place_of(document, (section,)), findings):
            findings.stop()


def _check_names(document: Mapping, shape: ScenarioShape, findings: Findings) -> None:
    """Report more than a study may hold, names that could not stand in a formula, in a table or for a file, and two that differ in case only."""
    _check_size(document, shape, findings)
    check_label(shape.title, _("the title"), findings)
    for section, what in (("variants", _("a variant")), ("sweeps", _("a sweep"))):
        if isinstance(named := document.get(section), Mapping):
            check_file_names(named, what, findings)
    block = document.get("parameters")
    folded: dict[str, str] = {}
    for name in block if isinstance(block, Mapping) else ():
        assert isinstance(block, Mapping)
        key = block.key(name)
        check_name(key, _("a parameter"), findings)
        if name.casefold() in folded:
            findings.warn("name-case", _("{a} and {b} differ in case only").format(a=folded[name.casefold()], b=name), key.place)
        folded[name.casefold()] = name
    stages = document.get("stages")
    assert isinstance(stages, Mapping)
    if not shape.stages:
        findings.error("stages-empty", _("a scenario needs at least one stage (stages: is empty)"), stages.place)
    for name in stages:
        check_name(stages.key(name), _("a stage"), findings, frozenset())
        if name not in STANDARD_STAGES and (standard := misspelt(name, STANDARD_STAGES)) and standard not in stages:
            message = _("{name} is a stage of your own, beside the standard stage {standard}").format(name=shown(name, 40), standard=standard)
            findings.warn("stage-name", message, stages.key(name).place, asked([standard]))
        if name in shape.parameters:
            findings.error("name-twice", _("{name} names both a parameter and a stage").format(name=name), stages.key(name).place, _("Rename one of the two."))
        inner = stages[name]
        for activity in shape.stages[name].activities if name in shape.stages else ():  # one whose shape is wrong is reported and left out
            assert isinstance(inner, Mapping)
            check_name(inner.key(activity), _("an activity"), findings, frozenset())
