"""The documentation of a process, made from its page: what `lca-ml processes show` prints and the docs hold.

markdown("compute", page("compute"))
"""

from __future__ import annotations

from lca_ml.documents import Mapping
from lca_ml.exporters import yaml_text
from lca_ml.processes import FlowShape, Page, PageParameter, document
from lca_ml.titles import phase_title, stage_title
from lca_ml.units import pretty
from lca_ml.words import _, current


def markdown(name: str, page: Page) -> str:
    """Return the page of a process as Markdown: about, arguments, formulas, flows, sources, an example."""
    blocks = ["# " + _("{name}: {title}").format(name=name, title=page.title_in(current())), page.about.value.strip(), _arguments(page)]
    if page.formulas:
        blocks.append("\n".join([f"## {_('Formulas')}", "", "```text", *(f"{n} = {f.value.value}" for n, f in page.formulas.items()), "```"]))
    if page.activities:
        lines = [f"## {_('Built on')}", ""]
        for key, activity in page.activities.items():
            given = ", ".join(f"{k}: {v.value.value}" for k, v in activity.arguments.items())
            process = activity.process.value if activity.process else ""
            lines.append("- " + _("`{key}`: process `{process}` ({given})").format(key=key, process=process, given=given))
        blocks.append("\n".join(lines))
    if page.flows:
        blocks.append(_flows(page))
    if page.sources:
        blocks.append(_sources(page))
    example = document(name).get("example")
    if isinstance(example, Mapping):
        lines = [f"## {_('Example')}", "", "```yaml", *(line.rstrip() for line in yaml_text(example, origins=False).splitlines()), "```"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _arguments(page: Page) -> str:
    lines = [f"## {_('Arguments')}", "", f"| {_('argument')} | {_('unit')} | {_('default')} | {_('what it is')} | {_('source')} |", "|---|---|---|---|---|"]
    alternatives = {n.value for group in page.one_of for n in group}
    for name, parameter in page.parameters.items():
        default = f"`{parameter.default.value}`" if parameter.default else _("one of several") if name in alternatives else _("**required**")
        if parameter.uncertainty:
            default += f" ~ `{parameter.uncertainty.value}`"
        source = _cell(parameter.source.value) if parameter.source else ""
        lines.append(f"| `{name}` | {_unit(parameter)} | {_cell(default)} | {_cell(parameter.about.value)} | {source} |")
    for group in page.one_of:
        lines += ["", _("Exactly one of {names} is given.").format(names=", ".join(f"`{n.value}`" for n in group))]
    for conflict in page.conflicts:
        lines += ["", _("Not together: {names} ({why}).").format(names=", ".join(f"`{n.value}`" for n in conflict.given), why=conflict.because.value)]
    return "\n".join(lines)


def _flows(page: Page) -> str:
    lines = [f"## {_('Flows')}", "", f"| {_('flow')} | {_('amount')} | {_('phase')} | {_('stage')} | |", "|---|---|---|---|---|"]
    for key, flow in page.flows.items():
        phase = phase_title(flow.phase.value if flow.phase else "use")
        stage = stage_title(flow.stage.value) if flow.stage else _("that of the activity")
        lines.append(f"| {_factor(key, flow, page)} | `{flow.amount.value}` | {phase} | {stage} | {_cell(flow.about.value) if flow.about else ''} |")
    return "\n".join(lines)


def _factor(key: str, flow: FlowShape, page: Page) -> str:
    named = flow.factor.value if flow.factor else key
    if named in page.parameters:
        return _("`{key}`: manufacture or treatment of the `{name}`").format(key=key, name=named)
    return f"`{named}`"


def _sources(page: Page) -> str:
    lines = [f"## {_('Sources')}", ""]
    for key, source in page.sources.items():
        parts = [source.authors, source.year, source.title]
        text = ", ".join(p.value for p in parts if p is not None)
        link = source.url.value if source.url else f"https://doi.org/{source.doi.value}" if source.doi else ""
        lines.append("- " + _("{name}: {title}").format(name=f"`{key}`", title=text) + (f", <{link}>" if link else ""))
    return "\n".join(lines)


def _unit(parameter: PageParameter) -> str:
    if parameter.unit is not None:
        return pretty(parameter.unit.value) if parameter.unit.value != "1" else _("pure number")
    if parameter.kind is not None and parameter.kind.value == "device":
        return _("name of a device")
    return _("name of a {kind}").format(kind=parameter.kind.value if parameter.kind else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
