"""The shortest path of every principal to administrator, searched backwards from those who are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from diagnostics.review.administrator import administrators
from diagnostics.review.escalation.steps import EscalationStep, controls, creates, makes, to_itself
from diagnostics.review.escalation.ways import OF_USERS, PASSING, RUNNING
from diagnostics.review.subject import ReviewedAccount, statements
from iam.account import Role, User
from iam.policy.compiled import Asked
from iam.policy.decision import Layer
from iam.policy.request import Request
from iam.questions.index import Principal, reaches

_ITSELF = (
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:AddUserToGroup", "iam:PutGroupPolicy"),
    *("iam:AttachGroupPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion"),
    *("iam:SetDefaultPolicyVersion", "iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"),
)
_NEW = ("iam:CreateRole", "iam:CreateUser")
_ANOTHER = (
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"),
    "iam:CreatePolicyVersion",
)


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of a principal to administrator, the first by itself."""

    principal: Principal
    steps: tuple[EscalationStep, ...]


def paths(reviewed: ReviewedAccount) -> Iterator[Path | None]:
    """A path of every role and user that has one and is no administrator yet, the shortest first. None now and then,
    so that whoever asks can show that it goes on, and stop. May block."""
    index = reviewed.index
    reached: dict[str, tuple[EscalationStep, ...]] = dict.fromkeys(administrators(reviewed), ())
    frontier: list[str] = list(reached)
    first: list[Path] = []
    for number in sorted(set().union(*map(reviewed.able, (*_ITSELF, *_NEW, *_ANOTHER)))):
        principal = index.principals[number]
        if principal.entity.arn in reached or principal.service_owned:
            continue
        yield None
        step = _at_once(reviewed, principal)
        if step is not None:
            first.append(Path(principal, (step,)))
    for path in first:
        reached[path.principal.entity.arn] = path.steps
        yield path
    # Those who get at an administrator need no more steps than these.
    frontier += [path.principal.entity.arn for path in first]
    while frontier:
        found: list[Path] = []
        for arn in frontier:
            target = reviewed.principal(arn)
            if target is None:
                continue
            yield None
            for number in _near(reviewed, target.entity):
                principal = index.principals[number]
                if principal.entity.arn in reached or principal.service_owned or principal.entity.arn == arn:
                    continue
                step = next(controls(reviewed, principal, target.entity), None)
                if step is not None:
                    path = Path(principal, (step, *reached[arn]))
                    reached[principal.entity.arn] = path.steps
                    found.append(path)
        yield from found
        frontier = [path.principal.entity.arn for path in found]


def _at_once(reviewed: ReviewedAccount, principal: Principal) -> EscalationStep | None:
    number = reviewed.index.by_arn[principal.entity.arn]
    itself = to_itself(reviewed, principal) if _is_able(reviewed, number, _ITSELF) else iter(())
    new = creates(reviewed, principal) if _is_able(reviewed, number, _NEW) else iter(())
    found = next(chain(itself, new), None)
    if found is not None or not _is_able(reviewed, number, _ANOTHER):
        return found
    for target in _written(reviewed, principal):
        step = makes(reviewed, principal, target)
        if step is not None:
            return step
    return None


def _is_able(reviewed: ReviewedAccount, number: int, actions: Iterable[str]) -> bool:
    return any(number in reviewed.able(action) for action in actions)


def _written(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Role | User]:
    """The roles and users that an Allow statement of the principal on writing them could reach."""
    resources = [
        one
        for policy in principal.identity
        for one in statements(policy)
        if not one.deny and any(one.action.names(action.lower()) for action in _ANOTHER)
    ]
    of_policies = any(one.action.names("iam:createpolicyversion") for one in resources)
    for other in reviewed.principals:
        asked = Asked(Request(principal.entity.arn, "iam:PutRolePolicy", other.entity.arn))
        if other is not principal and (of_policies or any(reaches(one, asked) for one in resources)):
            yield other.entity


def _near(reviewed: ReviewedAccount, target: Role | User) -> list[int]:
    """Principals whose own policies, or the target's trust policy, may give them the target's rights, by number."""
    index = reviewed.index
    found: set[int] = set()
    if isinstance(target, User):
        for way in OF_USERS:
            found |= index.candidates(way.action, target.arn)
        return sorted(found)
    found |= index.candidates("sts:AssumeRole", target.arn) | index.candidates("iam:UpdateAssumeRolePolicy", target.arn)
    passing = index.candidates("iam:PassRole", target.arn)
    if passing:
        found |= passing & set().union(*(reviewed.able(way.actions[0]) for way in PASSING))
    for running in RUNNING:
        found |= reviewed.able(running.actions[0])
    trust = reviewed.trust(target)
    for one in statements(trust, Layer.RESOURCE) if trust is not None else ():
        for _, value in one.principal.pairs if one.principal is not None and not one.deny else ():
            number = index.by_arn.get(value, index.by_id.get(value))
            found |= set() if number is None else {number}
    return sorted(found)
