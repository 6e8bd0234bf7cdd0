"""What the factor library holds, as rows: listed, searched, shown with the figures that compete.

listing(library)                       every factor as a row
search(library, "france")              flows, regions, devices and publications a word is found in
shown(library, "electricity", "FR")    the figures of one flow side by side, and which one a scenario gets
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from lca_ml.factors import Library, Row, read_row
from lca_ml.units import Quantity
from lca_ml.values import read, relative


def listing(library: Library, flow: str | None = None, region: str | None = None, indicator: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each factor: flow, region, year, indicator, value, unit, low, high, source, licence, preferred.

    low and high are the ends of the central 90 % interval, None where no uncertainty is stated; `preferred` says that a scenario
    that names exactly this region and year gets this figure.
    """
    for name in [flow] if flow is not None else list(library.rows):
        for row in library.rows.get(name, ()):
            if (region is None or row.region == region) and (indicator is None or row.indicator == indicator):
                yield as_row(library, row)


def as_row(library: Library, row: Row) -> dict[str, Any]:
    """Return a factor as a row of `factors list --json`."""
    given = read(row.value)
    assert isinstance(given, Quantity)
    low, high = interval(row, given)
    found = library.find(row.flow, row.region, row.year, row.indicator)
    headers = row.publication.headers
    return {
        "flow": row.flow,
        "region": row.region,
        "year": row.year,
        "indicator": row.indicator,
        "value": given.number,
        "unit": given.unit.text,
        "low": low,
        "high": high,
        "source": f"{headers['title']} ({row.publication.id})",
        "licence": headers["licence"],
        "preferred": found is not None and found.row is row,
        "locator": row.locator,
        "note": row.note,
    }


def interval(row: Row, given: Quantity) -> tuple[float | None, float | None]:
    """Return the central 90 % interval of a factor in its own unit, None where no uncertainty is stated."""
    if row.uncertainty is None:
        return None, None
    drawn = relative(row.uncertainty, given)
    low, high = drawn.distribution.quantile(np.array([0.05, 0.95]))
    return float(f"{low:.6g}"), float(f"{high:.6g}")


def search(library: Library, words: Iterable[str]) -> list[dict[str, str]]:
    """Return what holds all the words, in names, codes, titles or sources: kind, id, title."""
    sought = [w.casefold() for w in words]
    found: list[dict[str, str]] = []

    def offer(kind: str, identifier: str, title: str, more: str = "") -> None:
        text = f"{identifier} {title} {more}".casefold()
        if all(w in text for w in sought):
            found.append({"kind": kind, "id": identifier, "title": title})

    for region in library.regions.values():
        offer("region", region.code, f"{region.names['en']} / {region.names['fr']}", region.alpha3)
    for flow in library.rows:
        offer("flow", flow, library.title(flow), library.titles.get(flow, {}).get("fr", ""))
    for device, properties in library.devices.items():
        offer("device", device, ", ".join(properties))
    for publication in library.publications.values():
        offer("publication", publication.id, publication.headers["title"], publication.headers.get("authors", ""))
    for indicator in library.indicators.values():
        offer("indicator", indicator.id, indicator.title("en"), indicator.title("fr"))
    return sorted(
        found, key=lambda r: (not any(r["id"].casefold() == w for w in sought), ("region", "flow", "device", "indicator", "publication").index(r["kind"]))
    )


def competing(library: Library, flow: str, region: str, year: int | None) -> list[tuple[str, Row, tuple[Row, ...], tuple[str, ...]]]:
    """Return, for each indicator of a flow, the figure a scenario of this region and year gets, those it does not, and the steps of the look-up."""
    out = []
    for indicator in library.indicators:
        found = library.find(flow, region, year, indicator)
        if found is not None:
            steps = (*found.steps, *(["year"] if found.years_off else []))
            out.append((indicator, found.row, found.alternatives, steps))
    return out


def moved(old: Library, new: Library) -> list[dict[str, Any]]:
    """Return a row for each factor that differs between two libraries: what, before, after, and their ratio; None where it was not there.

    Factors are the same if publication, flow, region, year and indicator are; values are compared in the same unit.
    """
    before, after = _values(old), _values(new)
    rows = []
    for key in dict.fromkeys((*before, *after)):
        a, b = before.get(key), after.get(key)
        if a == b:
            continue
        publication, flow, region, year, indicator = key
        change = "added" if a is None else "removed" if b is None else "moved"
        ratio = b[0] / a[0] if a is not None and b is not None and a[0] else None
        written = [None if v is None else v[1] for v in (a, b)]
        where = {"publication": publication, "flow": flow, "region": region, "year": year, "indicator": indicator}
        rows.append({"change": change, **where, "old": written[0], "new": written[1], "ratio": ratio})
    return sorted(rows, key=lambda r: (r["change"], -abs((r["ratio"] or 1.0) - 1.0), r["flow"], r["region"]))


def _values(library: Library) -> dict[tuple[str, str, str, int | None, str], tuple[float, str, str]]:
    """Return each factor's value in indicator units per unit of its flow, how it is written, and its uncertainty."""
    found = {}
    for rows in library.rows.values():
        for row in rows:
            value, below = read_row(row, library.indicators)
            spread = row.uncertainty.value if row.uncertainty else ""
            found[row.publication.id, row.flow, row.region, row.year, row.indicator] = (value / below.scale, row.value.value, spread)
    return found
