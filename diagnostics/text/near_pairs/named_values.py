"""The identifiers and names of a text, by kind, each with the `Side` that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from diagnostics.failure import Conflict, Denial, Failure
from diagnostics.text.near_pairs.difference_and_advice import CALLER, NOUNS
from diagnostics.text.near_pairs.request_or_policy import COMMAND, Side, Stretch, at_place, stretches
from diagnostics.text.read.identities.own_account import callers, callers_accounts
from iam.arn import Arn
from iam.lazy_pattern import regex

_LONGEST = 20_000
_LONGEST_RULE = 400
_ID = regex(
    r"(?<![\w-])(?P<id>(?P<type>vpce|vpc|subnet|sg|i|ami|eni|vol|snap|fsap|fs|lt|tgw)-[0-9a-f]{8,17}|o-[a-z0-9]{10,32})\b"
)
_UUID = regex(r"\b(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b")
_OF_KEY = regex(r"key/$|\bkeys?\b[^\n]{0,20}$|KeyId\W{1,6}$|--key-id[ =]$", re.IGNORECASE)
_CLUSTER = regex(r"\boidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/id/(?P<id>[0-9A-F]{12,40})\b")
_ACCOUNT = regex(
    r"(?:arn:[\w-]+:[\w-]*:[\w*-]*:|^[ \t]*[\"']?[\w.-]{2,40}[\"']?[ \t]*[=:][ \t]*[\"']"
    r"|[Aa]ccount(?:s|[ _-]?[Ii][Dd])?(?:\W{1,8}|[ ]is[ ])|\b(?:in|from|of|to|by)[ ]"
    r"|\b(?:[Ww]e(?:[ ]are|['’]re)|(?:[Oo]urs|[Mm]ine|[Tt]heirs|[Oo]ur (?:number|ID))[ ]is)[ ]"
    r"|\bAWS[\"']?\W{1,6}|\bAWSLogs/(?:o-[a-z0-9]{10,32}/)?|amazonaws\.com(?:\.cn)?/|^[ \t\"']*|\()"
    r"(?P<id>\d{11,13})(?![\w-]|\.\w)",
    re.MULTILINE,
)
_SAMPLES = frozenset(("123456789012", "111122223333", "444455556666", "012345678901", "210987654321"))
"""Account IDs in AWS's documentation and other examples, which do not identify a real account."""
ARN = regex(r"arn:[\w-]+:[\w-]+:[\w*-]*:(?:\d{11,13}|\*?):[^\s\"'`,;<>()\]}\\]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A value in the text. ``kind`` is the noun for the kind of value, ``at`` its position."""

    kind: str
    value: str
    at: int
    side: Side
    place: str


@dataclass(frozen=True)
class Paste:
    """A failure's text, with the side of each line."""

    failure: Failure

    @cached_property
    def text(self) -> str:
        pasted = self.failure.pasted if isinstance(self.failure, Denial) else ""
        return (pasted or self.failure.text)[:_LONGEST]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        return stretches(self.text)

    @property
    def denial(self) -> Denial | None:
        return self.failure if isinstance(self.failure, Denial) else None

    @cached_property
    def callers(self) -> tuple[str, ...]:
        """The callers' ARNs that AWS printed."""
        named = None if isinstance(self.failure, Conflict) else self.failure.principal
        return callers(self.text, named)

    def at(self, position: int) -> Stretch:
        return at_place(self.stretches, position)

    def rule_before(self, position: int) -> str:
        """Return the part of the rule before a position. The part starts at the nearest line of a different side."""
        start = position
        for each in reversed([one for one in self.stretches if one.start <= position]):
            if each.side is not Side.RULE:
                break
            start = each.start
        return self.text[max(start, position - _LONGEST_RULE) : position]

    def named(self, kind: str, value: str, at: int) -> Named:
        stretch = self.at(at)
        return Named(kind, value, at, stretch.side, stretch.place)

    @cached_property
    def identifiers(self) -> tuple[Named, ...]:
        """The identifiers that AWS assigns at random: networks, keys, clusters, organizations, accounts."""
        return tuple(self._identifiers())

    def _identifiers(self) -> Iterator[Named]:
        text = self.text
        for found in _ID.finditer(text):
            yield self.named(NOUNS.get(found["type"] or "", "organization"), found["id"], found.start("id"))
        for found in _UUID.finditer(text):
            if _OF_KEY.search(text[max(0, found.start() - 40) : found.start()]):
                yield self.named("KMS key", found["id"], found.start("id"))
        for found in _CLUSTER.finditer(text):
            yield self.named("cluster's issuer", found["id"], found.start("id"))
        for found in _ACCOUNT.finditer(text):
            if found["id"] not in _SAMPLES:
                yield self.named("account", found["id"], found.start("id"))

    @cached_property
    def arns(self) -> tuple[Named, ...]:
        return tuple(self.named("ARN", found[0].rstrip(".:"), found.start()) for found in ARN.finditer(self.text))

    @cached_property
    def callers_accounts(self) -> tuple[str, ...]:
        """The callers' accounts, and an account ID that get-caller-identity printed without an ARN."""
        return callers_accounts(self.text, self.callers)

    def place_of_account(self, one: Named) -> str:
        """Return the place of an account ID: the caller, a resource's ARN, or the place of the line."""
        if one.side is Side.RULE:
            return one.place
        if one.value in self.callers_accounts:
            return CALLER
        arn = next((each for each in self.arns if each.at < one.at < each.at + len(each.value)), None)
        parsed = Arn.parse(arn.value) if arn is not None else None
        return f"the ARN of {parsed.resource}" if parsed is not None else one.place


def commands(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the service, operation and options of each AWS CLI command."""
    joined = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", text)
    for found in COMMAND.finditer(joined):
        line_end = joined.find("\n", found.end())
        yield found["service"], found["operation"], joined[found.end() : line_end if line_end >= 0 else len(joined)]
