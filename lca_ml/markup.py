"""Texts that stay texts: what anybody wrote, made harmless for LaTeX, BibTeX and Markdown. HTML is escaped by its templates.

visible("a\\u202eb")      a<U+202E>b: control and bidirectional characters are shown, not obeyed
latex("5 % of CO₂")      5 \\% of CO\\textsubscript{2}
markdown("*a|b*")        \\*a\\|b\\*
"""

from __future__ import annotations

import re
import unicodedata

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # not \{: BibTeX counts a brace even behind a backslash
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": "'",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
    "\u202f": r"\,",
    "\u2009": r"\,",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "·": r"\ensuremath{\cdot}",
    "±": r"\ensuremath{\pm}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "≈": r"\ensuremath{\approx}",
    "→": r"\ensuremath{\rightarrow}",
    "∝": r"\ensuremath{\propto}",
    "∂": r"\ensuremath{\partial}",
    "µ": r"\ensuremath{\mu}",
    "ρ": r"\ensuremath{\rho}",
    "…": r"\ldots{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "ʼ": "'",
}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_KNOWN_TO_T1 = re.compile("[\x20-\x7e\xa1-\xac\xae-\xff\u0100-\u017e\u0218-\u021b«»‹›„‚€™]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~$])")
_BEGINS_A_BLOCK = re.compile(r"(\s*)(?:([-+#=>])|(\d+)([.)])(?=\s|$))")


def visible(text: str) -> str:
    """Return a text on one line, its control, invisible and bidirectional characters written as <U+XXXX>; blanks of every kind stay."""
    return "".join(_shown(c) for c in " ".join(text.split("\n")))


def latex(text: str) -> str:
    """Return a text as LaTeX sets it, in T1 fonts; it holds no command of its own and its braces are balanced.

    A character T1 does not have stands as it is: `foreign` says which, so that a document can declare them.
    """
    out = []
    for part in re.split("([₀-₉]+|[⁰¹²³⁴-⁹⁻]+)", visible(text)):
        if part and part[0] in "₀₁₂₃₄₅₆₇₈₉":
            out.append(rf"\textsubscript{{{part.translate(_SUBSCRIPTS)}}}")
        elif part and part[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
            out.append(rf"\textsuperscript{{{part.translate(_SUPERSCRIPTS)}}}")
        else:
            out += [_LATEX.get(c, c) for c in part]
    return re.sub(r"-(?=-)|,(?=,)", r"\g<0>{}", "".join(out))  # two hyphens would become a dash


def foreign(text: str) -> list[str]:
    """Return the characters of a LaTeX text that pdfTeX does not know, each once, in the order of their numbers."""
    return sorted({c for c in text if not _KNOWN_TO_T1.fullmatch(c) and c not in "\n\t"})


def markdown(text: str) -> str:
    """Return a text that CommonMark and its tables show as it is: nothing in it makes a heading, a list, emphasis, code, a link or HTML."""
    escaped = _MARKDOWN.sub(r"\\\1", visible(text)).replace("&", "&amp;")
    begins = _BEGINS_A_BLOCK.match(escaped)
    if begins is None:
        return escaped
    blank, mark, figure, point = begins.groups()
    return blank + (f"\\{mark}" if mark else f"{figure}\\{point}") + escaped[begins.end() :]


def _shown(c: str) -> str:
    return c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else f"<U+{ord(c):04X}>"
