"""References as BibTeX, as CSL-JSON, and as a list to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lca_ml.bibliography.references import Reference
from lca_ml.markup import latex, visible
from lca_ml.words import _

_ARXIV = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/([\w.-]+/?[\w.]*)")
_SURNAME = re.compile(r"(?:(?:de|van|von|der|den|la|le|du|da|di) )*[^\W\d_a-z][\w'’.-]*")
_INITIALS = re.compile(r"((?:[^\W\d_a-z]\.[- ]?)+) ?(.+)")


def bibtex(references: Iterable[Reference]) -> str:
    """Return references as BibTeX: entries of the type `misc`, which every style knows, each with its licence in the note.

    Texts are escaped for LaTeX; titles and names of organisations keep their capitals.
    """
    return "\n".join(_entry(r) for r in references)


def csl(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """Return references as CSL-JSON items, the format of Zotero, Pandoc and citeproc."""
    return [_item(r) for r in references]


def listed(references: Iterable[Reference]) -> list[str]:
    """Return each reference as one line to read: authors (year). Title. Version. Address. Licence."""
    return [_line(r) for r in references]


def licence_of(reference: Reference) -> str:
    """Return under which terms a source's figures are given, or that it does not say."""
    return reference.licence or _("not stated")


def address(reference: Reference) -> str:
    """Return the web address of a source, empty where it has none that begins with http or https."""
    if reference.doi:
        return "https://doi.org/" + _quoted(re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", reference.doi.strip(), flags=re.IGNORECASE))
    return _quoted(reference.url) if re.match(r"https?://[^\s/]", reference.url) else ""


def _quoted(address: str) -> str:
    """Return an address with every character that does not stand in one written as its bytes, %7B for a brace (RFC 3986)."""
    return "".join(c if re.match(r"[A-Za-z0-9/:?#@!$&'()*+,;=%~._-]", c) else "".join(f"%{b:02X}" for b in c.encode()) for c in address)


def _entry(r: Reference) -> str:
    arxiv = _ARXIV.fullmatch(address(r))
    said = {
        "author": " and ".join(_bibtex_name(n) for n in _people(r.authors)),
        "title": f"{{{latex(r.title)}}}",
        "year": latex(r.year),
        "version": latex(r.version),
        "doi": re.sub(r"[{}\s\\]", "", r.doi),
        "eprint": arxiv[1] if arxiv else "",
        "archiveprefix": "arXiv" if arxiv else "",
        "url": address(r),
        "note": latex("; ".join(part for part in (r.note, _("licence: {licence}").format(licence=licence_of(r))) if part)),
    }
    lines = [f"  {field} = {{{value}}}," for field, value in said.items() if value]
    return "\n".join([f"@misc{{{r.key},", *lines, "}", ""])


def _item(r: Reference) -> dict[str, Any]:
    kind = {"software": "software", "factors": "dataset", "device": "dataset"}.get(r.kind, "document")
    item: dict[str, Any] = {"id": r.key, "type": kind, "title": visible(r.title)}
    if r.authors:
        item["author"] = [_csl_name(n) for n in _people(r.authors)]
    if re.fullmatch(r"\d{4}", r.year):
        item["issued"] = {"date-parts": [[int(r.year)]]}
    more = {"URL": address(r), "DOI": visible(r.doi), "version": visible(r.version)}
    note = "; ".join(part for part in (visible(r.note), _("licence: {licence}").format(licence=visible(licence_of(r)))) if part)
    return item | {k: v for k, v in more.items() if v} | {"note": note}


def _line(r: Reference) -> str:
    when = f" ({r.year})" if r.year else ""
    parts = [r.authors + when, r.title] if r.authors else [r.title + when]
    parts += [_("Version {version}").format(version=r.version) if r.version else "", r.note, address(r)]
    text = ". ".join(visible(p).rstrip(".") for p in parts if p)
    return f"[{r.key}] {text}. " + _("Licence: {licence}.").format(licence=visible(licence_of(r)).rstrip("."))


def _people(authors: str) -> list[str]:
    """Return the names in a text of authors: surnames parted by commas or `and`; anything else is one organisation.

    The last is `others` where the text ends in et al.
    """
    text, more = re.subn(r",?\s+et al\.?$", "", re.sub(r"\s*\([^()]*\)$", "", authors.strip()))
    names = [n for n in re.split(r",\s*|\s+and\s+|\s+et\s+", text) if n]
    if names and all(_SURNAME.fullmatch(n) or _INITIALS.fullmatch(n) for n in names):
        return names + ["others"] * more
    return [authors.strip()] if authors.strip() else []


def _bibtex_name(name: str) -> str:
    if name == "others":
        return name
    initials = _INITIALS.fullmatch(name)
    if initials and _SURNAME.fullmatch(initials[2]):
        return f"{latex(initials[2])}, {latex(initials[1].strip())}"
    return latex(name) if _SURNAME.fullmatch(name) else f"{{{latex(name)}}}"


def _csl_name(name: str) -> dict[str, str]:
    initials = _INITIALS.fullmatch(name)
    if initials and _SURNAME.fullmatch(initials[2]):
        return {"family": visible(initials[2]), "given": initials[1].strip()}
    if name == "others":
        return {"literal": "et al."}
    return {"family": visible(name)} if _SURNAME.fullmatch(name) else {"literal": visible(name)}
