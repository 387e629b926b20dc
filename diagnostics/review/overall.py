"""The reviews of several accounts as one list: patterns of findings, access from outside, names of deleted entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from diagnostics.review.across import Reviewed
from diagnostics.review.causes import who_words
from diagnostics.review.patterns import PatternedFinding, open_findings, patterns
from diagnostics.review.reach import action_words, condition_words
from diagnostics.review.stale_names import statement_words
from diagnostics.review.trusted import TrustedKind
from iam.arn import resource_of
from iam.policy.principal import Kind, caller
from iam.risks.risk import Severity
from iam.words import plural

OUTSIDE, GONE, OURS = "outside", "gone", "ours"
_KINDS = (*(each.value for each in Severity), OUTSIDE, GONE, OURS)
_OUTSIDERS = {
    "everyone": "everyone",
    "identity-provider": "an identity provider that others use as well",
    "canonical-user": "a canonical user",
}
"""The noun for principals that are in no account, or whose ID does not show their account, by `Reach.kind`."""


@dataclass(frozen=True, slots=True)
class OverallPlace:
    """A place in which the subject of a line occurs: the account, the ARN in that account, and one sentence."""

    account: str
    subject: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OverallLine:
    """A line about something that occurs in one or more accounts.

    ``kind`` is a severity, `OUTSIDE`, `GONE` or `OURS`; ``rule`` is the ID of a finding's rule, "" for other kinds;
    ``note`` is one sentence, or "". ``name`` is the full name of the principal or entity that the line is about, as
    policies write it, "" for findings.
    """

    id: str
    kind: str
    who: str
    title: str
    why: str
    places: tuple[OverallPlace, ...]
    rule: str = ""
    note: str = ""
    name: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({each.account for each in self.places}))


class OverallReview:
    """A summary of the findings from all finished reviews."""

    def __init__(self) -> None:
        self.accounts: dict[str, str] = {}
        """The names of the reviewed accounts, by account ID."""
        self.unread: list[tuple[str, str]] = []
        """Data that could not be read: the account's ID, and a sentence that says what is missing."""
        self._findings: list[PatternedFinding] = []
        self._around: dict[str, list[Mapping[str, Any]]] = {"reach": [], "stale_names": [], "trusted": []}

    def add(self, one: Reviewed) -> None:
        of = one.account
        self.accounts[of["id"]] = of["name"] or of["alias"] or ""
        self._findings += open_findings(one.findings)
        self.unread += [(each["account"], each["what"]) for each in one.unread]
        for key, found in one.around.items():
            self._around[key] += found

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of open findings of each severity."""
        found = dict.fromkeys(Severity, 0)
        for one in self._findings:
            found[one.severity] += 1
        return found

    def lines(self) -> tuple[OverallLine, ...]:
        """Return the lines: findings first, by severity and then by number of accounts.

        Then come access from outside, names of deleted entities, and access from the organization's own accounts.
        """
        found = [*self._of_findings(), *self._outside(), *self._gone(), *self._ours()]
        return tuple(sorted(found, key=lambda one: (_KINDS.index(one.kind), -len(one.accounts))))

    def _of_findings(self) -> Iterator[OverallLine]:
        for one in patterns(self._findings):
            who = who_words(sorted({each.subject for each in one.findings}))
            places = tuple(OverallPlace(each.account, each.subject, each.summary) for each in one.findings)
            why = one.what or one.findings[0].summary
            yield OverallLine(one.id, one.severity.value, who, one.title, why, places, one.rule)

    def _outside(self) -> Iterator[OverallLine]:
        for who, several in _grouped(self._around["reach"], lambda one: one["who"]):
            vendor, kind = several[0]["vendor"], several[0]["kind"]
            title, note = f"Open to {_OUTSIDERS.get(kind, 'an unknown account')}", ""
            if vendor is not None:
                title = f"Open to {vendor['name']}"
                note = vendor["words"]
            elif kind not in _OUTSIDERS:
                note = "This account is not in rolescope's table of vendors' accounts."
            places = tuple(
                OverallPlace(one["account"], one["resource"], f"{action_words(one)}{condition_words(one)}")
                for one in several
            )
            id, called = f"outside {who}", _called(who)
            yield OverallLine(id, OUTSIDE, called, title, _resources(places), places, note=note, name=who)

    def _gone(self) -> Iterator[OverallLine]:
        for (name, why), several in _grouped(self._around["stale_names"], lambda one: (one["name"], one["why"])):
            places = tuple(
                OverallPlace(one["account"], one["resource"], f"{statement_words(one)} names it") for one in several
            )
            title = f"Names {why}"
            yield OverallLine(f"gone {name} {why}", GONE, _called(name), title, _resources(places), places, name=name)

    def _ours(self) -> Iterator[OverallLine]:
        ours = [one for one in self._around["trusted"] if one["kind"] == TrustedKind.OURS.value]
        for number, several in _grouped(ours, lambda one: one["who"]):
            places = tuple(OverallPlace(one["account"], arn, "names it") for one in several for arn in one["resources"])
            who = f"{several[0]['name']} ({number})" if several[0]["name"] else number
            yield OverallLine(f"ours {number}", OURS, who, "Account of ours", _resources(places), places, name=who)


_Key = TypeVar("_Key")


def _grouped(
    found: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], _Key]
) -> Iterator[tuple[_Key, list[Mapping[str, Any]]]]:
    groups: dict[_Key, list[Mapping[str, Any]]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    yield from groups.items()


def _called(who: str) -> str:
    """Return a short name for a principal: ``account 999988887777``, ``ci (999988887777)``, a provider's URL."""
    found = caller(who)
    if found.kind is Kind.PROVIDER:
        return resource_of(who).partition("/")[2] or who
    if found.account is None:
        return who
    return f"account {found.account}" if not found.name else f"{found.name} ({found.account})"


def _resources(places: Iterable[OverallPlace]) -> str:
    names = list(dict.fromkeys(resource_of(each.subject) for each in places))
    return names[0] if len(names) == 1 else plural(len(names), "policy names it", "policies name it")
