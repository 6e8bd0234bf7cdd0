"""The report of a study: one content, written as HTML, Markdown, LaTeX or PDF.

    document(Subject(scenario, model, results, charts))   -> Document
    html(document), markdown(document), latex(document), pdf(document)
"""

from lca_ml.report.content import Subject, document

__all__ = ["Subject", "document"]
