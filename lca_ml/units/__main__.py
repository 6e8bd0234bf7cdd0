"""`python -m lca_ml.units` writes `lca_ml/units.json`, the units as pint reads them from `units.txt`."""

from lca_ml.units.vocabulary import VOCABULARY, vocabulary

VOCABULARY.with_suffix(".json").write_text(vocabulary().compiled(), encoding="utf-8")
