"""Sobol' indices in closed form, for results that are sums of products of one-parameter factors with independent inputs.

Most life cycles are: the trees are expanded to such terms, each factor's moments are computed by quadrature over its own
parameter, and variances follow by algebra. No sampling error; what cannot be expanded raises NotSeparable.

With Y = Σ_t c_t Π_i f_ti(x_i), m_ti = E[f_ti] and M_i = E[f_ti f_si]:
    E[Y] = Σ c_t Π m_ti          Var[Y] = cᵀ (Π_i M_i) c − E[Y]²
    V_i  = cᵀ (M_i Π_{j≠i} m_j m_jᵀ) c − E[Y]²           S1_i = V_i / Var
    V_~i = cᵀ (m_i m_iᵀ Π_{j≠i} M_j) c − E[Y]²           ST_i = 1 − V_~i / Var
Source: Sobol' 2001, Mathematics and Computers in Simulation 55, 271–280; Homma and Saltelli 1996, Reliability Engineering 52, 1–17.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lca_ml.distributions import Choice, Distribution, Normal
from lca_ml.expressions import Call, Name, Negative, Number, Operation, Tree, names, value
from lca_ml.magnitude import exponent, variance_of
from lca_ml.model import Model
from lca_ml.normal import cdf
from lca_ml.quadrature import nodes
from lca_ml.sensitivity.outputs import Array, Indices, Output, parameters
from lca_ml.words import _

MOST_TERMS = 600


class NotSeparable(Exception):
    """A result is no sum of products of one-parameter factors; the text says where."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A coefficient times one function of each of some parameters, given by its values at the parameter's nodes."""

    coefficient: float
    factors: tuple[tuple[str, bytes], ...] = ()


def exact(model: Model, outputs: Iterable[Output]) -> list[Indices]:
    """Return the Sobol' indices of outputs without sampling error. Raises NotSeparable where one is of another form."""
    expansion = _Expansion(model)
    return [_indices(expansion, output, *_scaled(expansion.of_output(output))) for output in outputs]


def interactions(model: Model, output: Output) -> dict[tuple[str, str], float]:
    """Return S2 of each pair of parameters: the share of the variance of an output that the two explain only together.

    Exact, as `exact`; pairs that share no term are left out. Raises NotSeparable.
    """
    expansion = _Expansion(model)
    terms, _power = _scaled(expansion.of_output(output))
    c = np.array([t.coefficient for t in terms])
    used = [n for n in expansion.names if any(n == name for t in terms for name, _values in t.factors)]
    moments = {n: _moments(terms, n, expansion.weights[n]) for n in used}
    means = np.prod([m for m, _second in moments.values()], axis=0)
    mean = float(c @ means)
    whole = _indices(expansion, output, terms, 0)
    alone = dict(zip(whole.parameters, whole.s1, strict=True))
    found = {}
    for i, a in enumerate(used):
        for b in used[i + 1 :]:
            rest = np.prod([m for n, (m, _second) in moments.items() if n not in (a, b)], axis=0) * c
            together = float(rest @ (moments[a][1] * moments[b][1]) @ rest) - mean**2
            found[a, b] = together / whole.variance - alone[a] - alone[b]
    return found


class _Expansion:
    """The terms of every node, each expanded once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.names = list(parameters(model))
        self.weights: dict[str, Array] = {}
        self.drawn: dict[str, tuple[str, Array]] = {}
        if model.correlations:
            raise NotSeparable(_("correlated parameters"))
        for name, made in parameters(model).items():
            self.weights[name], values = _nodes_together([n.distribution for n in made if n.distribution is not None])
            if not all(np.isfinite(x).all() for x in (self.weights[name], *values)):
                raise NotSeparable(_("a value that is not finite"))
            self.drawn |= {n.name: (name, x) for n, x in zip(made, values, strict=True)}
        self._terms: dict[str, tuple[_Term, ...]] = {}
        self._depends: dict[str, frozenset[str]] = {}

    def of_output(self, output: Output) -> tuple[_Term, ...]:
        """Return the terms of an output, those of the same factors together."""
        terms: list[_Term] = []
        for i in output.flows(self.model):
            flow = self.model.flows[i]
            factor = flow.factors[output.indicator]
            if factor is not None:
                terms += self._times(self.of(flow.amount), self.of(factor))
        if output.view == "functional_unit":
            terms = list(self._times(terms, self._inverse(Name(self.model.reference))))
        return _merged(terms)

    def of(self, name: str) -> tuple[_Term, ...]:
        """Return the terms of a node."""
        if name not in self._terms:
            node = self.model.node(name)
            if name in self.drawn:
                stream, values = self.drawn[name]
                self._terms[name] = (_Term(1.0, ((stream, values.tobytes()),)),)
            elif node.tree is None:
                assert node.number is not None
                self._terms[name] = (_Term(node.number),)
            else:
                self._terms[name] = _merged(self._expanded(node.tree))
        return self._terms[name]

    def depends(self, tree: Tree) -> frozenset[str]:
        """Return the parameters a tree depends on."""
        found: set[str] = set()
        for name in {n.name for n in names(tree)}:
            if name not in self._depends:
                inner = self.model.node(name).tree
                self._depends[name] = frozenset([self.drawn[name][0]]) if name in self.drawn else self.depends(inner) if inner is not None else frozenset()
            found |= self._depends[name]
        return frozenset(found)

    def _expanded(self, tree: Tree) -> list[_Term]:
        streams = self.depends(tree)
        if len(streams) <= 1:
            return self._single(tree, next(iter(streams), ""))
        match tree:
            case Name(name):
                return list(self.of(name))
            case Negative(operand):
                return [_Term(-t.coefficient, t.factors) for t in self._expanded(operand)]
            case Operation("+", left, right):
                return self._expanded(left) + self._expanded(right)
            case Operation("-", left, right):
                return self._expanded(left) + [_Term(-t.coefficient, t.factors) for t in self._expanded(right)]
            case Operation("*", left, right):
                return self._times(self._expanded(left), self._expanded(right))
            case Operation("/", left, right):
                return self._times(self._expanded(left), self._inverse(right))
            case Operation("**", base, exponent) if not self.depends(exponent):
                return self._power(base, float(value(exponent, self._constant)))
        raise NotSeparable(_("a function or a power of several uncertain values"))

    def _single(self, tree: Tree, stream: str) -> list[_Term]:
        """Return a tree that depends on one parameter at most as one term: its values at the nodes, if it has no kink."""
        if not stream:
            return [_Term(float(value(tree, self._constant)))]
        if self._has_kink(tree):
            raise NotSeparable(_("min, max or ceil of an uncertain value"))
        with np.errstate(all="ignore"):
            values = np.broadcast_to(np.asarray(value(tree, lambda n: self._at_nodes(n, stream)), dtype=np.float64), self.weights[stream].shape)
        if not np.isfinite(values).all():
            raise NotSeparable(_("a value that is not finite"))
        return [_Term(1.0, ((stream, values.tobytes()),))]

    def _at_nodes(self, name: str, stream: str) -> Array | np.float64:
        if name in self.drawn:
            return self.drawn[name][1]
        node = self.model.node(name)
        if node.tree is None:
            return self._constant(name)
        return np.asarray(value(node.tree, lambda n: self._at_nodes(n, stream)))

    def _constant(self, name: str) -> np.float64:
        node = self.model.node(name)
        return np.float64(node.number) if node.tree is None else np.float64(value(node.tree, self._constant))

    def _has_kink(self, tree: Tree) -> bool:
        match tree:
            case Call(function, arguments):
                return (function in ("min", "max", "ceil") and bool(self.depends(tree))) or any(self._has_kink(a) for a in arguments)
            case Negative(operand):
                return self._has_kink(operand)
            case Operation(_operator, left, right):
                return self._has_kink(left) or self._has_kink(right)
            case Name(name):
                inner = self.model.node(name).tree
                return inner is not None and self._has_kink(inner)
            case Number():
                return False

    def _inverse(self, tree: Tree) -> list[_Term]:
        return self._power(tree, -1.0)

    def _power(self, tree: Tree, exponent: float) -> list[_Term]:
        """Return a power of a tree, which must be one term: the power of each of its factors."""
        terms = self._expanded(tree)
        if len(terms) != 1:
            raise NotSeparable(_("a power or quotient of a sum of several uncertain values"))
        (term,) = terms
        with np.errstate(all="ignore"):
            factors = tuple((n, (_values(f) ** exponent).tobytes()) for n, f in term.factors)
            coefficient = float(np.float64(term.coefficient) ** exponent)
        if not np.isfinite(coefficient) or not all(np.isfinite(_values(f)).all() for _n, f in factors):
            raise NotSeparable(_("a value that is not finite"))
        return [_Term(coefficient, factors)]

    def _times(self, left: Iterable[_Term], right: Iterable[_Term]) -> list[_Term]:
        others = list(right)
        out = [_product(a, b) for a in left for b in others]
        if len(out) > MOST_TERMS**2:
            raise NotSeparable(_("too many terms"))
        return out


def _nodes_together(drawn: list[Distribution]) -> tuple[Array, list[Array]]:
    """Return weights, and for each of the distributions drawn with the same random number its values at common nodes."""
    with np.errstate(all="ignore"):  # whoever asks looks whether they are finite
        return _at_common_nodes(drawn)


def _at_common_nodes(drawn: list[Distribution]) -> tuple[Array, list[Array]]:
    if all(d == drawn[0] for d in drawn) or all(isinstance(d, Choice) for d in drawn):
        return nodes(drawn[0])[1], [nodes(d)[0] for d in drawn]
    z, weights = nodes(Normal(0.0, 1.0))
    p = np.array([cdf(x) for x in z])
    return weights, [d.quantile(np.clip(p, 2.0**-54, 1 - 2.0**-53)) for d in drawn]


def _product(a: _Term, b: _Term) -> _Term:
    factors = dict(a.factors)
    for name, values in b.factors:
        factors[name] = (_values(factors[name]) * _values(values)).tobytes() if name in factors else values
    return _Term(a.coefficient * b.coefficient, tuple(sorted(factors.items())))


def _merged(terms: Iterable[_Term]) -> tuple[_Term, ...]:
    found: dict[tuple[tuple[str, bytes], ...], float] = {}
    for term in terms:
        found[term.factors] = found.get(term.factors, 0.0) + term.coefficient
    if len(found) > MOST_TERMS:
        raise NotSeparable(_("too many terms"))
    return tuple(_Term(c, f) for f, c in found.items() if c != 0.0)


def _values(data: bytes) -> Array:
    return np.frombuffer(data, dtype=np.float64)


def _scaled(terms: Iterable[_Term]) -> tuple[tuple[_Term, ...], int]:
    """Return the terms divided by a power of two, and that power: neither a factor nor a coefficient is then above 1, so that squares are finite.

    A division by a power of two is exact: shares of the variance are the same to the last digit.
    """
    parts = []
    for term in terms:
        coefficient, power = math.frexp(term.coefficient)
        factors: list[tuple[str, bytes]] = []
        for name, data in term.factors:
            own = exponent(_values(data))
            factors.append((name, np.ldexp(_values(data), -own).tobytes()))
            power += own
        parts.append((coefficient, power, tuple(factors)))
    highest = max((power for _c, power, _f in parts), default=0)
    return tuple(_Term(math.ldexp(c, power - highest), factors) for c, power, factors in parts), highest


def _indices(expansion: _Expansion, output: Output, terms: tuple[_Term, ...], power: int) -> Indices:
    """Return the indices of an output from its terms, which were divided by 2**power."""
    coefficients = np.array([t.coefficient for t in terms])
    moments = [_moments(terms, name, expansion.weights[name]) for name in expansion.names]
    means = np.prod([m for m, _second in moments], axis=0) if moments else np.ones(len(terms))
    mean = float(coefficients @ means)
    first = [second / np.outer(m, m) if m.all() else None for m, second in moments]
    whole = np.ones((len(terms), len(terms)))
    for _m, second in moments:
        whole = whole * second
    variance = float(coefficients @ whole @ coefficients) - mean**2
    s1, st = np.full(len(moments), np.nan), np.full(len(moments), np.nan)  # a constant has no variance to share out: no number, not zero
    if variance > 1e-24 * max(mean**2, 1e-300):
        for i in range(len(moments)):
            s1[i], st[i] = _pair(i, moments, first, coefficients, means, whole, mean, variance)
    none = np.zeros(len(moments))
    with np.errstate(all="ignore"):
        mean = float(np.ldexp(mean, power))
    return Indices(output, tuple(expansion.names), s1, st, none, none, mean, variance_of(variance, power), "exact")


def _pair(
    i: int, moments: list[tuple[Array, Array]], first: list[Array | None], c: Array, means: Array, whole: Array, mean: float, variance: float
) -> tuple[float, float]:
    """Return S1 and ST of parameter i."""
    m, second = moments[i]
    if (second == 1.0).all():
        return 0.0, 0.0
    ratio = first[i]
    if ratio is not None and (second != 0).all():
        alone = float((c * means) @ ratio @ (c * means))
        others = float(c @ (whole / ratio) @ c)
    else:
        rest = np.prod([x for j, (x, _s) in enumerate(moments) if j != i], axis=0)
        alone = float((c * rest) @ second @ (c * rest))
        product = np.outer(m, m)
        for j, (_x, s) in enumerate(moments):
            product = product * s if j != i else product
        others = float(c @ product @ c)
    return (alone - mean**2) / variance, 1 - (others - mean**2) / variance


def _moments(terms: tuple[_Term, ...], name: str, weights: Array) -> tuple[Array, Array]:
    """Return E[f_t] of each term's factor in one parameter, and E[f_t f_s] of each two."""
    given = [dict(t.factors).get(name) for t in terms]
    distinct = {g: i for i, g in enumerate(dict.fromkeys(given))}
    values = np.array([np.ones_like(weights) if g is None else _values(g) for g in distinct]).reshape(-1, weights.size)  # also where there is no term
    where = np.array([distinct[g] for g in given], dtype=int)
    mean = values @ weights
    second = (values * weights) @ values.T
    return mean[where], second[np.ix_(where, where)]
