"""Tags in tables: a row for each tag below words about tags, or a row for each resource with the tags in columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from diagnostics.text.read.layout.tables import Line, lines_of
from iam.arn import identity_of
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex

_KEY = regex(r"(?:tag ?)?key|tags?|tag name", re.IGNORECASE)
_VALUE = regex(r"(?:tag ?)?value", re.IGNORECASE)
_OF_TAGS = regex(r"\btags?\b|\btag(?:list|set)\b|-[a-z0-9]{0,40}tag[a-z]{0,20}\b", re.IGNORECASE)
_OF_ANOTHER = regex(
    r"\b(?:role|user|session|principal|caller|cost|polic(?:y|ies)|must|should|need\w*|requires?|required|wants?|wanted|allowed|propos\w+"
    r"|example|docs?|before|old|old\w*|previous\w*|was|were)\b",
    re.IGNORECASE,
)
"""Words that show that the tags below them are a caller's, are only wanted, or no longer exist."""
_ID = regex(r"(?<![\w-])[a-z]+-[0-9a-f]{8,17}(?![\w-])")
_COLUMN = regex(r"(?:tag[ :]+)?(?P<key>[\w:./+=@-]{1,128})")
_CUT = regex(r"(?P<begin>[\w-]{4,}?)(?:\.{2,3}|…|\*)")
_FEWEST = 2
_CMDLET_TABLE = regex(
    r"^(?P<first>(?:Tag)?Key +)(?:Tag)?Value *\r?\n-+ +-+ *\r?\n(?P<rows>(?:[^\n]*\S[^\n]*(?:\n|\Z)){1,50})",
    re.MULTILINE,
)
"""What PowerShell's Format-Table prints: a single space follows the longest key."""
_PROMPT = regex(r"\s*(?:(?:PS )?[A-Z]:[^>\n]{0,200}>|PS[^>\n]{0,200}>|[\w@:~./-]{0,60}[$%] )")


def tabled_tags(text: str, asked: Collection[str], resource: str, caller: str) -> Keys:
    """Return the tags in ``asked`` that a table in the text shows for the resource or the caller.

    ``asked`` are condition keys; ``resource`` and ``caller`` are ARNs. A tag with two values in the text is left out.
    """
    wanted = {key: key.partition("/")[2] for key in asked if re.search(r":(?:resource|principal)tag/", key.lower())}
    if not wanted:
        return {}
    found: dict[str, set[str]] = {}
    own = _names_of(resource)
    people = {name for name in (identity_of(caller)[2],) if name}
    for heading, rows in _tables(text):
        for key, value in _rows_of_tags(heading, rows, own):
            for name in wanted:
                if wanted[name] == key and ":resourcetag/" in name.lower():
                    found.setdefault(name, set()).add(value)
        for name, key in wanted.items():
            names = people if ":principaltag/" in name.lower() else own
            found.setdefault(name, set()).update(_cell_of(rows, names, key))
    return {
        key: Sourced((value,), Source.TEXT, f"tag {wanted[key]}={value}")
        for key, values in found.items()
        if len(values) == 1
        for value in values
    }


def _names_of(resource: str) -> set[str]:
    """Return the names by which a table may refer to a resource: its ARN, or the part of it after the type."""
    last = re.split(r"[:/]", resource)[-1]
    return {each for each in (resource, last) if each and "*" not in each}


def _tables(text: str) -> Iterator[tuple[str, list[Line]]]:
    """Yield the tables in the text: the words above each table, and its lines without separator lines."""
    heading = ""
    for is_row, run in groupby(lines_of(_CMDLET_TABLE.sub(_with_gaps, text)), key=_is_row):
        lines = list(run)
        if is_row:
            rows = [each for each in lines if not each.is_rule]
            if len(rows) >= _FEWEST:
                yield heading, rows
            heading = rows[-1].text if rows else heading
        else:
            heading = next((each.text for each in reversed(lines) if each.text.strip()), heading)


def _is_row(line: Line) -> bool:
    return line.is_rule or (len(line.cells) > 1 and _PROMPT.match(line.text) is None)


def _with_gaps(table: re.Match[str]) -> str:
    """Return the table with at least two spaces between its columns."""
    return re.sub(rf"^([^\n]{{{len(table['first']) - 1}}}) (?=\S)", r"\1  ", table[0], flags=re.MULTILINE)


def _rows_of_tags(heading: str, rows: Sequence[Line], own: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the tags of a table with the columns Key and Value, if they may be those of the resource."""
    header = rows[0].cells
    ids = set(_ID.findall(heading))
    if len(header) != _FEWEST or not (_KEY.fullmatch(header[0]) and _VALUE.fullmatch(header[1])):
        return
    if not (_OF_TAGS.search(heading) or _OF_TAGS.search(header[0])) or _OF_ANOTHER.search(heading):
        return
    if ids and any(_ID.fullmatch(each) for each in own) and not ids & own:
        return
    yield from (
        (row.cells[0].strip("\"'`"), row.cells[1].strip("\"'`")) for row in rows[1:] if len(row.cells) == _FEWEST
    )


def _cell_of(rows: Sequence[Line], names: set[str], key: str) -> set[str]:
    """Return the cell in the column named like the tag, if exactly one row has one of the names."""
    header = [found["key"] if (found := _COLUMN.fullmatch(each)) else "" for each in rows[0].cells]
    at = next((number for number, each in enumerate(header) if each == key), None)
    at = at if at is not None else next((n for n, each in enumerate(header) if each.lower() == key.lower()), None)
    own = [row.cells for row in rows[1:] if len(row.cells) == len(header) and any(_is_of(row.cells, n) for n in names)]
    if at is None or len(own) != 1 or own[0][at] in ("", "-", "–", "—"):
        return set()
    return {own[0][at].strip("\"'`")}


def _is_of(cells: Sequence[str], name: str) -> bool:
    """Return whether a cell of the row contains the name, or its truncated beginning followed by dots."""
    return any(
        each == name or ((cut := _CUT.fullmatch(each)) is not None and name.startswith(cut["begin"])) for each in cells
    )
