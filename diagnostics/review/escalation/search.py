"""Search for every principal's shortest path to administrator, backward from the administrators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from diagnostics.review.escalation.assume_target import saml_providers
from diagnostics.review.escalation.changes_to_itself import changes, to_itself
from diagnostics.review.escalation.create_principals import creates
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.escalation.steps import controls, makes
from diagnostics.review.escalation.ways import OF_USERS, PASSING, RUNNING_BY_KIND
from diagnostics.review.subject import MOST_ASKED, ReviewedAccount
from iam.account import Role, User
from iam.arn import is_aws_managed
from iam.policy.compiled import Asked
from iam.policy.request import NamedPolicy, Request
from iam.questions.index import Principal, reaches
from iam.risks.administrator import administrators
from iam.risks.judged_account import statements

_ITSELF = (
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:AddUserToGroup", "iam:PutGroupPolicy"),
    *("iam:AttachGroupPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion"),
    *("iam:SetDefaultPolicyVersion", "iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"),
    *("iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary", "iam:TagRole", "iam:TagUser"),
    *("iam:UntagRole", "iam:UntagUser"),
)
_OPENS = ("iam:UpdateAssumeRolePolicy",)
_NEW = ("iam:CreateRole", "iam:CreateUser")
_ANOTHER = (
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"),
    "iam:CreatePolicyVersion",
)


@dataclass(frozen=True, slots=True)
class Path:
    """The steps by which a principal becomes administrator.

    The first step is one that the principal itself can take.
    """

    principal: Principal
    steps: tuple[EscalationStep, ...]


def paths(reviewed: ReviewedAccount) -> Iterator[Path | None]:
    """Yield a path for each role and user that has one and is not yet administrator, the shortest first. May block.

    Regularly yields the value None, so that the caller can show progress and stop.
    """
    reached: dict[str, tuple[EscalationStep, ...]] = dict.fromkeys(administrators(reviewed), ())
    administrator = list(reached)
    # One step: to the principal itself, to something new, to an administrator, or to a principal that it makes one.
    yield from _found(_one_step(reviewed, reached, (*_ITSELF, *_NEW), _to_itself_or_new), reached)
    yield from _found(_before(reviewed, reached, administrator), reached)
    yield from _found(_one_step(reviewed, reached, _ANOTHER, _to_another), reached)
    yield from _found(_changed_first(reviewed, reached), reached)
    frontier = [arn for arn in reached if arn not in administrator]
    while frontier:
        known = set(reached)
        yield from _found(_before(reviewed, reached, frontier), reached)
        frontier = [arn for arn in reached if arn not in known]


def may_have_path(reviewed: ReviewedAccount, arn: str) -> bool:
    """Return whether `paths` may find a path for a role or user. False is certain, and takes a fraction of the time.

    The workloads that run with the roles must have been read before (`ReviewedAccount.read_workloads`). May block.
    """
    index = reviewed.index
    number = index.by_arn.get(arn)
    if number is None or arn in administrators(reviewed):
        return False
    found = {index.by_arn[each] for each in administrators(reviewed)}
    found = found.union(*map(reviewed.able, (*_ITSELF, *_NEW, *_ANOTHER)))
    frontier = found
    while frontier and number not in found:
        near = set[int]().union(*(_near(reviewed, index.principals[each].entity) for each in frontier))
        frontier = near - found
        found = found | near
    return number in found


def becoming(reviewed: ReviewedAccount, target: str) -> dict[str, tuple[EscalationStep, ...]]:
    """Return the principals that can get the rights of a role or user, by ARN, with the fewest steps. May block.

    The target itself is included, without steps.
    """
    reached: dict[str, tuple[EscalationStep, ...]] = {target: ()}
    frontier = [target]
    while frontier:
        known = set(reached)
        for _ in _found(_before(reviewed, reached, frontier), reached):
            pass
        frontier = [arn for arn in reached if arn not in known]
    return reached


def first_path(
    reviewed: ReviewedAccount, principal: Principal, reached: Mapping[str, tuple[EscalationStep, ...]]
) -> Path | None:
    """Return a path for one principal, whose policies may differ from the account's, or None. May block.

    ``reached`` are the other principals that can become administrator, with their steps.
    """
    step = next(_to_itself_or_new(reviewed, principal), None) or next(_to_another(reviewed, principal), None)
    if step is not None:
        return Path(principal, (step,))
    reviewed.spend(1 / 10)
    changed = _after_changes(reviewed, principal, reached)
    if changed is not None:
        return changed
    number = reviewed.index.by_arn[principal.entity.arn]
    for arn, steps in reached.items():
        target = reviewed.principal(arn)
        if target is None:
            continue
        if arn not in reviewed.near:
            reviewed.near[arn] = frozenset(_near(reviewed, target.entity))
        step = next(controls(reviewed, principal, target.entity), None) if number in reviewed.near[arn] else None
        if step is not None:
            return Path(principal, (step, *steps))
    return None


def _found(several: Iterator[Path | None], reached: dict[str, tuple[EscalationStep, ...]]) -> Iterator[Path | None]:
    """Yield paths of equal length.

    They are added to ``reached`` only after all paths of that length have been found.
    """
    paths = []
    for path in several:
        if path is None:
            yield None
        else:
            paths.append(path)
    for path in paths:
        if path.principal.entity.arn not in reached:
            reached[path.principal.entity.arn] = path.steps
            yield path


def _one_step(
    reviewed: ReviewedAccount,
    reached: dict[str, tuple[EscalationStep, ...]],
    actions: Iterable[str],
    look: Callable[[ReviewedAccount, Principal], Iterator[EscalationStep]],
) -> Iterator[Path | None]:
    for principal in _each(reviewed, reached, actions):
        yield None
        step = next(look(reviewed, principal), None)
        if step is not None:
            yield Path(principal, (step,))


def _changed_first(
    reviewed: ReviewedAccount, reached: Mapping[str, tuple[EscalationStep, ...]]
) -> Iterator[Path | None]:
    """Yield the paths of principals that first change themselves and then reach another principal."""
    for principal in _each(reviewed, reached, _ITSELF):
        yield None
        yield _after_changes(reviewed, principal, reached)


def _each(
    reviewed: ReviewedAccount, reached: Mapping[str, tuple[EscalationStep, ...]], actions: Iterable[str]
) -> Iterator[Principal]:
    """Yield the principals that may use one of the actions and have no path yet.

    Each principal gets its share of the number of requests that the search for changes may evaluate.
    """
    numbers = sorted(set().union(*map(reviewed.able, actions)))
    several = [one for each in numbers if not (one := reviewed.index.principals[each]).service_owned]
    several = [one for one in several if one.entity.arn not in reached]
    before = reviewed.asked
    for done, principal in enumerate(several):
        left = 1 - (reviewed.asked - before) / MOST_ASKED
        reviewed.spend(max(left, 0) / (len(several) - done))
        yield principal


def _after_changes(
    reviewed: ReviewedAccount, principal: Principal, reached: Mapping[str, tuple[EscalationStep, ...]]
) -> Path | None:
    own = principal.entity.arn
    for change in changes(reviewed, principal):
        then = change.principal
        able = _abilities(then)
        step = next(creates(reviewed, then), None) if able.intersection(_NEW) else None
        if step is not None:
            return Path(principal, (change.then(step),))
        for arn, steps in reached.items():
            target = reviewed.principal(arn)
            if target is None or arn == own or not _may_get_at(reviewed, own, able, target.entity):
                continue
            if reviewed.has_spent(principal):
                return None
            step = next(controls(reviewed, then, target.entity), None)
            if step is not None:
                return Path(principal, (change.then(step), *steps))
        for other in reviewed.principals if able.intersection(_ANOTHER) else ():
            if other.entity.arn == own or not _may_get_at(reviewed, own, able, other.entity, _REACHING):
                continue
            if reviewed.has_spent(principal):
                return None
            step = makes(reviewed, then, other.entity)
            if step is not None:
                return Path(principal, (change.then(step),))
    return None


_REACHING = ("sts:AssumeRole", *_OPENS)
_GETTING = tuple(
    dict.fromkeys(
        (
            *_REACHING,
            *("iam:PassRole", "iam:TagRole", "iam:TagUser", "iam:UpdateSAMLProvider", "iam:CreateSAMLProvider"),
            *("iam:UntagRole", "iam:UntagUser"),
            *(way.actions[0] for ways in RUNNING_BY_KIND.values() for way in ways),
        )
    )
)
"""To get a role's rights, one of these actions is needed, unless the role's trust policy names the principal."""
_OF_USERS = tuple(way.action for way in OF_USERS)


def _abilities(principal: Principal) -> frozenset[str]:
    """Return the relevant actions that an Allow of the principal names.

    If the principal has a permissions boundary, an Allow of the boundary must name them too.
    """

    def named(policies: Iterable[NamedPolicy], wanted: Iterable[str]) -> frozenset[str]:
        allowing = [one for policy in policies for one in statements(policy) if not one.deny]
        return frozenset(each for each in wanted if any(one.action.names(each.lower()) for one in allowing))

    found = named(principal.identity, (*_NEW, *_ANOTHER, *_GETTING, *_OF_USERS))
    return found if principal.boundary is None else named(principal.boundary, found)


def _may_get_at(
    reviewed: ReviewedAccount,
    own: str,
    able: frozenset[str],
    target: Role | User,
    ways: Iterable[str] = _GETTING,
) -> bool:
    """Return whether a principal with these actions may get the target's rights.

    The check is fast, but True may be wrong.
    """
    if isinstance(target, User):
        return not able.isdisjoint(_OF_USERS)
    named = reviewed.named_by(target)
    by_account = reviewed.account.id in named and "sts:AssumeRole" in able
    return by_account or own in named or any(each in able for each in ways if each != "sts:AssumeRole")


def _before(
    reviewed: ReviewedAccount, reached: dict[str, tuple[EscalationStep, ...]], targets: Iterable[str]
) -> Iterator[Path | None]:
    """Yield the paths of principals that reach one of the targets, each continued with the target's own steps.

    If a principal reaches several targets, a path that depends on nothing unknown is preferred.
    """
    best: dict[str, Path] = {}
    for arn in targets:
        target = reviewed.principal(arn)
        if target is None:
            continue
        yield None
        for number in _near(reviewed, target.entity):
            principal = reviewed.index.principals[number]
            own = principal.entity.arn
            known = best.get(own)
            if own in reached or principal.service_owned or (known is not None and _certain(known)):
                continue
            step = next(controls(reviewed, principal, target.entity), None)
            if step is not None:
                path = Path(principal, (step, *reached[arn]))
                best[own] = path if known is None or _certain(path) else known
    yield from best.values()


def _certain(path: Path) -> bool:
    return not any(step.hangs_on for step in path.steps)


def _to_itself_or_new(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    number = reviewed.index.by_arn[principal.entity.arn]
    if _is_able(reviewed, number, _ITSELF):
        yield from to_itself(reviewed, principal)
    if _is_able(reviewed, number, _NEW):
        yield from creates(reviewed, principal)


def _to_another(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    for target in _written(reviewed, principal):
        step = makes(reviewed, principal, target)
        if step is not None:
            yield step


def _is_able(reviewed: ReviewedAccount, number: int, actions: Iterable[str]) -> bool:
    return any(number in reviewed.able(action) for action in actions)


def _written(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Role | User]:
    """Yield the reachable roles and users with policies that, according to an Allow, the principal may write."""
    own = principal.entity.arn
    number = reviewed.index.by_arn[own]
    writing = [
        one
        for policy in principal.identity
        for one in statements(policy)
        if not one.deny and any(one.action.names(action.lower()) for action in _ANOTHER)
    ]
    of_policies = any(one.action.names("iam:createpolicyversion") for one in writing)
    users, assumes = (
        _is_able(reviewed, number, actions) for actions in ([way.action for way in OF_USERS], ["sts:AssumeRole"])
    )

    @cache
    def on_some(kind: str, boundary: str | None, actions: tuple[str, ...]) -> bool:
        return any(_may_on_some(reviewed, principal, action, kind, boundary) for action in actions)

    for other in reviewed.principals:
        entity = other.entity
        if other.entity.arn == own:
            continue
        boundary = entity.boundary_arn
        if isinstance(entity, User):
            near, kind, writes = users, "user", _ANOTHER[:2]
        else:
            named = reviewed.named_by(entity)
            near = own in named or (assumes and reviewed.account.id in named) or on_some("role", boundary, _OPENS)
            kind, writes = "role", _ANOTHER[2:4]
        if not near or not (on_some(kind, boundary, writes) or on_some("policy", None, _ANOTHER[4:])):
            continue
        asked = Asked(Request(own, writes[0], entity.arn))
        if of_policies or any(reaches(one, asked) for one in writing):
            yield entity


def _may_on_some(reviewed: ReviewedAccount, principal: Principal, action: str, kind: str, boundary: str | None) -> bool:
    """Return whether the principal may perform the action on an entity with any name and tags.

    The entity has the permissions boundary ``boundary``, or no boundary if that is None. If the result is False, the
    action is denied on every such entity, which saves evaluating thousands of requests.
    """
    if not _is_able(reviewed, reviewed.index.by_arn[principal.entity.arn], [action]):
        return False
    context = {"iam:PermissionsBoundary": (boundary,)} if boundary else {}
    return reviewed.may(
        principal, action, reviewed.arn(f"{kind}/*"), context, absent=lambda key: key == "iam:permissionsboundary"
    ).allowed


def getting_at(reviewed: ReviewedAccount, target: Role | User) -> frozenset[int]:
    """Return the indexes of principals that may get the target's rights or change them.

    The result may have too many.
    """
    found = set(_near(reviewed, target))
    kind = "User" if isinstance(target, User) else "Role"
    for action in (f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"):
        found |= reviewed.index.candidates(action, target.arn)
    for attached in target.attached or ():
        if not is_aws_managed(attached.arn):
            found |= reviewed.index.candidates("iam:CreatePolicyVersion", attached.arn)
    return frozenset(found)


def _near(reviewed: ReviewedAccount, target: Role | User) -> list[int]:
    """Return the indexes of principals that may get the target's rights.

    Only their own policies and the target's trust policy are considered.
    """
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
    trust = reviewed.trust(target)
    if trust is not None and saml_providers(trust):
        found |= reviewed.able("iam:UpdateSAMLProvider") | reviewed.able("iam:CreateSAMLProvider")
    for kind in {workload.kind for workload in reviewed.workloads(target.arn)}:
        for running in RUNNING_BY_KIND[kind]:
            found |= reviewed.able(running.actions[0])
    found |= {index.by_arn[value] for value in reviewed.named_by(target) if value in index.by_arn}
    return sorted(found)
