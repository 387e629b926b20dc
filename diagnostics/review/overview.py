"""A summary of a review: its findings by team and by rule, and how long ago the account's roles were last used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from diagnostics.review.finding import Finding
from diagnostics.review.rules.habits import owner_keys
from diagnostics.review.subject import ReviewedAccount
from iam.arn import name_of
from iam.risks.risk import Severity

_SINCE = (("today", 1), ("this week", 7), ("this month", 30), ("in 90 days", 90), ("in a year", 365))
NO_TEAM = "no such tag"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a breakdown, with its ``count`` and the total, ``of``.

    ``worst`` describes its findings of the highest severity. ``filter`` are the words with which the review's filter
    shows these findings, "" if there are none.
    """

    label: str
    count: int
    of: int
    worst: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    title: str
    slices: tuple[Slice, ...]


def overview(reviewed: ReviewedAccount, findings: Iterable[Finding]) -> tuple[Breakdown, ...]:
    """Return breakdowns of the findings that are neither accepted nor duplicates."""
    opened = [one for one in findings if one.accepted is None and one.double_of is None]
    key = next(iter(owner_keys(reviewed)), "")
    found = [_by("findings by severity", opened, lambda one: one.severity.value, _severity)]
    if key:
        team = _by(f"findings by {key}", opened, lambda one: _team(reviewed, one, key), lambda name: _tagged(key, name))
        found.append(team)
    found.append(_by("findings by rule", opened, lambda one: one.rule, lambda rule: f"rule:{rule}"))
    used = tuple(_by_use(reviewed))
    return (*found, Breakdown("roles by their last use", used)) if used else tuple(found)


def _by(
    title: str, findings: Iterable[Finding], label: Callable[[Finding], str], words: Callable[[str], str]
) -> Breakdown:
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(label(one), []).append(one)
    most = max(map(len, groups.values()), default=0)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    if title.endswith("severity"):
        ordered.sort(key=lambda each: Severity(each[0]).rank)
    return Breakdown(title, tuple(Slice(name, len(those), most, _worst(those), words(name)) for name, those in ordered))


def _worst(findings: Iterable[Finding]) -> str:
    severities = [one.severity for one in findings]
    gravest = min(severities, key=lambda severity: severity.rank)
    return f"{severities.count(gravest):,} {gravest.value}"


def _severity(name: str) -> str:
    return f"severity:{name}"


def _team(reviewed: ReviewedAccount, one: Finding, key: str) -> str:
    account = reviewed.account
    entity = account.role(one.subject) or account.user(name_of(one.subject))
    return (entity.tags or {}).get(key, NO_TEAM) if entity is not None else NO_TEAM


def _tagged(key: str, name: str) -> str:
    """Return the filter words for a tag value.

    A filter consists of words, so only the first word of the value is used.
    """
    return "" if name == NO_TEAM or not name.split() else f"{key.lower()}={name.split()[0].lower()}"


def _by_use(reviewed: ReviewedAccount) -> Iterator[Slice]:
    """Yield the roles by the time of their last use. Roles whose last use could not be read are counted separately."""
    roles = reviewed.roles
    counts = dict.fromkeys([*(label for label, _ in _SINCE), "longer ago", "never seen", "could not be read"], 0)
    for role in roles:
        if role.last_used is None:
            counts["could not be read"] += 1
        elif role.last_used.when is None:
            counts["never seen"] += 1
        else:
            since = reviewed.account.now - role.last_used.when
            counts[next((label for label, days in _SINCE if since <= timedelta(days=days)), "longer ago")] += 1
    yield from (Slice(label, count, len(roles)) for label, count in counts.items() if count)
