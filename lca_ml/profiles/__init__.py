"""What a standard or a text wants stated, beyond what lca-ml needs to compute: for `check --profile` and `report --template`.

A profile is a page of YAML in this folder: elements, each with the clause that asks for it and the facts that answer it. It helps to prepare a
report and claims no conformity.

    ids(), profile("iso14044")            the pages
    filled(scenario, model, "iso14044")   each element with its answer, empty where the scenario states none
    missing(scenario, model, "iso14044")  a warning for each that is empty
"""

from lca_ml.profiles.answers import Answer, filled, missing, pasted
from lca_ml.profiles.pages import Element, Profile, Score, ids, profile

__all__ = ["Answer", "Element", "Profile", "Score", "filled", "ids", "missing", "pasted", "profile"]
