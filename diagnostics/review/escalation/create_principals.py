"""Find the roles and users that a principal can create and then use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from diagnostics.review.escalation.asking import Asking, can_name, is_omitted
from diagnostics.review.escalation.change import entity_kind
from diagnostics.review.escalation.changes_to_itself import to_itself
from diagnostics.review.escalation.policies_of_itself import policies_that_allow_all, writing_policies
from diagnostics.review.escalation.step import NEW_NAME, EscalationStep
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role, User
from iam.arn import name_of
from iam.policy.document import Document
from iam.policy.request import NamedPolicy
from iam.questions.catalogue import PROBE
from iam.questions.index import Principal
from iam.risks.administrator import is_administrator
from iam.risks.judged_account import ALLOW_ALL, STRANGERS


def creates(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    """Yield steps that create a role or user with full access and no boundary, which the principal then uses."""
    role = Role(NEW_NAME, reviewed.arn(f"role/{PROBE}"), inline=(), attached=(), tags={})
    user = User(PROBE, reviewed.arn(f"user/{PROBE}"), inline=(), attached=(), groups=(), tags={})
    for entity, lasts in ((role, ((),)), (user, (("iam:CreateAccessKey",), ("iam:CreateLoginProfile",)))):
        kind = entity_kind(entity)
        if not can_name(reviewed, principal, (f"iam:Create{kind}",)):
            continue
        # The caller chooses a new role's trust policy: if it may not assume the role itself, it can trust an account
        # that it owns.
        for action, policy in _given_to_new(reviewed, principal, kind):
            new = Principal(entity, (policy,), None)
            then = is_administrator(reviewed, new)
            second = next(to_itself(reviewed, new), None) if then is None else None
            if then is None and second is None:
                continue
            context = {"iam:PolicyARN": (policy.arn,)} if policy.arn else {}
            step = _creates_one(reviewed, principal, entity, action, context, lasts)
            if step is not None:
                more = second.hangs_on if second is not None else then or ()
                yield replace(step, hangs_on=tuple(dict.fromkeys((*step.hangs_on, *more))))
                break


def _creates_one(
    reviewed: ReviewedAccount,
    principal: Principal,
    entity: Role | User,
    action: str,
    context: Mapping[str, tuple[str, ...]],
    lasts: Iterable[tuple[str, ...]],
) -> EscalationStep | None:
    kind = entity_kind(entity)
    for last in lasts:
        asking = Asking(reviewed, principal)
        actions = (f"iam:Create{kind}", action, *last)
        if asking.may_together(reviewed.arn(f"{kind.lower()}/*"), actions, {action: context}):
            ways_in = _ways_into_new(reviewed, principal, entity) if isinstance(entity, Role) else ()
            if ways_in is None:
                continue
            gives = f"a new {kind.lower()} without a boundary and with full access"
            return asking.step(actions, reviewed.arn(f"{kind.lower()}/a-new-one"), gives, hangs=ways_in)
    return None


def _ways_into_new(reviewed: ReviewedAccount, principal: Principal, role: Role) -> tuple[str, ...] | None:
    """Return the unknowns that decide whether a new role can be assumed; None if it cannot be assumed.

    The caller, or another account that the caller owns, assumes the role.
    """
    own = reviewed.may(principal, "sts:AssumeRole", role.arn, absent=is_omitted, trust=trust_of(principal.entity.arn))
    hangs = reviewed.hangs_on(own, principal) if own.allowed else None
    if hangs == ():
        return ()
    stranger = f"arn:{reviewed.account.partition}:iam::{STRANGERS[0]}:role/{PROBE}"
    trust = trust_of(stranger)
    theirs = reviewed.lets_in(role, trust, stranger, "sts:AssumeRole", {}, lambda _: False)
    return reviewed.hangs_on(theirs) if theirs.allowed and (hangs is None or theirs.certain) else hangs


def _given_to_new(reviewed: ReviewedAccount, principal: Principal, kind: str) -> Iterator[tuple[str, NamedPolicy]]:
    """Yield the policies that may be written into or attached to a new entity, each with the action that does this."""
    put, attach = f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"
    if can_name(reviewed, principal, (put,)):
        yield put, NamedPolicy(ALLOW_ALL, "new")
    if can_name(reviewed, principal, (attach,)):
        for arn in policies_that_allow_all(reviewed):
            yield attach, NamedPolicy(ALLOW_ALL, name_of(arn), arn)
        for policy in writing_policies(reviewed):
            yield attach, policy


def trust_of(arn: str) -> NamedPolicy:
    """Return a trust policy that allows the principal with this ARN to assume the role."""
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    return NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": [statement]}), "trust policy")
