"""Failures whose wording shows that no permission was denied, each recognized by its own words.

Unlike other systems' messages, these are also read in a text with a denial: a denial that was overcome, or that a
ticket quotes, must not hide what stopped the program.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.dynamodb import CONDITION
from diagnostics.text.known_messages.not_refusals.lake_formation import COLUMN
from diagnostics.text.known_messages.not_refusals.lake_formation_hidden_columns import HIDDEN_COLUMNS
from diagnostics.text.known_messages.not_refusals.other_servers import OTHER_SERVER
from diagnostics.text.known_messages.not_refusals.saml_sign_in import SIGN_IN
from diagnostics.text.known_messages.not_refusals.table import NO_REFUSALS
from diagnostics.text.read.messages.context import read_context

ROW_NAMES = frozenset(row.name for row in NO_REFUSALS)
_AROUND = 3


def is_heading(name: str, cleaned: str) -> bool:
    """Return whether this row of the sign-in page is only a heading, below which the text says more."""
    row = next((each for each in SIGN_IN if each.name == name), None)
    return row is not None and row.unless is not None and row.unless.search(cleaned) is not None


def no_refusals(cleaned: str) -> Iterator[tuple[int, OtherFailure]]:
    """Yield each failure of this table that the text states, with the position of the last line that states it."""
    low = cleaned.lower()
    read: list[str] = []
    registries = hidden = False
    for row in NO_REFUSALS:
        if row.name == COLUMN and hidden:
            continue  # the text shows why the column cannot be resolved
        if row.name == OTHER_SERVER and registries:
            continue  # it is that registry
        if row.name == CONDITION and any("state lock" in text for text in read):
            continue  # the lock is such a condition
        if not any(signal in low for signal in row.signals):
            continue
        places = list(row.rule.finditer(cleaned))
        if not places or (row.unless and row.unless.search(cleaned)):
            continue
        found = places[-1]
        around = _lines_around(cleaned, found.start(), found.end())
        read.append(around)
        registries = registries or "registry" in row.name
        hidden = hidden or row in HIDDEN_COLUMNS
        context = read_context(around, at=around.find(found[0]))
        own = read_context(cleaned[cleaned.rfind("\n", 0, found.start()) + 1 : found.end()], at=len(cleaned))
        yield (
            found.start(),
            OtherFailure(
                text=around,
                trouble=Trouble.NOT_IAM,
                code=own.code or context.code,
                operation=own.operation or context.operation,
                name=row.named(around) or row.named(cleaned),
                detail=row.name,
            ),
        )


def _lines_around(text: str, start: int, end: int) -> str:
    """Return the lines at a position, with some before and after them."""
    for _ in range(_AROUND):
        start = max(text.rfind("\n", 0, start), 0)
        after = text.find("\n", end + 1)
        end = after if after >= 0 else len(text)
    return text[start:end].strip("\n")
