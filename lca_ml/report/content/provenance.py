"""Where everything comes from and how it is done again: sources, files, warnings, methods, command."""

from __future__ import annotations

import shlex
from pathlib import Path

from lca_ml import __version__
from lca_ml.bibliography import Reference, address, bibtex, licence_of
from lca_ml.exporters import yaml_text
from lca_ml.methods import paragraph
from lca_ml.notation import plain
from lca_ml.report.content.subject import Subject, plain_table, where
from lca_ml.report.document import Block, Cell, Folded, Items, Link, Mono, Pairs, Paragraph, Passage, Run, Section, Small
from lca_ml.words import LANGUAGES, _, current, speaking

TITLES = {"en": "English", "fr": "Français"}


def sources(subject: Subject, cited: tuple[Reference, ...]) -> Section:
    """Return the section on sources: each with its licence and its address, then the files of factors with version and SHA-256."""
    rows: list[list[Cell]] = []
    for r in cited:
        who = r.authors + (f" ({r.year})" if r.year else "") + ". " if r.authors else ""
        work: list[str | Small | Link] = [who + r.title + (f" ({r.year})" if r.year and not r.authors else "")]
        if address(r):
            work += [" ", Link(address(r))]
        if r.note:
            work.append(Small(r.note))
        rows.append([Mono(r.key), tuple(work), licence_of(r)])
    blocks: list[Block] = [plain_table(_("Sources, each with its licence"), [_("Key"), _("Source"), _("Licence")], rows)]
    files: list[list[Cell]] = [[Mono(p["id"]), p["version"], Mono(p["sha256"])] for p in subject.model.provenance]
    if files:
        blocks.append(plain_table(_("Files of factors used"), [_("File"), _("Version"), "SHA-256"], files))
    return Section("sources", _("Sources and licences"), tuple(blocks))


def warnings(subject: Subject) -> Section:
    """Return the section on warnings."""
    found = subject.model.warnings
    if not found:
        return Section("warnings", _("Warnings"), (Paragraph(_("None.")),))
    runs: list[Run] = [(w.message, Small(where(w.place))) if where(w.place) else w.message for w in found]
    return Section("warnings", _("Warnings"), (Items(tuple(runs)),))


def methods(subject: Subject, cited: tuple[Reference, ...]) -> Section:
    """Return the section to paste from: the paragraph on methods in each language there is a catalogue of, and the bibliography."""
    results, passages = subject.results, {}
    for language in dict.fromkeys((current(), *LANGUAGES)):
        with speaking(language) as spoken:
            passages[spoken] = paragraph(subject.scenario, subject.model, results.samples, results.seed, results.sampler)
    blocks: list[Block] = [Passage(text, language=language, label=TITLES[language]) for language, text in passages.items()]
    blocks.append(Folded(_("BibTeX of every source"), (Passage(bibtex(cited), code="bibtex"),), screen=True))
    return Section("methods", _("Methods, ready to paste"), tuple(blocks))


def reproduction(subject: Subject) -> Section:
    """Return the section on how to compute the same again: software, draws, command, the scenario itself."""
    results, scenario = subject.results, subject.scenario
    pairs: list[tuple[Run, Run]] = [(_("Software"), f"lca-ml {__version__}")]
    if subject.model.uncertain:
        pairs += [(_("Draws"), plain(results.samples, current())), (_("Seed"), str(results.seed))]
        pairs += [(_("Sampler"), results.sampler)] if results.sampler != "random" else []
    text = yaml_text(scenario.document, origins=False)
    written = Folded(_("The scenario as it was computed"), (Passage(text, code="yaml"),))
    note = _("The same file, seed and number of draws give the same numbers on every machine.")
    return Section("reproduce", _("How to reproduce it"), (Pairs(tuple(pairs)), Passage(command(subject), code="sh"), Paragraph(note), written))


def command(subject: Subject) -> str:
    """Return the commands that compute the study again."""
    scenario, results = subject.scenario, subject.results
    words = ["lca-ml", "run", Path(scenario.file).name]
    words += ["--variant", ",".join(scenario.variants)] if scenario.variants else []
    words += [w for setting in scenario.settings for w in ("--set", setting)]
    words += ["--samples", str(results.samples), "--seed", str(results.seed)]
    words += ["--sampler", results.sampler] if results.sampler != "random" else []
    return f"pip install lca-ml=={__version__}\n{shlex.join(words)}\n"
