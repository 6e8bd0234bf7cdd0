"""Bring the catalogues of translated messages up to date: `python docs/translate.py`, with Babel.

A catalogue is `lca_ml/locale/<language>/LC_MESSAGES/<domain>.po`, for people, and beside it the `.mo` compiled from it, which is what is read.
There are two domains: `lca_ml`, the messages of the package, and `click`, those of the library that reads the command line. This program
collects the messages there are now, keeps the translations there are, leaves a new message empty for you to fill in, drops what is gone, and
compiles. Run it again after translating. The same input gives the same bytes: no date, no line number, no version of Babel.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from lca_ml import cli, titles
from lca_ml.cli.language import CLICK, translated
from lca_ml.data import PACKAGE
from lca_ml.units import vocabulary
from lca_ml.words import DOMAIN, LANGUAGES, LOCALE, in_sentence

Msgid = str | tuple[str, ...]
Found = tuple[str, Msgid, str | None]
"""Where a message stands; the message, with its plural where it has one; and its context, for what is said in two ways."""


PLURALS = {"fr": "(n > 1)"}
"""When each language takes the second of its two forms, as gettext writes it. Stated here: what Babel says of French differs between its versions."""


class Undated(Catalog):
    """A catalogue whose header says nothing that changes from day to day."""

    num_plurals = property(lambda _self: 2)
    plural_expr = property(lambda self: PLURALS[str(self.locale_identifier)])
    mime_headers = property(
        lambda self: [
            ("Project-Id-Version", "lca-ml"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
    )


def main() -> int:
    """Write every catalogue, and say what is left to translate; answers 1 where anything is."""
    left = 0
    for language in LANGUAGES[1:]:  # the first is the language of the messages themselves
        for domain, messages in DOMAINS.items():
            path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
            catalogue = merged(path, language, messages(), keep=domain == CLICK)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_po(catalogue))
            path.with_suffix(".mo").write_bytes(as_mo(catalogue))
            empty = untranslated(catalogue)
            click.echo(f"{path.relative_to(PACKAGE.parent)}: {len(catalogue)} messages, {len(empty)} to translate")
            left += len(empty)
    return 1 if left else 0


def own_messages() -> Iterator[Found]:
    """Yield the messages of lca-ml: those marked in its modules, the help of its commands, and the units that are words."""
    yield from marked(PACKAGE, {"_": 1, "later": 1, "count": 2})
    for name, (module, _line) in cli.COMMANDS.items():
        yield from help_of(cli.imported(name), module.replace(".", "/") + ".py")
    yield from help_of(cli.cli, "lca_ml/cli/__init__.py")
    for one, many in vocabulary().plurals.items():
        yield "lca_ml/units.txt", (one, many), None
    for title in titles.STAGES.values():
        yield "lca_ml/titles.py", title, in_sentence.__name__


def help_of(command: click.Command, file: str) -> Iterator[Found]:
    """Yield what a user reads of a command, in the order in which it is translated where it is shown."""
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    translated(command, collect)
    yield from ((file, text, None) for text in texts)


def messages_of_click() -> Iterator[Found]:
    """Yield the messages of the installed click."""
    yield from marked(Path(str(click.__file__)).parent, {"_": 1, "ngettext": 2})


def marked(package: Path, keywords: dict[str, int]) -> Iterator[Found]:
    """Yield the messages marked in the modules of a package: the first texts, so many, that the functions named are given.

    The syntax tree is read, and not the tokens as Babel does: it sees into f-strings under every version of Python.
    """
    for file in sorted(package.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in keywords]
        for call in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
            assert isinstance(call.func, ast.Name)
            texts = tuple(a.value for a in call.args[: keywords[call.func.id]] if isinstance(a, ast.Constant) and isinstance(a.value, str))
            if len(texts) == keywords[call.func.id]:
                yield file.relative_to(package.parent).as_posix(), texts[0] if len(texts) == 1 else texts, None


DOMAINS: dict[str, Callable[[], Iterator[Found]]] = {DOMAIN: own_messages, CLICK: messages_of_click}
"""The catalogues of a language, and where the messages of each come from."""


def merged(path: Path, language: str, found: Iterator[Found], keep: bool = False) -> Catalog:
    """Return the catalogue of the messages found, each with the translation it has in a file.

    keep   whether what is in the file and not found stays: other versions of a library say it
    """
    old = read(path, language)
    out = Undated(locale=language, fuzzy=False, header_comment=f"# {path.stem}, {language}. Messages are collected by docs/translate.py; translate here.")
    for file, message, context in found:
        before = old.get(message if isinstance(message, str) else message[0], context)
        out.add(message, _translation(before, message), locations=[(file, 1)], context=context)
    for before in (m for m in old if keep and m.id and _key(m) not in {_key(m) for m in out}):
        out.add(before.id, before.string, locations=[(file, 1) for file, _line in before.locations], context=before.context)
    for message in out:
        message.flags.clear()  # guesses of Babel's, which differ between its versions
    return out


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def _translation(before: Message | None, message: Msgid) -> Msgid:
    """Return the translation a message has, empty where it has none or has become one that counts."""
    empty: Msgid = "" if isinstance(message, str) else ("", "")
    if before is None or before.fuzzy:
        return empty
    string: Msgid = before.string if isinstance(before.string, str) else tuple(before.string)
    return string if isinstance(string, str) == isinstance(message, str) or not isinstance(string, str) else empty


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue a file holds, an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue that have no translation, or not one for each plural."""
    return [m for m in catalogue if m.id and (m.fuzzy or not (all(m.string) if isinstance(m.string, tuple | list) else m.string))]


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as people edit it: by file, without line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as it is read."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
