"""Uncertain parameters that are not independent: drawn together (`groups:`), or correlated by rank (`correlations:`)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

import numpy as np

from lca_ml.documents import Text
from lca_ml.errors import Findings, InputError, did_you_mean, shown
from lca_ml.limits import MOST_CORRELATED, within
from lca_ml.model.internal import MARK
from lca_ml.model.parts import Node
from lca_ml.scenario import SETTING
from lca_ml.scenario.shape import CorrelationShape
from lca_ml.shapes import Words
from lca_ml.units import quantity
from lca_ml.words import _


def grouped(groups: dict[str, list[Words]], nodes: tuple[Node, ...], factors: Container[str], findings: Findings) -> tuple[Node, ...]:
    """Return the nodes with the members of each group drawn from one random number: high together, low together.

    factors   names of the factors, which no group may have either
    """
    streams: dict[str, str] = {}
    known = {n.name: n for n in nodes}
    for group, members in groups.items():
        if MARK in group and members:
            message = _("{name} is no name of a group: it holds {mark}").format(name=shown(group, 40), mark=MARK)
            findings.error("group", message, members[0].place, _("Rename the group."))
        if (group in known or group in factors) and members:
            findings.error("group", _("{name} names a group and a quantity").format(name=group), members[0].place, _("Rename the group."))
        for member in members:
            if _uncertain(member, known, findings) and member.value in streams:
                message = _("{name} is in two groups, {a} and {b}").format(name=member.value, a=streams[member.value], b=group)
                findings.error("group", message, member.place)
            streams[member.value] = group
    return tuple(replace(n, stream=streams[n.name]) if n.name in streams and n.uncertain else n for n in nodes)


def correlated(pairs: Iterable[CorrelationShape], nodes: tuple[Node, ...], findings: Findings) -> tuple[tuple[str, str, float], ...]:
    """Return the rank correlations between streams; what is wrong with them is reported."""
    known = {n.name: n for n in nodes}
    streams = {n.name: n.stream or n.name for n in nodes}
    found: list[tuple[str, str, float]] = []
    lines: dict[frozenset[str], int] = {}
    for pair in pairs:
        if len(pair.between) != 2:
            findings.error("correlation", _("a correlation is between two parameters"), pair.rank.place, _("Write {{between: [a, b], rank: 0.7}}.").format())
            continue
        a, b = pair.between
        if not _uncertain(a, known, findings) or not _uncertain(b, known, findings):
            continue
        try:
            rank = quantity(pair.rank)
        except InputError as wrong:
            findings.take(wrong)
            continue
        if not rank.unit.pure or not -1 < rank.base < 1 or streams[a.value] == streams[b.value]:
            findings.error("correlation", _("a rank correlation lies between -1 and 1 (both excluded), of two different parameters"), pair.rank.place)
            continue
        both = frozenset((streams[a.value], streams[b.value]))
        if both in lines:
            message = _("{a} and {b} are correlated twice: line {line} says how strongly already").format(
                a=shown(a.value, 40), b=shown(b.value, 40), line=lines[both]
            )
            findings.error("correlation", message, pair.rank.place, _("Keep one of the two. Members of one group are drawn together, and count as one."))
            continue
        lines[both] = pair.rank.place.line
        found.append((streams[a.value], streams[b.value], rank.base))
    together = {n for a, b, _rank in found for n in (a, b)}
    if not within(len(together), MOST_CORRELATED, _("correlated values"), next(iter(pairs)).rank.place if found else None, findings):
        return ()
    if found and not _consistent(found):
        findings.error("correlation", _("these correlations contradict each other: no joint distribution has them"), next(iter(pairs)).rank.place)
    return tuple(found)


def _consistent(pairs: list[tuple[str, str, float]]) -> bool:
    names = sorted({n for a, b, _r in pairs for n in (a, b)})
    matrix = np.eye(len(names))
    for a, b, rank in pairs:
        i, j = names.index(a), names.index(b)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
    return bool(np.linalg.eigvalsh(matrix).min() > 1e-12)


def _uncertain(name: Text, known: dict[str, Node], findings: Findings) -> bool:
    if name.value not in known:
        uncertain = [n.name for n in known.values() if n.uncertain]
        findings.error(
            "undefined", _("{name} is not defined (unknown name)").format(name=shown(name.value, 40)), name.place, did_you_mean(name.value, uncertain)
        )
        return False
    node = known[name.value]
    if not node.uncertain and node.place is not None and node.place.file == SETTING:
        findings.warn("not-uncertain", _("{name} was set to a known number: it is no longer drawn together with another").format(name=name.value), node.place)
        return False
    if not node.uncertain:
        findings.error("not-uncertain", _("{name} is not uncertain: it is drawn with nothing").format(name=name.value), name.place)
        return False
    return True
