"""Explain an exceeded quota that is mistaken for a name conflict: the usage, what to request and what to delete."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.policies import policy_fixes
from diagnostics.already_exists.advice.quotas import quota_fixes
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.kinds import EntityKind, bare_name
from diagnostics.already_exists.questions import find
from diagnostics.already_exists.study.quotas import Fullness, NamedQuota, look_at_quota
from diagnostics.commands import aws, shown
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import Conflict
from diagnostics.fix import Advice, Fix, Note, ShellCommand
from diagnostics.who import Who
from iam.claims import Ground, at_most_likely, confidence
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount

_POLICY_ARN = regex(r"arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]+")


def quota_reached(
    conflict: Conflict, quota: NamedQuota | None, stated: int | None, opened: OpenedAccount
) -> Iterator[Step | Verdict | Fix]:
    """Yield the steps, a verdict and fixes for an exceeded quota.

    ``quota`` is None if it is unknown which quota was reached; ``stated`` is the limit given in the text.
    """
    operation = conflict.operation or "the call"
    evidence = (Evidence(shown(conflict.text.strip(), 2000, lines=True)),)
    said = f"{operation} was refused because of a quota, not because of a name"
    yield Step("call", "Which call failed", Status.PASS, said, evidence)
    if quota is None:
        yield Step("quota", "Quotas", Status.UNKNOWN, "the text does not say which quota of which service")
        said = "A quota is reached, but the text does not say which quota."
        yield Verdict("quota.reached", confidence(Ground.PARTLY), said, general=True)
        title = "request-quota: find the quota of the service in Service Quotas, and request an increase"
        change = aws("service-quotas", "list-services")
        yield Fix(title, Who.ACCOUNT_ADMIN, ShellCommand("the service's quota", change), advice=Advice.REQUEST_QUOTA)
        return
    fullness, step = look_at_quota(quota, opened, stated, reached=True)
    yield step
    assert fullness is not None  # there is a quota
    limit = stated if stated is not None else fullness.limit
    number = f" ({limit})" if limit is not None else ""
    if fullness.has_room:
        yield from _room_now(operation, fullness, number)
        return
    said = f"The quota for {quota.words}{number} is reached; the name is not the cause."
    sure = confidence(Ground.STATED)
    if fullness.account_limit not in (None, limit):
        said += f" In this account the quota is {fullness.account_limit}:"
        said += " the text is about another account or another time."
        sure = at_most_likely(sure)
    yield Verdict("quota.reached", sure, said)
    policy = _POLICY_ARN.search(conflict.text)
    if quota.of is EntityKind.POLICY and policy:
        case = ConflictCase(conflict, opened, EntityKind.POLICY, bare_name(EntityKind.POLICY, policy.group()))
        for _ in find(case):
            pass
        if case.found:
            yield from policy_fixes(case, case.found)
            return
    yield from quota_fixes(fullness, opened.account)


def _room_now(operation: str, fullness: Fullness, number: str) -> Iterator[Verdict | Fix]:
    """Yield the verdict and fix for a quota that was reached earlier but is not now.

    Nothing has to be raised or deleted.
    """
    counted = f"{fullness.used} of {fullness.limit} {fullness.quota.words.removesuffix(' in the account')}"
    said = (
        f"AWS refused {operation} because the quota for {fullness.quota.words}{number} was reached. The account has "
        f"{counted} now."
    )
    yield Verdict("quota.reached", confidence(Ground.STATED), said)
    code = f" (quota {fullness.quota.fact.code})" if fullness.quota.fact.code else ""
    text = (
        f"The account has {counted}. If the call is refused again, it may have been made in another account: "
        f"compare aws sts get-caller-identity with this account, and request more there{code}."
    )
    title = f"leave the quota as it is and try again: the account has {counted}"
    yield Fix(title, Who.YOU, Note(f"the quota for {fullness.quota.words}", text), advice=Advice.LEAVE)
