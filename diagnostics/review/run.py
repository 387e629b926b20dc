"""Run the review. Findings and progress are yielded as they occur; the caller may stop at any time."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from diagnostics.fix import Fix, TrustChange
from diagnostics.review.accepted import acceptance_of
from diagnostics.review.beside import Beside
from diagnostics.review.causes import Cause, causes, with_set_up
from diagnostics.review.covered_findings import without_doubles
from diagnostics.review.finding import Acceptance, Finding, Progress, Unread
from diagnostics.review.rules.table import ENTRIES, Entry, OfRole, rules_by_need
from diagnostics.review.smallest import SmallestSet
from diagnostics.review.subject import ReviewedAccount
from diagnostics.tool_edits import with_tool_edit
from iam.account import Account, Role
from iam.risks.risk import Severity

_EVERY = 50
"""The number of roles between two progress reports."""

_OF_POLICIES = frozenset(
    (
        *("permissions", "trust", "roles", "users", "bindings", "workloads", "changes"),
        *("service control policies", "resource control policies"),
    )
)
POLICY_RULES = frozenset(entry.rule.id for entry in ENTRIES if _OF_POLICIES.issuperset(entry.needs))
"""The IDs of the rules that need only the account as it was read. These rules can be applied again to a changed
account."""


def review(reviewed: ReviewedAccount, *, rules: Iterable[str] = (), role: str = "") -> Iterator[Finding | Progress]:
    """Yield every finding about the account, with progress in between. May block.

    ``rules`` are the IDs, or beginnings of IDs (``trust``), of the rules to apply; all if empty. ``role`` is the name
    of the only role or user to review.
    """
    wanted = tuple(rules)
    chosen = [entry for entry in ENTRIES if not wanted or matches(entry.rule.id, wanted)]
    # What was read is needed until the review ends; the garbage collector would examine all of it again and again.
    gc.freeze()
    try:
        for found in _found(reviewed, chosen, role):
            yield _placed(found, reviewed.account) if isinstance(found, Finding) else found
    finally:
        gc.unfreeze()


def _placed(one: Finding, account: Account) -> Finding:
    return with_set_up(_with_tool_edits(one, account), account)


def _with_tool_edits(one: Finding, account: Account) -> Finding:
    """Return the finding with the edit in the tool that declares its role added to every fix."""
    fixes = tuple(with_tool_edit(fix, account, one.subject) for fix in one.fixes)
    return one if fixes == one.fixes else replace(one, fixes=fixes)


def found_again(reviewed: ReviewedAccount, arns: Collection[str]) -> Iterator[Finding]:
    """Yield what the rules in `POLICY_RULES` find about these roles and users, with workloads as already read.

    May block.
    """
    chosen = [entry for entry in ENTRIES if entry.rule.id in POLICY_RULES]
    critical = [entry for entry in chosen if entry.rule.severity is Severity.CRITICAL]
    for found in chain(
        *(_of_roles(reviewed, chosen, arn) for arn in arns),
        _of_account(critical, reviewed, ""),
        *(_of_principals(reviewed, chosen, arn) for arn in arns),
        _of_account([entry for entry in chosen if entry not in critical], reviewed, ""),
    ):
        if isinstance(found, Finding) and found.subject in arns:
            yield _placed(found, reviewed.account)


def _found(reviewed: ReviewedAccount, chosen: list[Entry], role: str) -> Iterator[Finding | Progress]:
    yield from _of_roles(reviewed, chosen, role)
    gc.freeze()
    if any("workloads" in entry.needs for entry in chosen):
        yield from reviewed.read_workloads()
    yield from _of_account([entry for entry in chosen if entry.rule.severity is Severity.CRITICAL], reviewed, role)
    yield from _of_principals(reviewed, chosen, role)
    others = [entry for entry in chosen if entry.rule.severity is not Severity.CRITICAL]
    yield from _of_account(others, reviewed, role)


def _of_account(entries: list[Entry], reviewed: ReviewedAccount, role: str) -> Iterator[Finding | Progress]:
    asked = [entry for entry in entries if entry.of_account is not None]
    for number, entry in enumerate(asked, 1):
        if entry.of_account is not None:
            progress = Progress(f"rule {number} of {len(asked)}, {entry.rule.title}", 0, 0)
            yield progress
            for one in entry.of_account(reviewed):
                if one is None:
                    yield progress
                elif not role or is_about(one, role):
                    yield one


def matches(rule: str, wanted: Iterable[str]) -> bool:
    """Return whether a rule is selected: by its complete ID, or by the topic before the dot."""
    return any(rule == one or rule.partition(".")[0] == one.rstrip(".*") for one in wanted)


def is_about(finding: Finding, name: str) -> bool:
    """Return whether a finding is about the role, user or policy with that name or ARN."""
    return finding.subject == name or finding.subject.rpartition("/")[2] == name


def _of_roles(reviewed: ReviewedAccount, chosen: list[Entry], name: str) -> Iterator[Finding | Progress]:
    of_roles = [entry.of_role for entry in chosen if entry.of_role is not None]
    roles = [one for one in reviewed.roles if not name or name in (one.name, one.arn)] if of_roles else []
    for done, role in enumerate(roles):
        if done % _EVERY == 0:
            yield Progress("who may assume the roles", done, len(roles))
        for look in of_roles:
            for one in look(reviewed, role):
                yield replace(one, fixes=tuple(_verified(reviewed, role, look, fix) for fix in one.fixes))


def _of_principals(reviewed: ReviewedAccount, chosen: list[Entry], name: str) -> Iterator[Finding | Progress]:
    of_principals = [entry.of_principal for entry in chosen if entry.of_principal is not None]
    if not of_principals:
        return
    principals = [one for one in reviewed.principals if not name or name in (one.entity.name, one.entity.arn)]
    for done, principal in enumerate(principals):
        if done % _EVERY == 0:
            yield Progress("what roles and users may do", done, len(principals))
        for look_at in of_principals:
            yield from look_at(reviewed, principal)


def _verified(reviewed: ReviewedAccount, role: Role, look: OfRole, fix: Fix) -> Fix:
    """Return a trust policy fix with its verification: once the fix is made, the rule itself finds nothing."""
    if not isinstance(fix.change, TrustChange):
        return fix
    changed = replace(role, trust=fix.change.after)
    return replace(fix, verified=next(look(reviewed, changed), None) is None)


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review.

    ``findings`` are ordered by severity, then by rule and subject. ``beside`` is the comparison with Access Analyzer,
    ``smallest`` the fewest changes that close all paths; each is None if it was not requested.
    """

    account: Account
    findings: tuple[Finding, ...]
    unread: tuple[Unread, ...]
    beside: Beside | None = None
    smallest: SmallestSet | None = None

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of findings of each severity, without accepted ones and duplicates."""
        return counts_of(self.findings)

    def causes(self) -> tuple[Cause, ...]:
        """Return the findings grouped by cause, without duplicates."""
        return causes(self.findings)

    def by_subject(self) -> dict[str, tuple[Finding, ...]]:
        """Return the findings, by the ARN of the entity that they are about."""
        found: dict[str, list[Finding]] = {}
        for one in self.findings:
            found.setdefault(one.subject, []).append(one)
        return {arn: tuple(each) for arn, each in found.items()}


def counts_of(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return the number of findings of each severity, without accepted ones and duplicates."""
    found = dict.fromkeys(Severity, 0)
    for one in findings:
        if one.accepted is None and one.double_of is None:
            found[one.severity] += 1
    return found


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.severity.rank, one.rule, one.subject)))


def concluded(
    reviewed: ReviewedAccount,
    findings: Iterable[Finding],
    acceptances: Iterable[Acceptance] = (),
    *,
    rules: Iterable[str] = (),
) -> Review:
    """Return the finished review with these findings, the accepted ones marked as such."""
    given = tuple(acceptances)
    today = reviewed.account.now.date()
    marked = [one.accepted_by(acceptance_of(one, given, today)) for one in findings]
    wanted = tuple(rules)
    silenced = []
    for one in reviewed.unread(rules_by_need()):
        ids = tuple(id for id in one.rules if not wanted or matches(id, wanted))
        if ids:
            silenced.append(Unread(one.what, ids))
    return Review(reviewed.account, without_doubles(in_order(marked)), tuple(silenced))
