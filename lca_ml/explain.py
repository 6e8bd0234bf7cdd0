"""Where a number comes from: the formula, the numbers put in, their places and sources, down to what was written.

steps(model, "training.energy_it")   -> the quantity and all it is made of
text, latex, mermaid                 three ways to write them
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lca_ml import expressions
from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.model import Flow, Model, Node
from lca_ml.notation import figure, trimmed
from lca_ml.titles import kind_title, stage_title
from lca_ml.units import pretty, scaled
from lca_ml.words import _


@dataclass(frozen=True, slots=True)
class Step:
    """One quantity of an explanation and how deep below the one asked for it stands."""

    node: Node
    depth: int
    repeated: bool = False


def steps(model: Model, quantity: str) -> tuple[Step, ...]:
    """Return a quantity and, depth first, all it is made of; one met again is not opened again. Raises UsageError for an unknown name."""
    names = {n.name for n in model.nodes}
    if quantity not in names:
        hint = did_you_mean(quantity, (*names, *(i.id for i in model.indicators))) or _("`lca-ml explain FILE` lists the quantities.")
        raise UsageError(Finding("quantity", _("{name} is not a quantity of this scenario").format(name=shown(quantity, 60)), None, hint))
    return tuple(_opened(model, quantity, 0, set()))


def flows_of(model: Model, indicator: str) -> tuple[tuple[Flow, Node, Node], ...]:
    """Return what an indicator is the sum of: each flow with its amount and its factor."""
    k = [i.id for i in model.indicators].index(indicator)
    return tuple((f, model.node(f.amount), model.node(name)) for f in model.flows if (name := f.factors[k]) is not None)


def text(model: Model, quantity: str, language: str = "en") -> str:
    """Return an explanation as lines: an indicator is opened into its flows, a quantity into its formula."""
    if quantity in [i.id for i in model.indicators]:
        return _indicator_text(model, quantity, language)
    lines = []
    for step in steps(model, quantity):
        indent = "  " * step.depth
        head = f"{indent}{step.node.name} = {value_of(step.node, language)}"
        if step.repeated:
            lines.append(f"{head}  ({_('see above')})")
            continue
        lines.append(head)
        if step.node.tree is not None:
            lines.append(f"{indent}  = {_written(step.node)}")
            lines.append(f"{indent}  = {expressions.text(step.node.tree, lambda n: value_of(model.node(n), language))}")
        if step.node.distribution is not None:
            lines.append(f"{indent}  ~ {step.node.spread or step.node.written}")
        lines += [f"{indent}  {line}" for line in _origin(step.node)]
    return "\n".join(lines)


def latex(model: Model, quantity: str) -> str:
    """Return the formulas of a quantity as a LaTeX `align*`, each with the numbers put in on the next line."""
    rows = []
    for step in steps(model, quantity):
        if step.node.tree is None or step.repeated:
            continue
        name = _latex_name(step.node.name)
        rows.append(rf"{name} &= {expressions.latex(step.node.tree, _latex_name)}")
        rows.append(rf"&= {expressions.latex(step.node.tree, lambda n: _latex_value(model.node(n)))} = {_latex_value(step.node)}")
    if not rows:
        node = model.node(quantity)
        rows = [rf"{_latex_name(node.name)} &= {_latex_value(node)}"]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def mermaid(model: Model, quantity: str, language: str = "en") -> str:
    """Return a Mermaid flowchart: an arrow from each quantity to what is computed from it."""
    lines = ["flowchart LR"]
    done = steps(model, quantity)
    ids = {s.node.name: f"n{i}" for i, s in enumerate(done) if not s.repeated}
    for step in done:
        if not step.repeated:
            label = f"{step.node.name}<br/>{value_of(step.node, language)}".replace('"', "'")
            lines.append(f'  {ids[step.node.name]}["{label}"]')
    for step in done:
        if step.node.tree is not None and not step.repeated:
            parts = dict.fromkeys(n.name for n in expressions.names(step.node.tree))
            lines += [f"  {ids[name]} --> {ids[step.node.name]}" for name in parts]
    return "\n".join(lines)


def value_of(node: Node, language: str = "en") -> str:
    """Return a node's stated value with its unit."""
    if node.number is None:
        return "?"
    value = node.number / node.unit.scale
    shown_value, name = scaled(value, node.unit) if node.tree is not None else (value, node.unit.text)
    return f"{trimmed(shown_value, 6, language)} {pretty(name)}".strip()


def listing(model: Model) -> list[Node]:
    """Return the quantities of a scenario that can be asked for, parameters first, then those of the activities."""
    return sorted(model.nodes, key=lambda n: (n.name.count(".") > 0, n.name.startswith(("factor.", "device."))))


def _opened(model: Model, name: str, depth: int, seen: set[str]) -> Iterator[Step]:
    node = model.node(name)
    repeated = name in seen and node.tree is not None
    yield Step(node, depth, repeated)
    if repeated or node.tree is None:
        return
    seen.add(name)
    for inner in dict.fromkeys(n.name for n in expressions.names(node.tree)):
        yield from _opened(model, inner, depth + 1, seen)


def _indicator_text(model: Model, indicator: str, language: str) -> str:
    unit = next(i.unit for i in model.indicators if i.id == indicator)
    lines, total = [], 0.0
    for flow, amount, factor in flows_of(model, indicator):
        assert amount.number is not None and factor.number is not None
        impact = amount.number * factor.number
        total += impact
        result = figure(impact, impact, impact, unit, language)
        lines.append(f"{flow.name} ({stage_title(flow.stage)}) = {result.point} {result.unit}")
        lines.append(f"  = {value_of(amount, language)} × {value_of(factor, language)}")
        lines += [f"  {line}" for line in _origin(factor)]
    result = figure(total, total, total, unit, language)
    return "\n".join([f"{indicator} = {result.point} {result.unit}", *(f"  {line}" for line in lines)])


def _written(node: Node) -> str:
    assert node.tree is not None
    return expressions.text(node.tree)


def _origin(node: Node) -> list[str]:
    parts = []
    if node.place is not None and node.place.line:
        parts.append(f"{Path(node.place.file).name}:{node.place.line}")
    if node.source:
        parts.append(_("source: {source}").format(source=node.source))
    if node.kind:
        parts.append(kind_title(node.kind))
    return [" · ".join(parts)] if parts else []


def _latex_name(name: str) -> str:
    escaped = name.replace("_", r"\_")
    return rf"\text{{{escaped}}}"


def _latex_value(node: Node) -> str:
    value, _blank, unit = value_of(node).partition(" ")
    mantissa, e, exponent = value.replace(",", "{,}").partition("e")
    shown_value = rf"{mantissa} \cdot 10^{{{exponent}}}" if e else mantissa
    safe = re.sub(r"([%&#_$])", r"\\\1", unit).replace("₂", "$_2$").replace("²", "$^2$").replace("³", "$^3$").replace("·", r"$\cdot$")
    return rf"{shown_value}\,\text{{{safe}}}" if unit else shown_value
