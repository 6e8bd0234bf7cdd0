"""`python -m lca_ml` is `lca-ml`."""

from lca_ml.cli import main

main()
