"""What a parameter is called when people read it."""

from __future__ import annotations

from lca_ml.model import Model
from lca_ml.model.internal import stream_title
from lca_ml.titles import property_title
from lca_ml.words import _


def label(model: Model, parameter: str, language: str = "en", within: str = "") -> str:
    """Return a parameter's name for people: its title or its name, a device's property, or the factor of a flow and where it holds.

    within   the indicator that is talked of, which need not be named again
    """
    if made := stream_title(parameter):
        return made
    kind, _dot, rest = parameter.partition(".")
    if kind == "device":
        device, _dot, wanted = rest.rpartition(".")
        return _("{property} of {device}").format(property=property_title(wanted), device=device)
    if kind == "trend":
        return _("trend of the grid of {region}").format(region=rest)
    if kind != "factor":
        return next((n.title for n in model.nodes if n.name == parameter and n.title and "." not in parameter), parameter)
    flow = next((f for f in sorted(model.flow_titles, key=len, reverse=True) if rest.startswith(f"{f}.")), rest.partition(".")[0])
    where = rest.removeprefix(f"{flow}.").split(".")
    title = model.flow_titles.get(flow, {}).get(language, flow)
    place = "" if where[0] == "GLO" else f" {where[0]}"
    place += f" {where[1]}" if len(where) > 1 and where[1].isdigit() else ""
    indicator = next((i.title(language) for i in model.indicators if i.id in where and i.id != within), "")
    text = f"{title}{place}" + (f", {indicator[:1].lower()}{indicator[1:]}" if indicator else "")
    return _("distance of the look-up of {factor}").format(factor=text) if where[-1] == "fallback" else text
