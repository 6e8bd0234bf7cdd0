"""Quantities with units. The vocabulary is the page `lca_ml/units.txt`, read by pint; nothing else is known.

pint is given the name of one unit at a time, never a value and never a text of a user: numbers, operators and exponents are
read here, strictly. Inside the program a number is a plain float in base units, and a `Unit` is a scale and a dimension.

    unit("kWh/GB")               -> Unit
    quantity(Text("0.4 Wh"))     -> Quantity
    scaled(1234.0, unit("Wh"))   -> (1.234, "kWh")
"""

from lca_ml.units.quantities import NUMBER, Quantity, family, in_range, number, quantity, read_unit, scaled, to_pint
from lca_ml.units.vocabulary import ONE, VOCABULARY, Dimension, Unit, familiar, pretty, spoken, unit, vocabulary

__all__ = [
    "NUMBER",
    "ONE",
    "VOCABULARY",
    "Dimension",
    "Quantity",
    "Unit",
    "familiar",
    "family",
    "in_range",
    "number",
    "pretty",
    "quantity",
    "read_unit",
    "scaled",
    "spoken",
    "to_pint",
    "unit",
    "vocabulary",
]
