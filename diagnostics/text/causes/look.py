"""A first look: what is usually behind a failure of this kind, told from the text alone.

None of it is a certainty: each names what in the text speaks for it, a command that only reads, and who can change it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from diagnostics.claims.kinds import (
    Mentions,
    Quotes,
    Says,
    Sentence,
    Tells,
    TextBlames,
    TextDenies,
    TextPart,
    TextStates,
    Told,
)
from diagnostics.commands import Untypable, aws
from diagnostics.diagnosis import FirstLook
from diagnostics.fix import Who
from iam.words import joined

MOST = 5
"""Causes that are told: people try the first two or three."""

# A value that somebody has blanked, or a template that was never filled in, asks AWS about nothing.
_MASKED = re.compile(r"[*<>…\[\]{}]|\.{3}|[xX]{3,}|redacted|masked", re.IGNORECASE)


TERRAFORM_RESOURCE = r"(?:\bwith |\bresource \")(?:[\w.\[\]\"-]+\.)?aws_"
"""How Terraform's error names the resource that failed: ``with module.app.aws_…``, or by its block.

A pattern up to the resource's type.
"""


FailureType = TypeVar("FailureType")
Rule = Callable[[FailureType], Iterator[FirstLook]]


def looked_up(rules: Iterable[Rule[FailureType]], failure: FailureType) -> tuple[FirstLook, ...]:
    """What the rules find, in their order, each cause once."""
    found: dict[str, FirstLook] = {}
    for rule in rules:
        for look in rule(failure):
            found.setdefault(look.cause, look)
    return tuple(found.values())[:MOST]


def reading(
    service: str, operation: str, *options: tuple[str, str | None], query: str = "", region: str = ""
) -> str | None:
    """The command that reads this; None where one of its values is unknown, masked or cannot be pasted safely."""
    values = [value for _, value in options]
    if any(not value or _MASKED.search(value) for value in values):
        return None
    if region and not _MASKED.search(region):
        options += (("region", region),)
    if query:
        options += (("query", query),)
    try:
        return aws(service, operation, *options)
    except Untypable:
        return None


_SEARCHES = 256
"""Searches that are remembered: several times those of one failure."""


@lru_cache(_SEARCHES)
def matches(text: str, pattern: str) -> bool:
    """Whether the pattern occurs in the text. The failures of one paste ask the same of the same text."""
    return re.search(pattern, text, re.IGNORECASE) is not None


@lru_cache(_SEARCHES)
def quoted(text: str, pattern: str) -> str:
    """The words of the text that the pattern meets, for a sentence; empty where there are none.

    Remembered like `matches`.
    """
    found = re.search(pattern, text, re.IGNORECASE)
    return " ".join(found[0].split())[:96] if found else ""


_SENTENCE_ENDS = re.compile(r"[\n;]|[.!?](?=\s)|,\s+(?:but|though|although|while)\b")
_NEGATES = re.compile(r"\b(?:not?|never|without|lacks?|missing|none|cannot)\b|n't\b", re.IGNORECASE)


def affirmed(text: str, pattern: str) -> str:
    """The words that the pattern meets in a sentence without a negation, so that the text says that it is so."""
    for found in re.finditer(pattern, text, re.IGNORECASE):
        start = max((end.end() for end in _SENTENCE_ENDS.finditer(text, 0, found.start())), default=0)
        after = _SENTENCE_ENDS.search(text, found.end())
        if not _NEGATES.search(text[start : after.start() if after else len(text)]):
            return " ".join(found[0].split())[:96]
    return ""


# What in the text speaks for a cause, as a sentence and as data.


def contains(*said: str) -> Sentence:
    """The text contains these words, and each of the further ones."""
    return Sentence(f"the text contains {joined(f'“{each}”' for each in said)}", tuple(map(Quotes, said)))


def speaks_of(words: str, pattern: str) -> Sentence:
    """``words``, where the text has some that ``pattern`` matches."""
    return Sentence(words, (Mentions(pattern),))


def says(words: str, part: TextPart, *values: str | None) -> Sentence:
    """``words``, where a part of the text contains each of ``values``; without values, where the text has the part."""
    found = tuple(Says(part, value) for value in values if value)
    return Sentence(words, found or (TextStates(part),))


def lacks(words: str, *parts: TextPart) -> Sentence:
    """``words``, where the text has none of these parts."""
    return Sentence(words, tuple(TextStates(part, False) for part in parts))


def blames(words: str, layer: str) -> Sentence:
    """``words``, where the text names this layer as what refused."""
    return Sentence(words, (TextBlames(layer),))


def unless(*facts: Told) -> tuple[Tells, ...]:
    """What a cause assumes of the text: that it tells none of these facts, each of which refutes the cause."""
    return tuple(Tells(each, False) for each in facts)


AN_ALLOW_HELPS = (TextDenies(False),)
"""What a cause claims that an Allow would remove."""


@dataclass(frozen=True, slots=True)
class Said:
    """A usual cause that certain words of a text tell by themselves."""

    words: str
    cause: str
    check: str | None
    who: Who

    def look(self, text: str) -> FirstLook | None:
        said = quoted(text, self.words)
        return FirstLook(self.cause, contains(said), self.check, self.who) if said else None


def told(text: str, table: Iterable[Said]) -> Iterator[FirstLook]:
    """What each of the table's words tell, in its order."""
    return (look for each in table if (look := each.look(text)))


WHO_AM_I = "aws sts get-caller-identity"
"""What credentials a program really has is told by running this in its place: the same pod, job or shell."""
OTHER_IDENTITY = FirstLook(
    "Check which identity makes the call: the program may run under a different identity than you expect.",
    lacks("no caller was found in the text", TextPart.PRINCIPAL),
    WHO_AM_I,
    Who.CALLER,
)
SERVICE_ROLES = reading("iam", "list-roles", ("path-prefix", "/aws-service-role/"), query="Roles[].RoleName")
"""The command that lists the service-linked roles of the account."""
