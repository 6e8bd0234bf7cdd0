"""The stated results against an oracle: the same random models evaluated in exact fractions by the few lines of this page.

The oracle shares nothing with the package: it has its own table of units, its own trees and its own arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from lca_ml.engine import point

MODELS_PER_BATCH = 120
BATCHES = 10

UNITS = {
    "energy": {"Wh": Fraction(1), "kWh": Fraction(1000), "MWh": Fraction(10**6), "J": Fraction(1, 3600), "MJ": Fraction(10**6, 3600)},
    "power": {"W": Fraction(1), "kW": Fraction(1000), "mW": Fraction(1, 1000)},
    "time": {k: Fraction(v) for k, v in {"h": 1, "s": "1/3600", "min": "1/60", "day": 24, "week": 168, "year": 8760, "month": 730}.items()},
    "mass": {"kg": Fraction(1), "g": Fraction(1, 1000), "t": Fraction(1000), "mg": Fraction(1, 10**6)},
    "data": {"byte": Fraction(1), "bit": Fraction(1, 8), "GB": Fraction(10**9), "GiB": Fraction(2**30), "TB": Fraction(10**12)},
    "pure": {"": Fraction(1), "%": Fraction(1, 100)},
}
INDICATORS = {
    "climate_change": {"kgCO2e": Fraction(1), "gCO2e": Fraction(1, 1000), "tCO2e": Fraction(1000), "lbCO2e": Fraction("0.45359237")},
    "water_use": {"m3": Fraction(1), "L": Fraction(1, 1000), "mL": Fraction(1, 10**6)},
    "resource_depletion": {"kgSbe": Fraction(1), "mgSbe": Fraction(1, 10**6), "ugSbe": Fraction(1, 10**9)},
}
FLOWS = {"heat": "energy", "cement": "mass", "traffic": "data", "attendance": "time"}
PRODUCTS = {"energy": ("power", "time")}
QUOTIENTS = {"power": ("energy", "time"), "time": ("energy", "power"), "pure": ("mass", "mass")}


class Study:
    """One random model, twice: as a scenario, and as exact values by name."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.parameters: dict[str, str] = {}
        self.exact: dict[str, tuple[str, Fraction]] = {}
        self.factors: list[dict[str, str]] = []
        self.factor_values: dict[tuple[str, str, str], Fraction] = {}
        self.flows: dict[str, tuple[str, Fraction, str]] = {}
        self.stages: dict[str, Any] = {}
        for _ in range(random.randint(2, 7)):
            self.name(random.choice(list(UNITS)))
        for _ in range(random.randint(0, 4)):
            dimension = random.choice(list(UNITS))
            text, value = self.formula(dimension, 3)
            self.define(dimension, text, value)
        for flow in FLOWS:
            self.factor(flow)
        for stage in random.sample(("storage", "training", "inference"), random.randint(1, 3)):
            self.stages[stage] = {f"a{i}": self.activity(f"{stage}.a{i}") for i in range(random.randint(1, 3))}
        self.unit_text, unit_value = self.quantity("data")
        self.delivers, delivered = self.formula("data", 2)
        self.reference = delivered / unit_value

    def quantity(self, dimension: str) -> tuple[str, Fraction]:
        """A decimal text in a unit of the dimension, between 0.001 and 10,000 of them, and what it is in base units."""
        r = self.random
        whole, thousandths = r.randint(1, 9999), f"{r.randint(0, 999):03}"
        text = r.choice((f"{whole}", f"{whole}.{thousandths}", f"{whole}e{r.randint(-3, 0)}", f"{whole}_{thousandths}.5"))
        unit, scale = r.choice(list(UNITS[dimension].items()))
        return f"{text} {unit}".strip(), Fraction(text.replace("_", "")) * scale

    def define(self, dimension: str, text: str, value: Fraction) -> str:
        name = f"{dimension}_{len(self.exact)}"
        self.parameters[name], self.exact[name] = text, (dimension, value)
        return name

    def name(self, dimension: str) -> tuple[str, Fraction]:
        """The name of a quantity of the dimension, one that exists or a new one, and its value."""
        known = [n for n, (d, _) in self.exact.items() if d == dimension]
        chosen = self.random.choice(known) if known and self.random.random() < 0.6 else self.define(dimension, *self.quantity(dimension))
        return chosen, self.exact[chosen][1]

    def formula(self, dimension: str, depth: int) -> tuple[str, Fraction]:
        """A formula of the dimension in brackets, and its value: always positive, and no difference that loses digits."""
        r = self.random
        if depth == 0 or r.random() < 0.2:
            return self.name(dimension)
        kind = r.choice(("sum", "scaled", "divided", "product", "quotient", "negative"))
        a, x = self.formula(dimension, depth - 1)
        if kind == "sum":
            b, y = self.formula(dimension, depth - 1)
            return (f"({a} - {b})", x - y) if x > 2 * y else (f"({b} - {a})", y - x) if y > 2 * x else (f"({a} + {b})", x + y)
        if kind in ("scaled", "divided"):
            b, y = self.formula("pure", depth - 1) if r.random() < 0.6 else (text := f"{r.randint(1, 999) / 8}", Fraction(text))
            return (f"{b} * {a}", y * x) if kind == "scaled" else (f"{a} / {b}", x / y) if "*" not in b and "/" not in b else (f"{a} / ({b})", x / y)
        if kind == "negative":
            b, y = self.formula(dimension, depth - 1)
            return f"({a} - (-{b}))" if b.isidentifier() or b.startswith("(") else f"({a} - -({b}))", x + y
        pair = PRODUCTS.get(dimension) if kind == "product" else QUOTIENTS.get(dimension)
        if pair is None:
            return a, x
        (b, y), (c, z) = self.formula(pair[0], depth - 1), self.formula(pair[1], depth - 1)
        return (f"({b}) * ({c})", y * z) if kind == "product" else (f"({b}) / ({c})", y / z)

    def factor(self, flow: str) -> None:
        for region in ("FR", "DE"):
            row = {"flow": flow, "region": region}
            for indicator in self.random.sample(list(INDICATORS), self.random.randint(1, 3)):
                unit, scale = self.random.choice(list(INDICATORS[indicator].items()))
                below, per = self.random.choice(list(UNITS[FLOWS[flow]].items()))
                number = f"{self.random.randint(0, 99_999) / 1000:.3f}"
                row[indicator] = f"{number} {unit}/{below}"
                self.factor_values[flow, region, indicator] = Fraction(number) * scale / per
            self.factors.append(row)

    def activity(self, name: str) -> dict[str, Any]:
        out: dict[str, Any] = {"flows": {}}
        multiplier, region = Fraction(1), "FR"
        if self.random.random() < 0.4:
            out["times"], times = self.formula("pure", 1)
            multiplier *= times
        if self.random.random() < 0.3:
            share = self.random.randint(1, 100)
            out["share"] = f"{share} %"
            multiplier *= Fraction(share, 100)
        if self.random.random() < 0.5:
            out["region"] = region = "DE"
        for flow in self.random.sample(list(FLOWS), self.random.randint(1, 3)):
            text, value = self.formula(FLOWS[flow], 3)
            out["flows"][flow] = text
            self.flows[f"{name}.{flow}"] = flow, value * multiplier, region
        return out

    def scenario(self) -> dict[str, Any]:
        names = list(self.parameters)
        self.random.shuffle(names)  # the order of the file is not the order of the calculation
        return {
            "lca_ml": 1,
            "title": "A random model",
            "functional_unit": self.unit_text,
            "delivers": self.delivers,
            "region": "FR",
            "indicators": list(INDICATORS),
            "parameters": {n: self.parameters[n] for n in names},
            "factors": {"values": self.factors},
            "stages": self.stages,
        }


@pytest.mark.parametrize("batch", range(BATCHES))
def test_stated_results_equal_exact_fractions(batch, model_of):
    """1,200 random models of + - * /, units, times, shares, regions and factors: every flow × indicator, and every total, to 1e-12."""
    for number in range(MODELS_PER_BATCH):
        study = Study(Random(f"{batch}/{number}"))
        model = model_of(study.scenario())
        result = point(model)
        assert {f.name for f in model.flows} == set(study.flows)

        exact = [[study.flows[f.name][1] * study.factor_values.get((f.flow, f.region, i.id), Fraction(0)) for i in model.indicators] for f in model.flows]
        for i, f in enumerate(model.flows):
            assert study.flows[f.name][2] == f.region
            for k, indicator in enumerate(model.indicators):
                assert (f.factors[k] is not None) == ((f.flow, f.region, indicator.id) in study.factor_values)
                assert result.impacts[i, k, 0] == pytest.approx(float(exact[i][k]), rel=1e-12, abs=0), (f.name, indicator.id, study.scenario())
        for k in range(len(INDICATORS)):
            assert result.impacts[:, k, 0].sum() == pytest.approx(float(sum(row[k] for row in exact)), rel=1e-12, abs=0)
        assert result.reference[0] == pytest.approx(float(study.reference), rel=1e-12)


def test_the_oracle_by_hand(model_of, stated):
    """(2 kW × 3 day + 6 MJ) × 50 gCO2e/kWh, a quarter of it: (144 + 1.6667) kWh × 0.05 kg × 0.25 = 1.8208333… kg."""
    text = """\
    lca_ml: 1
    title: By hand
    functional_unit: 1 GB
    indicators: [climate_change]
    parameters: {load: 2 kW, time: 3 day, warmth: 6 MJ}
    factors: {values: [{flow: heat, climate_change: 50 gCO2e/kWh}]}
    stages: {training: {share: 25 %, flows: {heat: load * time + warmth}}}
    """
    assert stated(model_of(text))["climate_change"] == pytest.approx(float((Fraction(144) + Fraction(6000, 3600)) * Fraction(5, 100) / 4), rel=1e-15)
