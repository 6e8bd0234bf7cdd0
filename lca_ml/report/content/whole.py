"""The report as a whole: its sections, in the order a reader needs them."""

from __future__ import annotations

from lca_ml import __version__
from lca_ml.bibliography import references
from lca_ml.notation import plain
from lca_ml.report.content.answer import answer, one_line
from lca_ml.report.content.checklist import checklist
from lca_ml.report.content.dominance import dominance
from lca_ml.report.content.formulas import formulas
from lca_ml.report.content.impacts import figures, impacts
from lca_ml.report.content.inputs import inputs
from lca_ml.report.content.provenance import methods, reproduction, sources, warnings
from lca_ml.report.content.scope import boundary, goal_and_scope
from lca_ml.report.content.subject import Subject
from lca_ml.report.document import Document
from lca_ml.wording import functional_unit
from lca_ml.words import _, current


def document(subject: Subject) -> Document:
    """Return the report of a study, in the language in force."""
    cited = references(subject.scenario, subject.model)
    sections = (
        goal_and_scope(subject),
        boundary(subject),
        figures(subject),
        impacts(subject),
        dominance(subject),
        checklist(subject),
        inputs(subject, cited),
        formulas(subject),
        warnings(subject),
        sources(subject, cited),
        methods(subject, cited),
        reproduction(subject),
    )
    return Document(
        title=subject.model.title,
        subtitle=_("Life-cycle assessment, per {unit}").format(unit=functional_unit(subject.model, current())),
        language=current(),
        description=one_line(subject),
        answer=answer(subject),
        sections=tuple(s for s in sections if s is not None),
        footer=_footer(subject),
    )


def _footer(subject: Subject) -> str:
    if not subject.model.uncertain:
        return _("Made with lca-ml {version}; nothing uncertain.").format(version=__version__)
    draws = plain(subject.results.samples, current())
    return _("Made with lca-ml {version}, {draws} draws, seed {seed}.").format(version=__version__, draws=draws, seed=subject.results.seed)
