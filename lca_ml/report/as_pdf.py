"""A report as a tagged PDF, through WeasyPrint where it is installed (`pip install 'lca-ml[pdf]'`)."""

from __future__ import annotations

from typing import Any, NoReturn

from lca_ml.errors import Finding, WorldError
from lca_ml.report.as_html import page
from lca_ml.report.document import Document
from lca_ml.words import _

VARIANT = "pdf/ua-1"  # ISO 14289-1: headings, tables, figures and language are told to a screen reader


def pages(document: Document) -> bytes:
    """Return the report as a PDF whose parts are tagged. Raises WorldError where WeasyPrint or a library it needs is missing."""
    try:
        import weasyprint
    except (ImportError, OSError) as missing:  # OSError: Pango is not there
        reason = str(missing).splitlines()[0]
        hint = _("Install it with pip install 'lca-ml[pdf]', or print the HTML report from a browser.")
        raise WorldError(Finding("pdf", _("a PDF needs WeasyPrint: {reason}").format(reason=reason), None, hint)) from None
    made = weasyprint.HTML(string=page(document, paged=True), url_fetcher=_nothing)
    data: bytes = made.write_pdf(pdf_variant=VARIANT, pdf_identifier=b"lca-ml")
    return data


def _nothing(url: str, *_arguments: Any, **_options: Any) -> NoReturn:
    """Refuse to fetch: a report holds all it needs."""
    raise ValueError(url)
