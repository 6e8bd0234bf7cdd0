"""What a report says, section by section, in the order a reader needs it.

document(subject)   -> Document, in the language in force
"""

from lca_ml.report.content.subject import Subject
from lca_ml.report.content.whole import document

__all__ = ["Subject", "document"]
