"""Find how a principal can change its own policies, groups and boundary to be allowed more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from diagnostics.review.escalation.asking import Asking, can_name
from diagnostics.review.escalation.change import ALLOWS_EVERYTHING, Change, entity_kind, with_everything
from diagnostics.review.escalation.step import not_of
from diagnostics.review.subject import ReviewedAccount
from iam import aws_managed_policies
from iam.account import Group, Role, User
from iam.arn import is_aws_managed, name_of
from iam.policy.document import Document
from iam.policy.request import NamedPolicy
from iam.questions.index import Principal
from iam.risks.administrator import unbounded
from iam.risks.judged_account import EVERYTHING, statements


def writes_itself(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    entity, kind, free = principal.entity, entity_kind(principal.entity), with_everything(principal)
    asking, action = Asking(reviewed, principal), f"iam:Put{kind}Policy"
    if can_name(reviewed, principal, (action,)) and asking.may(action, entity.arn, not_of(entity)):
        ids = ("iam-007",) if kind == "User" else ("iam-005",)
        yield Change(asking, (action,), entity.arn, ALLOWS_EVERYTHING, free, ids=ids)
    asking, action = Asking(reviewed, principal), f"iam:Attach{kind}Policy"
    if can_name(reviewed, principal, (action,)) and may_attach(asking, action, entity.arn, not_of(entity)):
        ids = ("iam-008",) if kind == "User" else ("iam-009",)
        yield Change(asking, (action,), entity.arn, ALLOWS_EVERYTHING, free, ids=ids)


def may_attach(asking: Asking, action: str, arn: str, context: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the principal may attach one of the policies that allow every action on every resource."""
    return any(
        asking.may(action, arn, {**context, "iam:PolicyARN": (policy,)})
        for policy in policies_that_allow_all(asking.reviewed)
    )


def policies_that_allow_all(reviewed: ReviewedAccount) -> tuple[str, ...]:
    """Return the ARNs of the policies that allow everything: AWS's, and the account's own. The result is cached."""
    known = reviewed.worked_out.setdefault("policies that allow everything", {})
    if "" not in known:
        own = (
            policy.arn
            for policy in reviewed.account.policies or ()
            if not policy.aws_managed and policy.document is not None and _allows_all(policy.document)
        )
        known[""] = (f"arn:{reviewed.account.partition}:iam::aws:policy/AdministratorAccess", *own)
    return known[""]


def _allows_all(document: Document) -> bool:
    return any(
        not one.deny
        and not one.conditions
        and "*" in one.action.patterns
        and not one.action.negated
        and one.resource is not None
        and one.resource.everything
        for one in statements(NamedPolicy(document))
    )


def writes_its_policies(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    if not can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        return
    for arn in customer_policies(principal):
        asking = Asking(reviewed, principal)
        if actions := may_write_version(asking, arn):
            others = tuple(one for one in principal.identity if one.arn != arn)
            free = replace(principal, identity=(*others, EVERYTHING))
            yield Change(asking, actions, arn, ALLOWS_EVERYTHING, free, ids=("iam-001",))


_MOST_VERSIONS = 5
"""The maximum number of versions of a policy.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html.
"""


def may_write_version(asking: Asking, arn: str) -> tuple[str, ...]:
    """Return the actions that replace a policy's document, or none if the principal may not perform them.

    If the policy has five versions, one of them must be deleted first.
    """
    policy = asking.reviewed.account.policy(arn)
    full = policy is not None and len(policy.versions) >= _MOST_VERSIONS
    actions = ("iam:DeletePolicyVersion", "iam:CreatePolicyVersion") if full else ("iam:CreatePolicyVersion",)
    tags = policy.tags if policy is not None else None
    context = {f"aws:ResourceTag/{key}": (value,) for key, value in (tags or {}).items()}
    allowed = all(asking.may(action, arn, context, exists=tags is None) for action in actions)
    return actions[::-1] if allowed else ()


def customer_policies(principal: Principal) -> Iterator[str]:
    """Yield the ARNs of the principal's customer managed policies, including those of its groups."""
    for policy in principal.identity:
        if policy.arn is not None and not is_aws_managed(policy.arn):
            yield policy.arn


def writes_its_groups(reviewed: ReviewedAccount, principal: Principal, user: User) -> Iterator[Change]:
    free = with_everything(principal)
    for name in user.groups or ():
        group = reviewed.account.group(name)
        if group is None:
            continue
        asking, action = Asking(reviewed, principal), "iam:PutGroupPolicy"
        if can_name(reviewed, principal, (action,)) and asking.may(action, group.arn):
            yield Change(asking, (action,), group.arn, ALLOWS_EVERYTHING, free, ids=("iam-011",))
        asking, action = Asking(reviewed, principal), "iam:AttachGroupPolicy"
        if can_name(reviewed, principal, (action,)) and may_attach(asking, action, group.arn, {}):
            yield Change(asking, (action,), group.arn, ALLOWS_EVERYTHING, free, ids=("iam-010",))


def sets_a_version(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that set another default version of one of the principal's policies, or of its boundary."""
    if not can_name(reviewed, principal, ("iam:SetDefaultPolicyVersion",)):
        return
    boundary = [policy.arn for policy in principal.boundary or () if policy.arn and not is_aws_managed(policy.arn)]
    for arn in (*customer_policies(principal), *boundary):
        policy = reviewed.account.policy(arn)
        for version in policy.versions if policy is not None else ():
            if version.is_default:
                continue
            identity, bounding = (
                tuple(replace(one, document=version.document) if one.arn == arn else one for one in several)
                for several in (principal.identity, principal.boundary or ())
            )
            asking = Asking(reviewed, principal)
            if asking.may("iam:SetDefaultPolicyVersion", arn, exists=True):
                instead = replace(principal, identity=identity, boundary=bounding if principal.boundary else None)
                gives = f"what {version.id} of {name_of(arn)} allows"
                yield Change(asking, ("iam:SetDefaultPolicyVersion",), arn, gives, instead)


def joins_a_group(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    if not can_name(reviewed, principal, ("iam:AddUserToGroup",)):
        return
    for group in reviewed.account.groups or ():
        theirs, unread = _policies_of_group(reviewed, group)
        asking = Asking(reviewed, principal)
        if theirs and asking.may("iam:AddUserToGroup", group.arn):
            gives = f"the permissions of the group {group.name}"
            entity: Role | User = principal.entity
            if isinstance(entity, User):
                entity = replace(entity, groups=(*(entity.groups or ()), group.name))
            joined = replace(principal, entity=entity, identity=(*principal.identity, *theirs))
            yield Change(asking, ("iam:AddUserToGroup",), group.arn, gives, joined, unread, ("iam-013",))


def _policies_of_group(reviewed: ReviewedAccount, group: Group) -> tuple[tuple[NamedPolicy, ...], tuple[str, ...]]:
    """Return a group's policies, and the names of those that are unknown."""
    found = [NamedPolicy(each.document, each.name) for each in group.inline or ()]
    unread = []
    for attached in group.attached or ():
        policy = reviewed.account.policy(attached.arn)
        if (policy is None or policy.document is None) and is_aws_managed(attached.arn):
            policy = aws_managed_policies.find(attached.arn)
        if policy is None or policy.document is None:
            unread.append(f"the policy {attached.name} (not read)")
        else:
            found.append(NamedPolicy(policy.document, policy.name, policy.arn))
    return tuple(found), tuple(unread)


def loosens_its_boundary(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that remove the principal's boundary or make it allow everything.

    A boundary can be replaced, or it can get another version.
    """
    entity, kind = principal.entity, entity_kind(principal.entity)
    free = unbounded(principal)
    gives = "what its policies allow without the boundary"
    asking, action = Asking(reviewed, principal), f"iam:Delete{kind}PermissionsBoundary"
    if can_name(reviewed, principal, (action,)) and asking.may(action, entity.arn, not_of(entity)):
        yield Change(asking, (action,), entity.arn, gives, free)
    action = f"iam:Put{kind}PermissionsBoundary"
    if can_name(reviewed, principal, (action,)):
        for policy in policies_that_allow_all(reviewed):
            asking = Asking(reviewed, principal)
            if asking.may(action, entity.arn, {"iam:PermissionsBoundary": (policy,)}):
                yield Change(asking, (action,), entity.arn, f"the boundary {name_of(policy)}, which allows all", free)
                break
    if can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        for bound in principal.boundary or ():
            asking = Asking(reviewed, principal)
            ours = bound.arn is not None and not is_aws_managed(bound.arn)
            if ours and bound.arn and (actions := may_write_version(asking, bound.arn)):
                gives = f"a version of its boundary {name_of(bound.arn)} that allows everything"
                yield Change(asking, actions, bound.arn, gives, free)


_IAM_FULL_ACCESS = "arn:aws:iam::aws:policy/IAMFullAccess"


_WRITING = (
    *("iam:PutRolePolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"),
    *("iam:CreatePolicyVersion", "iam:PutGroupPolicy", "iam:AttachGroupPolicy"),
)


MOST_POLICIES = 50
"""The maximum number of policies that allow writing policies and are tried individually."""


def writing_policies(reviewed: ReviewedAccount) -> tuple[NamedPolicy, ...]:
    """Return IAMFullAccess and the account's own policies that allow writing policies. The result is cached.

    Policies that allow everything are left out.
    """
    known = reviewed.writing_policies
    if known is None:
        every = policies_that_allow_all(reviewed)
        full = aws_managed_policies.find(_IAM_FULL_ACCESS.replace(":aws:", f":{reviewed.account.partition}:", 1))
        own = (policy for policy in reviewed.account.policies or () if not policy.aws_managed)
        named = (
            NamedPolicy(policy.document, policy.name, policy.arn)
            for policy in (*([full] if full else []), *own)
            if policy.document is not None and policy.arn not in every
        )
        writing = (policy for policy in named if _writes_policies(policy))
        known = reviewed.writing_policies = tuple(islice(writing, MOST_POLICIES))
        if next(writing, None) is not None:
            reviewed.not_tried(f"more than {MOST_POLICIES} policies that allow writing policies were not tried")
    return known


def _writes_policies(policy: NamedPolicy) -> bool:
    allowing = (one for one in statements(policy) if not one.deny)
    return any(one.action.names(each.lower()) for one in allowing for each in _WRITING)


def attaches_more(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that attach a policy that allows the principal to write its own policies, but not everything."""
    entity = principal.entity
    places = [(f"iam:Attach{entity_kind(entity)}Policy", entity.arn, not_of(entity))]
    if isinstance(entity, User):
        groups = (reviewed.account.group(name) for name in entity.groups or ())
        places += [("iam:AttachGroupPolicy", group.arn, {}) for group in groups if group is not None]
    for action, on, context in places:
        if not can_name(reviewed, principal, (action,)):
            continue
        for policy in writing_policies(reviewed):
            if reviewed.has_spent(principal):
                return
            asking = Asking(reviewed, principal)
            if policy.arn and asking.may(action, on, {**context, "iam:PolicyARN": (policy.arn,)}):
                more = replace(principal, identity=(*principal.identity, policy))
                yield Change(asking, (action,), on, f"the policy {policy.name}", more)
