"""Advice about a quota that is reached: request a higher quota if AWS grants it, or delete something."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.study.quotas import Fullness, stale_roles, stale_words
from diagnostics.commands import aws, shown
from diagnostics.fix import Advice, Fix, Note, ShellCommand
from diagnostics.who import Who
from iam.account import Account
from iam.facts.global_services import iam_region

_ONE_BY_ONE = "Roles are deleted one by one: x on a role's own screen shows what depends on it, and the plan."


def quota_fixes(fullness: Fullness, account: Account) -> Iterator[Fix]:
    quota = fullness.quota
    limit = fullness.limit
    target = f"the quota for {quota.words}"
    elsewhere = fullness.account_limit not in (None, limit)
    if elsewhere and quota.instead:  # this helps in any account
        yield Fix(f"leave the quota, and {quota.instead}", Who.YOU, Note(target, quota.instead), advice=Advice.LEAVE)
    if quota.fact.code:
        desired = _desired(limit, quota.fact.highest)
        if desired is None:
            title = f"leave the quota for {quota.words} as it is: {limit} is the highest value that AWS grants"
            yield Fix(title, Who.ACCOUNT_ADMIN, Note(target, quota.instead), advice=Advice.LEAVE)
        else:
            granted = (f"Up to {quota.fact.highest} is granted within minutes",) if quota.fact.highest else ()
            region = iam_region(account.partition)
            wanted = f"{desired} {quota.words.removesuffix(' in the account')}"
            title = f"request-quota {quota.fact.code}: ask for {wanted}, in {region}"
            change = aws(
                "service-quotas",
                "request-service-quota-increase",
                ("service-code", "iam"),
                ("quota-code", quota.fact.code),
                ("desired-value", str(desired)),
                ("region", region),
            )
            yield Fix(
                title, Who.ACCOUNT_ADMIN, ShellCommand(target, change), cautions=granted, advice=Advice.REQUEST_QUOTA
            )
    elif quota.fact.highest:
        title = f"leave the quota for {quota.words} as it is: {quota.fact.highest} is fixed"
        yield Fix(title, Who.YOU, Note(target, quota.instead), advice=Advice.LEAVE)
    else:
        title = (
            f"request-quota for {quota.words}: look up the quota's code, and request more if the quota can be raised"
        )
        region = iam_region(account.partition)
        change = aws("service-quotas", "list-service-quotas", ("service-code", "iam"), ("region", region))
        yield Fix(title, Who.ACCOUNT_ADMIN, ShellCommand(target, change), advice=Advice.REQUEST_QUOTA)
    if quota.fact.usage == "Roles":
        stale = stale_roles(account)
        if stale:
            title = f"delete roles that nobody has used for a year, such as {shown(stale[0].name)}; check each first"
            listed = "\n".join(shown(stale_words(role, account), 200) for role in stale)
            yield Fix(title, Who.ACCOUNT_ADMIN, Note(target, listed, no_plan=_ONE_BY_ONE), advice=Advice.DELETE)
        elif any(role.last_used is None and not role.service_owned for role in account.roles):
            title = (
                "delete roles that nobody uses; which roles these are is unknown here, because their last use was "
                "not read"
            )
            yield Fix(title, Who.ACCOUNT_ADMIN, Note(target, no_plan=_ONE_BY_ONE), advice=Advice.DELETE)
    elif quota.instead and quota.fact.code and not elsewhere:
        yield Fix(f"leave the quota, and {quota.instead}", Who.YOU, Note(target, quota.instead), advice=Advice.LEAVE)


def _desired(limit: int | None, highest: int | None) -> int | None:
    """Return the quota to request: a fifth more, rounded, within what AWS grants automatically.

    Return None if that is not more than the current quota.
    """
    if limit is None:
        return highest
    if highest is not None and limit >= highest:
        return None
    step = 1 if limit < 50 else 10 if limit < 500 else 100
    more = -(-max(limit * 6 // 5, limit + step) // step) * step
    return min(more, highest) if highest else more
