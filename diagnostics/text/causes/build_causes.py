"""Build the common causes of a failure, derived from its text alone.

No such cause is certain. Each has the words in the text that indicate it, a command that only reads, and who can
remove the cause.
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
    StatedFact,
    Tells,
    TextBlames,
    TextDenies,
    TextPart,
    TextStates,
)
from diagnostics.commands import Untypable, aws
from diagnostics.diagnosis import FirstLook
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import joined

MOST = 5
"""The maximum number of causes that are shown: people try the first two or three."""

_MASKED = regex(r"[*<>…\[\]{}]|\.{3}|[xX]{3,}|redacted|masked", re.IGNORECASE)


def has_mask(value: str) -> bool:
    """Return whether a part of the value was masked or never filled in: AWS cannot be asked about such a value."""
    return _MASKED.search(value) is not None


TERRAFORM_RESOURCE = r"(?:\bwith |\bresource \")(?:[\w.\[\]\"-]+\.)?aws_"
"""A pattern of how Terraform's error names the failed resource: ``with module.app.aws_…``, or by its block.

It ends before the resource's type.
"""


FailureType = TypeVar("FailureType")
Rule = Callable[[FailureType], Iterator[FirstLook]]


def looked_up(rules: Iterable[Rule[FailureType]], failure: FailureType) -> tuple[FirstLook, ...]:
    """Return the causes that the rules find, in the rules' order, each cause once."""
    found: dict[str, FirstLook] = {}
    for rule in rules:
        for look in rule(failure):
            found.setdefault(look.cause, look)
    return tuple(found.values())[:MOST]


def reading(
    service: str, operation: str, *options: tuple[str, str | None], query: str = "", region: str = ""
) -> str | None:
    """Return the AWS CLI command for a read operation; None if a value is unknown, masked or unsafe to paste."""
    values = [value for _, value in options]
    if any(not value or has_mask(value) for value in values):
        return None
    if region and not has_mask(region):
        options += (("region", region),)
    if query:
        options += (("query", query),)
    try:
        return aws(service, operation, *options)
    except Untypable:
        return None


@lru_cache(1024)
def _expression(pattern: str) -> re.Pattern[str]:
    return regex(pattern, re.IGNORECASE)


LONGEST_QUOTE = 96
"""The maximum number of characters of the text that a cause quotes."""


def excerpt(words: str) -> str:
    """Return words of the text on one line, with `LONGEST_QUOTE` characters at most."""
    return " ".join(words.split())[:LONGEST_QUOTE]


_SEARCHES = 256
"""The number of searches that are cached: several times as many as one failure needs."""


@lru_cache(_SEARCHES)
def matches(text: str, pattern: str) -> bool:
    """Return whether the pattern occurs in the text. Cached, because several failures of one text repeat the search."""
    return _expression(pattern).search(text) is not None


@lru_cache(_SEARCHES)
def quoted(text: str, pattern: str) -> str:
    """Return the part of the text that the pattern matches, for quoting in a sentence; "" if there is no match.

    Cached, like `matches`.
    """
    found = _expression(pattern).search(text)
    return excerpt(found[0]) if found else ""


_SENTENCE_ENDS = regex(r"[\n;]|[.!?](?=\s)|,\s+(?:but|though|although|while)\b")
_NEGATES = regex(r"\b(?:not?|never|without|lacks?|missing|none|cannot)\b|n't\b", re.IGNORECASE)


def affirmed(text: str, pattern: str) -> str:
    """Return the words that the pattern matches in a sentence without a negation; "" if there are none."""
    for found in _expression(pattern).finditer(text):
        start = max((end.end() for end in _SENTENCE_ENDS.finditer(text, 0, found.start())), default=0)
        after = _SENTENCE_ENDS.search(text, found.end())
        if not _NEGATES.search(text[start : after.start() if after else len(text)]):
            return excerpt(found[0])
    return ""


_STRING = regex(r"[\"']([^\"'\n]+)[\"']|(?<=[\[,\s])([a-z0-9-]+:[A-Za-z*]+)(?=[\],\s])")


def written_values(text: str, element: str) -> list[str]:
    """The values of an element (``"Action": ["s3:GetObject"]``) of the statements in the text, in the text's order."""
    written = re.finditer(rf"(?<!Not)\b{element}[\"']?\s*[:=]\s*(\[[^\]]*\]|[\"'][^\"'\n]*[\"'])", text)
    return [each[1] or each[2] for found in written for each in _STRING.finditer(found[1])]


# What in the text supports a cause, as a sentence and as data.


def contains(*said: str) -> Sentence:
    """Return a sentence saying that the text contains all these words."""
    return Sentence(f"the text contains {joined(f'“{each}”' for each in said)}", tuple(map(Quotes, said)))


def speaks_of(words: str, pattern: str) -> Sentence:
    """Return ``words`` as a sentence about the text; the sentence is true if ``pattern`` matches the text."""
    return Sentence(words, (Mentions(pattern),))


def says(words: str, part: TextPart, *values: str | None) -> Sentence:
    """Return ``words`` as a sentence that is true if ``part`` of the text contains each of ``values``.

    Without values, the sentence is true if the text has that part.
    """
    found = tuple(Says(part, value) for value in values if value)
    return Sentence(words, found or (TextStates(part),))


def lacks(words: str, *parts: TextPart) -> Sentence:
    """Return ``words`` as a sentence that is true if the text has none of these parts."""
    return Sentence(words, tuple(TextStates(part, False) for part in parts))


def blames(words: str, layer: str) -> Sentence:
    """Return ``words`` as a sentence that is true if the text says that this kind of policy denied the request."""
    return Sentence(words, (TextBlames(layer),))


def unless(*facts: StatedFact) -> tuple[Tells, ...]:
    """Return a cause's assumption that the text states none of these facts, each of which refutes the cause."""
    return tuple(Tells(each, False) for each in facts)


AN_ALLOW_HELPS = (TextDenies(False),)
"""The assumption of a cause that an Allow would remove: the text reports no explicit deny."""


@dataclass(frozen=True, slots=True)
class Said:
    """A common cause that the presence of ``words`` in a text indicates, unless the text also has ``gone``."""

    words: str
    cause: str
    check: str | None
    who: Who
    gone: str = ""

    def look(self, text: str) -> FirstLook | None:
        said = quoted(text, self.words)
        if said and self.gone and matches(text, self.gone):
            return None
        return FirstLook(self.cause, contains(said), self.check, self.who) if said else None


def causes_by_words(text: str, table: Iterable[Said]) -> Iterator[FirstLook]:
    """Yield the causes whose words the text contains, in the table's order."""
    return (look for each in table if (look := each.look(text)))


WHO_AM_I = "aws sts get-caller-identity"
"""The command that shows a program's actual credentials.

It must be run where the program runs: in the same pod, job or shell.
"""
SERVICE_ROLES = reading("iam", "list-roles", ("path-prefix", "/aws-service-role/"), query="Roles[].RoleName")
"""The command that lists the service-linked roles of the account."""
