"""The review of several accounts: the findings of each account, what they share, and access from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.review.escalation.elsewhere import Neighbours
from diagnostics.review.escalation.leaving import leaving
from diagnostics.review.finding import Acceptance, Finding, Progress
from diagnostics.review.limits import Limits
from diagnostics.review.patterns import pattern_json
from diagnostics.review.reach import Reach, ours, reach_into, reach_lines
from diagnostics.review.report.json_document import finding_json, to_json
from diagnostics.review.report.text import cause_lines
from diagnostics.review.rules.escalation import PATH
from diagnostics.review.run import Review, concluded, matches, review
from diagnostics.review.stale_names import StaleName, stale_lines, stale_names
from diagnostics.review.subject import ReviewedAccount
from diagnostics.review.trusted import TrustedAccount, trusted_accounts, trusted_lines
from iam.foreign_text import visible
from iam.lazy_pattern import regex
from iam.organization.accounts import Accounts
from iam.own_command import in_account
from iam.sources.reader.opened import OpenedAccount

_UNIQUE_ID = regex(r"\bA(?:ROA|IDA)[A-Z0-9]{12,}\b")


def without_neighbours(found: Iterable[Finding], accounts: Accounts) -> Iterator[Finding]:
    """Yield the findings, except those about a deleted principal that turns out to exist in another account."""
    for one in found:
        ids = {id for each in one.evidence for id in _UNIQUE_ID.findall(each.text)} | set(
            _UNIQUE_ID.findall(one.summary)
        )
        if one.rule != "trust.orphan-principal" or not any(accounts.holder_of_id(id) for id in ids):
            yield one


@dataclass(frozen=True, slots=True)
class Around:
    """Facts about an account's policies that require data from the rest of the organization.

    They are access from outside, names of deleted entities, and the other accounts that policies name.
    """

    reach: tuple[Reach, ...] = ()
    stale: tuple[StaleName, ...] = ()
    trusted: tuple[TrustedAccount, ...] = ()

    def json(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "reach": [one.json() for one in self.reach],
            "stale_names": [one.json() for one in self.stale],
            "trusted": [one.json() for one in self.trusted],
        }


def around(opened: OpenedAccount, accounts: Accounts, limits: Limits) -> Around:
    """Return the facts about an account that the rest of the organization reveals. May block.

    The accounts that the configuration names as your own count as ours.
    """
    own = ours(accounts, opened.account.id).union(limits.own_accounts)
    return Around(
        tuple(reach_into(opened, accounts, own)),
        tuple(stale_names(opened, accounts)),
        tuple(trusted_accounts(opened, accounts, own)),
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One account's review, as JSON. ``around`` is the JSON of `Around`; ``text`` are the lines of its findings."""

    account: dict[str, Any]
    findings: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    around: dict[str, list[dict[str, Any]]]
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HowReviewed:
    """The settings shared by the reviews of all accounts. They are passed to the worker processes."""

    limits: Limits
    acceptances: tuple[Acceptance, ...] = ()
    rules: tuple[str, ...] = ()
    role: str = ""
    skip_workloads: bool = False
    every_region: bool = False
    account_options: tuple[str, ...] = ()
    """The command-line options of this process that select the accounts (`iam.own_command`)."""


def review_account(
    neighbours: Neighbours, id: str, how: HowReviewed, tell: Callable[[Progress], object] = lambda _: None
) -> Reviewed | None:
    """Return the review of one of several accounts, or None if the account could not be read. May block."""
    with in_account(id):
        return _review_account(neighbours, id, how, tell)


def _review_account(
    neighbours: Neighbours, id: str, how: HowReviewed, tell: Callable[[Progress], object]
) -> Reviewed | None:
    accounts = neighbours.accounts
    opened = accounts.opened(id)
    if opened is None:
        return None
    limits = replace(how.limits, own_accounts=(*how.limits.own_accounts, *sorted(ours(accounts, id))))
    subject = ReviewedAccount(
        opened.account,
        opened.reader,
        limits,
        whole=not how.role,
        skip_workloads=how.skip_workloads,
        every_region=how.every_region,
    )
    found: list[Finding] = []
    for one in review(subject, rules=how.rules, role=how.role):
        if isinstance(one, Finding):
            found.append(one)
        else:
            tell(one)
    if not how.role and (not how.rules or matches(PATH.id, how.rules)):
        neighbours.learn(subject)
        found += [one for one in leaving(subject, neighbours) if one is not None]
    done = with_own(concluded(subject, found, how.acceptances, rules=how.rules), accounts)
    some = how.rules or how.role
    result = reviewed(done, accounts.name_of(id), Around() if some else around(opened, accounts, how.limits))
    subject.forget()
    return result


def reviewed(of: Review, name: str, surroundings: Around) -> Reviewed:
    """Return the review of one account, for a combined document."""
    account = of.account
    captured = account.captured_at.isoformat() if account.captured_at else None
    return Reviewed(
        {"id": account.id, "name": name or None, "alias": account.alias, "captured_at": captured},
        [located_json(one, account.id) for one in of.findings],
        [{"what": one.what, "rules": list(one.rules), "account": account.id} for one in of.unread],
        surroundings.json(),
        tuple(line for each in of.causes() for line in ("", *map(visible, cause_lines(each)))),
    )


def located_json(one: Finding, account: str) -> dict[str, Any]:
    """Return a finding as JSON with its account and its pattern, which is the same in every account."""
    return {**finding_json(one), "account": account, "pattern": pattern_json(one, account)}


def of_one(of: Review, surroundings: Around) -> dict[str, Any]:
    """Return the JSON document for one of several accounts."""
    findings = [located_json(one, of.account.id) for one in of.findings]
    return {**to_json(of), "findings": findings, **surroundings.json()}


def around_lines(found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield the facts around one or more accounts, given as the JSON of `Around`, as lines under headings."""
    yield from trusted_lines(found["trusted"])
    yield from reach_lines(found["reach"])
    yield from stale_lines(found["stale_names"])


def with_own(of: Review, accounts: Accounts) -> Review:
    """Return the review without the findings that other accounts of the organization disprove."""
    return replace(of, findings=tuple(without_neighbours(of.findings, accounts)))
