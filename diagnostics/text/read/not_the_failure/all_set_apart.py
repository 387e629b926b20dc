"""Find texts whose author sets their only recognized failure apart, and whose present failure is not recognized."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_APART = regex(
    r"\b(?:ignore|disregard|forget)\b|\bnot (?:ours|mine)\b|\bold(?:er)? (?:one|error|paste|ticket|log)\b"
    r"|\b(?:google|search) (?:result|hit)\b|\bunrelated\b",
    re.IGNORECASE,
)
_NOW = regex(r"^\W{0,3}(?:now|today|currently|ours|mine|this is ours|jetzt|heute|aktuell)\b[^\n]*$", re.IGNORECASE)
_QUOTE = 100


@dataclass(frozen=True, slots=True)
class AllApart:
    """The words that mark the failure as past, for example, and the first line about the current state."""

    words: str
    now: str


def all_apart(text: str, present: str) -> AllApart | None:
    """Return the words and the present line, if ``present`` does not contain what the author sets apart.

    ``present`` is the text without the past. None if the author sets nothing apart, or afterwards says nothing about
    the present.
    """
    lines, kept = text.split("\n"), present.split("\n")
    if len(lines) != len(kept):
        return None
    gone = [at for at, (line, left) in enumerate(zip(lines, kept, strict=True)) if line != left]
    apart = next((at for at in gone if _APART.search(lines[at])), None)
    if apart is None:
        return None
    for at in range(apart + 1, len(lines)):
        said = _NOW.match(kept[at])
        if said is None:
            continue
        below = next((line for line in kept[at + 1 :] if line.strip()), "") if said[0].rstrip().endswith(":") else ""
        now = " ".join((below or said[0]).split())
        return AllApart(_words(lines[apart]), now[:_QUOTE])
    return None


def _words(line: str) -> str:
    """Return the words before or after the message in a line that set the line's failure apart."""
    before, said = line.partition(": ")[0], _APART.search(line)
    behind = said is not None and said.start() > len(before)
    return " ".join((line[said.start() :] if said is not None and behind else before).split())[:_QUOTE]
