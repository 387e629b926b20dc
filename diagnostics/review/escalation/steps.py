"""Find all steps from a principal to another role or user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain

from diagnostics.review.escalation.asking import Asking, can_name
from diagnostics.review.escalation.assume_target import assumes, assumes_with_tags, federates, opens
from diagnostics.review.escalation.credentials_of_users import credentials_of
from diagnostics.review.escalation.policies_of_itself import customer_policies, may_attach, may_write_version
from diagnostics.review.escalation.run_as_target import passes, takes_over
from diagnostics.review.escalation.step import ADMINISTRATOR, EscalationStep, not_of
from diagnostics.review.finding import EscalationHop
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role, User
from iam.questions.index import Principal
from iam.risks.administrator import is_administrator
from iam.risks.judged_account import EVERYTHING


def controls(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> Iterator[EscalationStep]:
    """Yield steps that give a principal the rights of another role or user."""
    if isinstance(target, User):
        yield from credentials_of(reviewed, principal, target)
        return
    step = assumes(reviewed, principal, target)
    if step is not None:
        yield step
    opening = opens(reviewed, principal, target)
    if opening is not None:
        yield opening
    if step is None:
        yield from assumes_with_tags(reviewed, principal, target)
    yield from federates(reviewed, principal, target)
    yield from passes(reviewed, principal, target)
    yield from takes_over(reviewed, principal, target)


class StepKind(StrEnum):
    """How a step gets the rights of a role or user, other than by assuming the role."""

    PASS = "pass"
    WRITE = "write"
    RUN = "run"


def steps_onto(
    reviewed: ReviewedAccount, principal: Principal, target: Role | User
) -> Iterator[tuple[StepKind, EscalationStep]]:
    """Yield the first step of each kind by which a principal gets another's rights or changes the other's policies."""
    if isinstance(target, User):
        several = [
            (StepKind.WRITE, chain(credentials_of(reviewed, principal, target), _rewrites(reviewed, principal, target)))
        ]
    else:
        writes = chain(
            filter(None, (opens(reviewed, principal, target),)),
            _rewrites(reviewed, principal, target),
            federates(reviewed, principal, target),
        )
        several = [
            (StepKind.WRITE, writes),
            (StepKind.PASS, chain(passes(reviewed, principal, target))),
            (StepKind.RUN, chain(takes_over(reviewed, principal, target))),
        ]
    for kind, steps in several:
        step = next(steps, None)
        if step is not None:
            yield kind, step


def _rewrites(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> Iterator[EscalationStep]:
    """Yield the step that changes another principal's permissions."""
    other = reviewed.principal(target.arn)
    step = _writes_another(reviewed, principal, other) if other is not None and not other.service_owned else None
    if step is not None:
        yield replace(step, hop=replace(step.hop, gives=f"what {target.name} may do"))


def makes(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> EscalationStep | None:
    """Return the step that gives another role or user full access and then uses its rights.

    Return None if that step is denied.
    """
    other = reviewed.principal(target.arn)
    if other is None or (isinstance(target, Role) and target.service_owned):
        return None
    for reached in _reached(reviewed, principal, target):
        # Whether the target can be reached is evaluated first: that excludes most targets.
        written = _writes_another(reviewed, principal, other)
        then = is_administrator(reviewed, other, (EVERYTHING,)) if written is not None else None
        if written is None or then is None:
            return None
        id = _BOTH.get((written.hop.actions[0], reached.hop.actions[0]), "")
        actions = (*written.hop.actions, *reached.hop.actions)
        first = written.hop.evidence
        proof = (*first, *(each for each in reached.hop.evidence if each not in first))
        gives = f"{target.name} made {ADMINISTRATOR}; then {reached.hop.gives}"
        hangs = tuple(dict.fromkeys((*written.hangs_on, *reached.hangs_on, *then)))
        return EscalationStep(
            EscalationHop(principal.entity.arn, actions, target.arn, gives, proof),
            "",
            hangs,
            (f"pathfinding:{id}",) if id else (),
        )
    return None


def _reached(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> Iterator[EscalationStep]:
    if isinstance(target, User):
        yield from credentials_of(reviewed, principal, target)
        return
    for way in (assumes, opens):
        step = way(reviewed, principal, target)
        if step is not None:
            yield step


_BOTH = {
    ("iam:AttachRolePolicy", "sts:AssumeRole"): "iam-014",
    ("iam:AttachUserPolicy", "iam:CreateAccessKey"): "iam-015",
    ("iam:CreatePolicyVersion", "sts:AssumeRole"): "iam-016",
    ("iam:PutRolePolicy", "sts:AssumeRole"): "iam-017",
    ("iam:PutUserPolicy", "iam:CreateAccessKey"): "iam-018",
    ("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"): "iam-019",
    ("iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"): "iam-020",
    ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"): "iam-021",
}


def _writes_another(reviewed: ReviewedAccount, principal: Principal, other: Principal) -> EscalationStep | None:
    entity = other.entity
    kind = "User" if isinstance(entity, User) else "Role"
    if can_name(reviewed, principal, (f"iam:Put{kind}Policy",)):
        asking = Asking(reviewed, principal)
        if asking.may(f"iam:Put{kind}Policy", entity.arn, not_of(entity)):
            return asking.step([f"iam:Put{kind}Policy"], entity.arn, "")
    if can_name(reviewed, principal, (f"iam:Attach{kind}Policy",)):
        asking = Asking(reviewed, principal)
        if may_attach(asking, f"iam:Attach{kind}Policy", entity.arn, not_of(entity)):
            return asking.step([f"iam:Attach{kind}Policy"], entity.arn, "")
    if can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        for arn in customer_policies(other):
            asking = Asking(reviewed, principal)
            if actions := may_write_version(asking, arn):
                return asking.step(actions, arn, "")
    return None
