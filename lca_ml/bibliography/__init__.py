"""What a study rests on, ready to be cited: lca-ml itself, the factor publications used, the sources of the scenario and of its processes.

references(scenario, model)   -> References, each with its licence
bibtex, csl, listed           three ways to write them
"""

from lca_ml.bibliography.references import Reference, key_of, references, tool
from lca_ml.bibliography.writing import address, bibtex, csl, licence_of, listed

__all__ = ["Reference", "address", "bibtex", "csl", "key_of", "licence_of", "listed", "references", "tool"]
