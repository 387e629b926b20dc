"""Describe a query before it runs: what it asks for, what it scans and costs, and its SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from iam.foreign_text import visible

if TYPE_CHECKING:
    from iam.sources.reader.trail_queries import TrailQuery

_UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB")
_CENT = 0.01


def size_words(count: int) -> str:
    """Return a size such as ``12.3 GB``, in the binary units that AWS charges by."""
    size, at = float(count), 0
    while size >= 1024 and at < len(_UNITS) - 1:
        size, at = size / 1024, at + 1
    return f"{size:,.1f} {_UNITS[at]}" if at else f"{count} bytes"


def cost_words(query: TrailQuery) -> str:
    """Return a phrase for what the query scans and costs."""
    if query.bytes is None:
        return "it is unknown how much the query scans and costs"
    if query.usd is None:
        return f"scans about {size_words(query.bytes)}"
    usd = f"about {query.usd:,.2f} USD" if query.usd >= _CENT else "less than 0.01 USD"
    return f"scans about {size_words(query.bytes)}, {usd}"


def offer_lines(query: TrailQuery) -> Iterator[str]:
    """Yield lines about a query: its cost, where its result is written, notes on how this is known, and its SQL."""
    table, asked = query.table, query.question
    of = asked.only_of
    whose = f"of account {of[0]}" if len(of) == 1 else f"of {len(of)} accounts" if of else "of every account in it"
    which = f"the calls of {visible(asked.role.name)}" if asked.role else asked.purpose.value
    words = cost_words(query)
    yield f"{words[:1].upper()}{words[1:]}."
    yield f"{visible(table.title)} ({table.region}): {which} {whose}, {asked.since:%Y-%m-%d} to {asked.until:%Y-%m-%d}."
    if query.limit is not None:
        more = ""
        if query.bytes is not None and query.bytes > query.limit:
            more = (
                ", which is less than this query needs: the query would end at this limit, and AWS would charge "
                "that much"
            )
        yield f"Workgroup {query.workgroup} ends a query at {size_words(query.limit)}{more}."
    if query.output:
        yield f"The result is written to {visible(query.output)}."
    yield from map(visible, query.notes)
    yield ""
    yield from map(visible, query.sql.splitlines())


def scanned_words(query: TrailQuery, scanned: int | None) -> str:
    """Return a sentence about what the query really scanned."""
    took = size_words(scanned) if scanned is not None else "an unknown number of bytes"
    return f"{visible(query.table.title)} was queried, and scanned {took}."


def query_json(query: TrailQuery, scanned: int | None) -> dict[str, Any]:
    return {
        "engine": query.table.engine.value,
        "table": query.table.name,
        "region": query.table.region,
        "sql": query.sql,
        "bytes_estimated": query.bytes,
        "usd_estimated": query.usd,
        "bytes_scanned": scanned,
    }
