"""Evaluate single steps of a path: what a principal may do to itself, to another principal, or with something new."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain, islice, product

from diagnostics.diagnosis import Evidence
from diagnostics.review.escalation.ways import (
    ALTERNATIVE_TYPES,
    OF_USERS,
    PASSING,
    RUNNING_BY_KIND,
    RUNS_AS,
    Need,
    PassingWay,
    RunningWay,
)
from diagnostics.review.finding import EscalationHop
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from iam import aws_managed_policies
from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.arn import is_aws_managed, name_of
from iam.changes.in_use import profiles_of
from iam.facts.workloads import KINDS
from iam.foreign_text import shortened
from iam.lazy_pattern import regex
from iam.policy.compiled import CompiledStatement
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.match import covers, overlap
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.catalogue import PROBE
from iam.questions.index import Principal
from iam.regions import REGION_NAME
from iam.risks.administrator import is_administrator, unbounded
from iam.risks.judged_account import ALLOW_ALL, EVERYTHING, STRANGERS, statements
from iam.service_reference import VARIABLE, ResourceType
from iam.service_reference import action as service_reference_action
from iam.services import of_every_region, service_name
from iam.sources.reader.resources import Workload

_NEW = "rolescope-probe"
_ADMINISTRATOR = "administrator: every action on every resource"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """A step that a principal can take.

    ``target`` is the ARN of the role or user whose rights it gives, empty if it gives full access at once.
    ``references`` are published paths (``pathfinding:ID``) and pages. ``deliberate``: somebody intended the step,
    because a policy names the principal or the step is sts:AssumeRole. ``statements`` allow the step; ``unless`` are
    Deny statements that may match.
    """

    hop: EscalationHop
    target: str
    hangs_on: tuple[str, ...]
    references: tuple[str, ...]
    deliberate: bool = False
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()


def not_of(target: Role | User | ManagedPolicy | Group | None) -> Mapping[str, tuple[str, ...]]:
    """Return those condition keys of a write request whose values come from the target of the write."""
    boundary = target.boundary_arn if isinstance(target, Role | User) else None
    return {"iam:PermissionsBoundary": (boundary,)} if boundary else {}


def _absent(key: str) -> bool:
    """Return whether a caller that wants more access omits this key (lower case) from its request.

    Such a caller sends no optional boundary or tags. Keys whose values come from the target of the request are passed
    separately.
    """
    return _absent_where_tagged(key) or ":resourcetag/" in key


def _absent_where_tagged(key: str) -> bool:
    """Return whether a caller omits this key in a request for an existing resource, whose tags are unknown."""
    return key in ("iam:permissionsboundary", "iam:policyarn")


class Asking:
    """Evaluates the parts of one step, and records what the step depends on.

    With a ``region``, all requests except those to IAM and STS are for that Region.
    """

    def __init__(self, reviewed: ReviewedAccount, principal: Principal, region: str = "") -> None:
        self.reviewed = reviewed
        self.principal = principal
        self.region = region
        self.hangs: dict[str, None] = {}
        self.evidence: list[Evidence] = []
        self.statements: dict[Judged, None] = {}
        self.unless: dict[Judged, None] = {}

    def may(
        self,
        action: str,
        resource: str,
        context: Mapping[str, tuple[str, ...]] | None = None,
        trust: NamedPolicy | None = None,
        *,
        exists: bool = False,
    ) -> bool:
        """Return whether the principal may perform the action on the resource.

        If the resource ``exists``, its tags are unknown unless the account contains them. Otherwise the caller chooses
        them.
        """
        absent = _absent_where_tagged if exists else _absent
        if self.region and not action.startswith(("iam:", "sts:")):
            resource = self._placed(resource)
            context = {**(context or {}), "aws:RequestedRegion": (self.region,)}
        found = self.reviewed.may(self.principal, action, resource, context, absent=absent, trust=trust)
        if found.allowed:
            self._keep(found, action)
        return found.allowed

    def _placed(self, resource: str) -> str:
        """Return an ARN, or a pattern for ARNs, with the Region filled in."""
        parts = resource.split(":", 5)
        if self.region and len(parts) == 6 and parts[3] == "*":
            parts[3] = self.region
        return ":".join(parts)

    def may_somewhere(self, actions: Iterable[str], existing: str = "") -> bool:
        """Return whether all actions are allowed, each on some resource of every type that it requires.

        Actions on the same type must be allowed on the same resource: the one with the ARN ``existing``, if it is of
        that type.
        """
        by_type: dict[str, list[str]] = {}
        for action in actions:
            for pattern in required_patterns(action, self.reviewed.account):
                by_type.setdefault(self._placed(pattern), []).append(action)
        return all(
            all(self.may(action, existing, exists=True) for action in several)
            if existing and covers(pattern, existing)
            else self.may_together(pattern, several)
            for pattern, several in by_type.items()
        )

    def may_together(
        self, pattern: str, actions: Sequence[str], contexts: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    ) -> bool:
        """Return whether all actions are allowed on one of the resources that match ``pattern``.

        ``contexts`` are the condition keys by action.
        """
        given = contexts or {}
        if not all(self.may(action, pattern, given.get(action)) for action in actions):
            return False
        named = [self._named(action, pattern) for action in actions]
        narrowest = min(named, key=lambda each: (pattern in each, len(each)))
        return pattern in narrowest or any(
            all(self.may(action, resource, given.get(action)) for action in actions) for resource in narrowest
        )

    def _named(self, action: str, pattern: str) -> tuple[str, ...]:
        """Return the resources matching ``pattern`` that the principal's Allow statements for an action name.

        Return ``pattern`` itself if one statement covers it, or if the two cannot be compared.
        """
        found: dict[str, None] = {}
        for policy in self.principal.identity:
            for one in statements(policy):
                if one.deny or not one.action.names(action.lower()):
                    continue
                for each in one.statement.resource or (pattern,):
                    if "${" in each or covers(each, pattern):
                        found[pattern] = None
                    elif overlap(each, pattern):
                        found[each] = None
        return tuple(found)

    def _keep(self, found: Possibility, action: str) -> None:
        self.hangs.update(dict.fromkeys(self.reviewed.hangs_on(found, self.principal)))
        self.unless.update(dict.fromkeys(found.unless))
        for one in found.statements:
            if one.policy is not _OF_STRANGERS:
                self.statements[one] = None
            if one.layer in (Layer.IDENTITY, Layer.RESOURCE) and one.policy is not _OF_STRANGERS:
                proof = trust_evidence(one, f"allows {action}")
                if proof not in self.evidence:
                    self.evidence.append(proof)

    def step(
        self,
        actions: Iterable[str],
        on: str,
        gives: str,
        target: str = "",
        hangs: Iterable[str] = (),
        ids: Iterable[str] = (),
        page: str = "",
        *,
        deliberate: bool = False,
    ) -> EscalationStep:
        hop = EscalationHop(self.principal.entity.arn, tuple(actions), on, gives, tuple(self.evidence))
        hangs_on = tuple(dict.fromkeys((*self.hangs, *hangs)))
        references = (*(f"pathfinding:{id}" for id in ids if id), *([page] if page else []))
        decided = tuple(self.statements), tuple(self.unless)
        return EscalationStep(hop, target, hangs_on, references, deliberate, *decided)


@cache
def _required_types(action: str) -> tuple[ResourceType, ...]:
    known = service_reference_action(action)
    if known is None:
        return ()
    spared = ALTERNATIVE_TYPES.get(action.partition(":")[0], frozenset())
    return tuple(each for each in known.resource_types if each.name in known.required - spared)


def required_patterns(action: str, account: Account) -> tuple[str, ...]:
    """Return a pattern, within the account, for each resource type that requests for this action require.

    Return just ``*`` if the action requires none.
    """
    types = _required_types(action)
    return tuple(VARIABLE.sub("*", each.filled(account.partition, "*", account.id)) for each in types) or ("*",)


# Itself.


def to_itself(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    """Yield steps by which a principal makes itself administrator."""
    for change in changes(reviewed, principal):
        then = is_administrator(reviewed, change.principal)
        if then is not None:
            gives = _ADMINISTRATOR if change.gives == _EVERYTHING else f"{change.gives}: {_ADMINISTRATOR}"
            yield change.asking.step(change.actions, change.on, gives, hangs=(*then, *change.hangs), ids=change.ids)


MOST_CHANGES = 3
"""The maximum number of changes that a principal makes to itself in sequence."""


def changes(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield what a principal can become by a few changes to itself, the fewest first.

    Single changes are all tried, except those that `_single_changes` tries last. Several changes are tried only while
    the review may evaluate more requests.
    """
    frontier, seen = [Change(Asking(reviewed, principal), (), "", "", principal)], {_state(principal)}
    for _ in range(MOST_CHANGES):
        after = []
        for before in frontier:
            if before.actions and reviewed.has_spent(principal):
                return
            for one in _single_changes(reviewed, before.principal):
                state = _state(one.principal)
                if state not in seen:
                    seen.add(state)
                    both = one.after(before)
                    after.append(both)
                    yield both
        frontier = after
    if frontier:
        reviewed.not_tried(f"more than {MOST_CHANGES} changes by {principal.entity.name} to itself were not tried")


def _state(principal: Principal) -> object:
    """Return a value that is equal for equal states of a principal, to detect that it has changed."""
    boundary = principal.boundary
    return (
        frozenset(id(policy.document) for policy in principal.identity),
        None if boundary is None else frozenset(id(policy.document) for policy in boundary),
        tuple(sorted((principal.entity.tags or {}).items())),
    )


def _kind_of(entity: Role | User) -> str:
    return "User" if isinstance(entity, User) else "Role"


_EVERYTHING = "a policy that allows everything"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a principal makes to itself. ``asking`` contains what allows it, ``principal`` is the result."""

    asking: Asking
    actions: tuple[str, ...]
    on: str
    gives: str
    principal: Principal
    hangs: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def after(self, before: Change) -> Change:
        """Return both changes combined, ``before`` first."""
        if not before.actions:
            return self
        asking = Asking(self.asking.reviewed, before.asking.principal)
        asking.hangs = {**before.asking.hangs, **self.asking.hangs}
        asking.evidence = [*before.asking.evidence]
        asking.evidence += [each for each in self.asking.evidence if each not in asking.evidence]
        return Change(
            asking,
            tuple(dict.fromkeys((*before.actions, *self.actions))),
            before.on,
            f"{before.gives}; then {self.gives}",
            self.principal,
            (*before.hangs, *self.hangs),
            (*before.ids, *self.ids),
        )

    def then(self, step: EscalationStep) -> EscalationStep:
        """Return a step that the principal can take after the change, combined with the change."""
        evidence = [*self.asking.evidence]
        evidence += [each for each in step.hop.evidence if each not in evidence]
        hop = EscalationHop(
            self.asking.principal.entity.arn,
            tuple(dict.fromkeys((*self.actions, *step.hop.actions))),
            step.hop.on,
            f"{self.gives}; then {step.hop.gives}",
            tuple(evidence),
        )
        hangs = dict.fromkeys((*self.asking.hangs, *self.hangs, *step.hangs_on))
        return EscalationStep(hop, step.target, tuple(hangs), step.references)


def _single_changes(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    yield from _writes_itself(reviewed, principal)
    yield from _writes_its_policies(reviewed, principal)
    if isinstance(principal.entity, User):
        yield from _writes_its_groups(reviewed, principal, principal.entity)
    yield from _sets_a_version(reviewed, principal)
    if isinstance(principal.entity, User):
        yield from _joins_a_group(reviewed, principal)
    if principal.boundary is not None:
        yield from _loosens_its_boundary(reviewed, principal)
    for one in chain(
        _tags_itself(reviewed, principal), _untags_itself(reviewed, principal), _attaches_more(reviewed, principal)
    ):
        yield one
        if reviewed.has_spent(principal):
            return


def _with_everything(principal: Principal) -> Principal:
    return replace(principal, identity=(*principal.identity, EVERYTHING))


def _writes_itself(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    entity, kind, free = principal.entity, _kind_of(principal.entity), _with_everything(principal)
    asking, action = Asking(reviewed, principal), f"iam:Put{kind}Policy"
    if _can_name(reviewed, principal, (action,)) and asking.may(action, entity.arn, not_of(entity)):
        ids = ("iam-007",) if kind == "User" else ("iam-005",)
        yield Change(asking, (action,), entity.arn, _EVERYTHING, free, ids=ids)
    asking, action = Asking(reviewed, principal), f"iam:Attach{kind}Policy"
    if _can_name(reviewed, principal, (action,)) and _attaches(asking, action, entity.arn, not_of(entity)):
        ids = ("iam-008",) if kind == "User" else ("iam-009",)
        yield Change(asking, (action,), entity.arn, _EVERYTHING, free, ids=ids)


def _attaches(asking: Asking, action: str, arn: str, context: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the principal may attach one of the policies that allow every action on every resource."""
    return any(
        asking.may(action, arn, {**context, "iam:PolicyARN": (policy,)}) for policy in _all_allowing(asking.reviewed)
    )


def _all_allowing(reviewed: ReviewedAccount) -> tuple[str, ...]:
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


def _writes_its_policies(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    if not _can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        return
    for arn in _customer_policies(principal):
        asking = Asking(reviewed, principal)
        if actions := _writes_version(asking, arn):
            others = tuple(one for one in principal.identity if one.arn != arn)
            free = replace(principal, identity=(*others, EVERYTHING))
            yield Change(asking, actions, arn, _EVERYTHING, free, ids=("iam-001",))


_MOST_VERSIONS = 5
"""See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html."""


def _writes_version(asking: Asking, arn: str) -> tuple[str, ...]:
    """Return the actions that replace a policy's document, or none if the principal may not perform them.

    If the policy has five versions, one must be deleted first.
    """
    policy = asking.reviewed.account.policy(arn)
    full = policy is not None and len(policy.versions) >= _MOST_VERSIONS
    actions = ("iam:DeletePolicyVersion", "iam:CreatePolicyVersion") if full else ("iam:CreatePolicyVersion",)
    tags = policy.tags if policy is not None else None
    context = {f"aws:ResourceTag/{key}": (value,) for key, value in (tags or {}).items()}
    allowed = all(asking.may(action, arn, context, exists=tags is None) for action in actions)
    return actions[::-1] if allowed else ()


def _customer_policies(principal: Principal) -> Iterator[str]:
    """Yield the ARNs of the principal's customer managed policies, including those of its groups."""
    for policy in principal.identity:
        if policy.arn is not None and not is_aws_managed(policy.arn):
            yield policy.arn


def _writes_its_groups(reviewed: ReviewedAccount, principal: Principal, user: User) -> Iterator[Change]:
    free = _with_everything(principal)
    for name in user.groups or ():
        group = reviewed.account.group(name)
        if group is None:
            continue
        asking, action = Asking(reviewed, principal), "iam:PutGroupPolicy"
        if _can_name(reviewed, principal, (action,)) and asking.may(action, group.arn):
            yield Change(asking, (action,), group.arn, _EVERYTHING, free, ids=("iam-011",))
        asking, action = Asking(reviewed, principal), "iam:AttachGroupPolicy"
        if _can_name(reviewed, principal, (action,)) and _attaches(asking, action, group.arn, {}):
            yield Change(asking, (action,), group.arn, _EVERYTHING, free, ids=("iam-010",))


def _sets_a_version(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that set another default version of one of the principal's policies, or of its boundary."""
    if not _can_name(reviewed, principal, ("iam:SetDefaultPolicyVersion",)):
        return
    boundary = [policy.arn for policy in principal.boundary or () if policy.arn and not is_aws_managed(policy.arn)]
    for arn in (*_customer_policies(principal), *boundary):
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


def _joins_a_group(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    if not _can_name(reviewed, principal, ("iam:AddUserToGroup",)):
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


def _loosens_its_boundary(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that remove the principal's boundary or make it allow everything.

    A boundary can be replaced, or it can get another version.
    """
    entity, kind = principal.entity, _kind_of(principal.entity)
    free = unbounded(principal)
    gives = "what its policies allow without the boundary"
    asking, action = Asking(reviewed, principal), f"iam:Delete{kind}PermissionsBoundary"
    if _can_name(reviewed, principal, (action,)) and asking.may(action, entity.arn, not_of(entity)):
        yield Change(asking, (action,), entity.arn, gives, free)
    action = f"iam:Put{kind}PermissionsBoundary"
    if _can_name(reviewed, principal, (action,)):
        for policy in _all_allowing(reviewed):
            asking = Asking(reviewed, principal)
            if asking.may(action, entity.arn, {"iam:PermissionsBoundary": (policy,)}):
                yield Change(asking, (action,), entity.arn, f"the boundary {name_of(policy)}, which allows all", free)
                break
    if _can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        for bound in principal.boundary or ():
            asking = Asking(reviewed, principal)
            ours = bound.arn is not None and not is_aws_managed(bound.arn)
            if ours and bound.arn and (actions := _writes_version(asking, bound.arn)):
                gives = f"a version of its boundary {name_of(bound.arn)} that allows everything"
                yield Change(asking, actions, bound.arn, gives, free)


_IAM_FULL_ACCESS = "arn:aws:iam::aws:policy/IAMFullAccess"
_WRITING = (
    *("iam:PutRolePolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"),
    *("iam:CreatePolicyVersion", "iam:PutGroupPolicy", "iam:AttachGroupPolicy"),
)
MOST_POLICIES = 50
"""The maximum number of policies that allow writing policies and are tried one by one."""


def _writing_policies(reviewed: ReviewedAccount) -> tuple[NamedPolicy, ...]:
    """Return IAMFullAccess and the account's own policies that allow writing policies. The result is cached.

    Policies that allow everything are left out.
    """
    known = reviewed.writing_policies
    if known is None:
        every = _all_allowing(reviewed)
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


def _attaches_more(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield changes that attach a policy that allows the principal to write its own policies, but not everything."""
    entity = principal.entity
    places = [(f"iam:Attach{_kind_of(entity)}Policy", entity.arn, not_of(entity))]
    if isinstance(entity, User):
        groups = (reviewed.account.group(name) for name in entity.groups or ())
        places += [("iam:AttachGroupPolicy", group.arn, {}) for group in groups if group is not None]
    for action, on, context in places:
        if not _can_name(reviewed, principal, (action,)):
            continue
        for policy in _writing_policies(reviewed):
            if reviewed.has_spent(principal):
                return
            asking = Asking(reviewed, principal)
            if policy.arn and asking.may(action, on, {**context, "iam:PolicyARN": (policy.arn,)}):
                more = replace(principal, identity=(*principal.identity, policy))
                yield Change(asking, (action,), on, f"the policy {policy.name}", more)


_TAG_VARIABLE = regex(r"\$\{aws:PrincipalTag/([^}$]+)\}", re.IGNORECASE)
MOST_TAGS = 8
"""The maximum number of tag combinations that are tried."""


def _tags_itself(
    reviewed: ReviewedAccount, principal: Principal, further: Iterable[CompiledStatement] = (), tags: Iterable[str] = ()
) -> Iterator[Change]:
    """Yield changes that tag the principal with tags that policies test.

    The tests are in its own policies, the limits above it, and ``further`` statements: an Allow for principals with the
    tag, or a Deny for those without. ``tags`` are further values to try.
    """
    entity = principal.entity
    action = f"iam:Tag{_kind_of(entity)}"
    if not _can_name(reviewed, principal, (action,)):
        return
    wanted: dict[str, dict[str, None]] = {}
    above = chain(principal.boundary or (), *(reviewed.shared.scps or ()))
    own = (one for policy in chain(principal.identity, above) for one in statements(policy))
    for one in (*own, *further):
        for block in one.statement.conditions:
            if one.deny and "Not" not in block.operator:
                continue
            prefix, _, name = block.key.partition("/")
            if prefix.lower() == "aws:principaltag":
                wanted.setdefault(name, {}).update(dict.fromkeys(block.values))
            for value in block.values:
                if found := _TAG_VARIABLE.search(value):
                    wanted.setdefault(found[1], {}).update(dict.fromkeys(tags))
    own_tags = entity.tags or {}
    values = {name: [each for each in its if "${" not in each] for name, its in wanted.items()}
    single = ({name: value} for name, its in values.items() for value in its)
    every = (dict(zip(values, chosen, strict=True)) for chosen in product(*values.values()))
    tried = (*single, *islice(every, MOST_TAGS))
    if len(tried) > MOST_TAGS:
        reviewed.not_tried(f"more than {MOST_TAGS} combinations of tags of {entity.name} were not tried")
    for tags_given in tried[:MOST_TAGS]:
        given = {name: value for name, value in tags_given.items() if own_tags.get(name) != value}
        context = {f"aws:RequestTag/{name}": (value,) for name, value in given.items()}
        asking = Asking(reviewed, principal)
        if given and asking.may(action, entity.arn, {**not_of(entity), **context, "aws:TagKeys": tuple(given)}):
            shown = ", ".join(f"{name}={value}" for name, value in given.items())
            tagged: Role | User = replace(entity, tags={**own_tags, **given})
            yield Change(
                asking, (action,), entity.arn, f"the tag {shortened(shown)}", replace(principal, entity=tagged)
            )


def _untags_itself(
    reviewed: ReviewedAccount, principal: Principal, further: Iterable[CompiledStatement] = ()
) -> Iterator[Change]:
    """Yield the changes by which a principal removes its own tags that policies test.

    A test is a Deny for principals with the tag, or an Allow for those without it. It is in the principal's own
    policies, in its permissions boundary, in SCPs, or in the ``further`` statements.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html
    """
    entity = principal.entity
    own_tags = entity.tags or {}
    action = f"iam:Untag{_kind_of(entity)}"
    if not own_tags or not _can_name(reviewed, principal, (action,)):
        return
    above = chain(principal.boundary or (), *(reviewed.shared.scps or ()))
    own = (one for policy in chain(principal.identity, above) for one in statements(policy))
    named = {
        condition.key.partition("/")[2].lower()
        for one in (*own, *further)
        for condition in one.conditions
        if condition.key.lower().startswith("aws:principaltag/") and one.deny != condition.holds(lambda _: None)
    }
    gone = tuple(name for name in own_tags if name.lower() in named)
    for taken in dict.fromkeys((*((name,) for name in gone), gone)) if gone else ():
        asking = Asking(reviewed, principal)
        if asking.may(action, entity.arn, {**not_of(entity), "aws:TagKeys": taken}):
            left = {name: value for name, value in own_tags.items() if name not in taken}
            untagged: Role | User = replace(entity, tags=left)
            gives = f"no tag {shortened(', '.join(taken))}"
            yield Change(asking, (action,), entity.arn, gives, replace(principal, entity=untagged))


# Another.


def controls(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> Iterator[EscalationStep]:
    """Yield steps that give a principal the rights of another role or user."""
    if isinstance(target, User):
        yield from _credentials(reviewed, principal, target)
        return
    step = assumes(reviewed, principal, target)
    if step is not None:
        yield step
    opening = opens(reviewed, principal, target)
    if opening is not None:
        yield opening
    if step is None:
        yield from _assumes_with_tags(reviewed, principal, target)
    yield from _federates(reviewed, principal, target)
    yield from _passes(reviewed, principal, target)
    yield from _takes_over(reviewed, principal, target)


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
            (StepKind.WRITE, chain(_credentials(reviewed, principal, target), _rewrites(reviewed, principal, target)))
        ]
    else:
        writes = chain(
            filter(None, (opens(reviewed, principal, target),)),
            _rewrites(reviewed, principal, target),
            _federates(reviewed, principal, target),
        )
        several = [
            (StepKind.WRITE, writes),
            (StepKind.PASS, chain(_passes(reviewed, principal, target))),
            (StepKind.RUN, chain(_takes_over(reviewed, principal, target))),
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


def _credentials(reviewed: ReviewedAccount, principal: Principal, target: User) -> Iterator[EscalationStep]:
    for way in OF_USERS:
        asking = Asking(reviewed, principal)
        if not _can_name(reviewed, principal, (way.action,)) or not asking.may(way.action, target.arn, not_of(target)):
            continue
        needed = _for_key(asking, target) if way.password is None else _for_sign_in(asking, target, way.password)
        if needed is None:
            continue
        more, hangs = needed
        gives = f"{way.gives} of the user {target.name}"
        ids = ("iam-003",) if more and way.password is None else (way.id,)
        yield asking.step([way.action, *more], target.arn, gives, target.arn, hangs, ids)


_MOST_KEYS = 2
_Needed = tuple[tuple[str, ...], tuple[str, ...]]
"""Further actions that an escalation path requires, and the conditions that the path depends on."""


def _for_key(asking: Asking, target: User) -> _Needed | None:
    """Return what is needed to create another access key for a user; None if it has two and none can be deleted."""
    known = asking.reviewed.keys_of(target.name)
    if known is not None and known < _MOST_KEYS:
        return (), ()
    delete = "iam:DeleteAccessKey"
    if _can_name(asking.reviewed, asking.principal, (delete,)) and asking.may(delete, target.arn, not_of(target)):
        return ((delete,) if known is not None else ()), ()
    return None if known is not None else ((), (f"{target.name} has fewer than two access keys",))


def _for_sign_in(asking: Asking, target: User, password: bool) -> _Needed | None:
    """Return what is needed to sign in as a user, or None if that is impossible.

    ``password``: the existing password is changed, otherwise one is created. It is impossible if the user has no
    password (or already has one), or if an MFA device cannot be removed.
    """
    known, mfa = asking.reviewed.has_password(target.name), asking.reviewed.has_mfa(target.name)
    if known is not None and known is not password:
        return None
    deactivate = "iam:DeactivateMFADevice"
    can = _can_name(asking.reviewed, asking.principal, (deactivate,))
    without = mfa is not False and can and asking.may(deactivate, target.arn, not_of(target))
    if mfa and not without:
        return None
    lacks = [f"{'a' if password else 'no'} password"] if known is None else []
    lacks += ["no MFA device"] if mfa is None and not without else []
    hangs = (f"{target.name} has {' and '.join(lacks)}",) if lacks else ()
    return ((deactivate,) if mfa else ()), hangs


def assumes(reviewed: ReviewedAccount, principal: Principal, target: Role) -> EscalationStep | None:
    trust = reviewed.trust(target)
    asking = Asking(reviewed, principal)
    named = reviewed.named_by(target)
    by_account = reviewed.account.id in named and _can_name(reviewed, principal, ("sts:AssumeRole",))
    if trust is None or not (by_account or principal.entity.arn in named):
        return None
    if not asking.may("sts:AssumeRole", target.arn, trust=trust):
        return None
    gives = f"a session of {target.name}"
    by_name = principal.entity.arn in named or _means_role(asking.evidence, principal, target)
    return asking.step(["sts:AssumeRole"], target.arn, gives, target.arn, ids=("sts-001",), deliberate=by_name)


def _assumes_with_tags(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that add or remove a tag of the principal, after which it may assume the role."""
    trust = reviewed.trust(target)
    if trust is None:
        return
    values = tuple((target.tags or {}).values())
    asked = statements(trust, Layer.RESOURCE)
    changes = chain(_tags_itself(reviewed, principal, asked, values), _untags_itself(reviewed, principal, asked))
    for change in changes:
        second = assumes(reviewed, change.principal, target)
        if second is not None:
            yield change.then(second)


def _federates(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that give the principal's own metadata to a SAML provider that the role trusts."""
    trust = reviewed.trust(target)
    for provider in saml_providers(trust) if trust is not None else ():
        listed = reviewed.account.saml_providers
        missing = listed is not None and all(each.arn != provider for each in listed)
        action = "iam:CreateSAMLProvider" if missing else "iam:UpdateSAMLProvider"
        asking = Asking(reviewed, principal)
        if trust is None or not _can_name(reviewed, principal, (action,)):
            continue
        if not asking.may(action, provider, exists=not missing):
            continue
        found = reviewed.lets_in(target, trust, provider, "sts:AssumeRoleWithSAML", {}, lambda _: False)
        if found.allowed:
            # Whoever signs the assertion chooses what it says.
            hangs = (key for key in reviewed.hangs_on(found) if not key.lower().startswith("saml:"))
            gives = f"sessions of {target.name} by assertions of the principal's own"
            page = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html"
            yield asking.step([action], provider, gives, target.arn, hangs, page=page)


def saml_providers(trust: NamedPolicy) -> tuple[str, ...]:
    """Return the ARNs of the SAML providers that the Allow statements of a trust policy name."""
    return tuple(
        dict.fromkeys(
            value
            for one in statements(trust, Layer.RESOURCE)
            for kind, value in (one.principal.pairs if one.principal is not None and not one.deny else ())
            if kind == "Federated" and ":saml-provider/" in value
        )
    )


def _means_role(given: Iterable[Evidence], principal: Principal, target: Role) -> bool:
    """Return whether an identity statement in the evidence was written for roles like this one.

    Such a statement names STS actions, not all actions or all but some, and it does not name every role of the account.
    """
    proofs = {(one.policy, one.arn, one.statement) for one in given}
    every = f"{target.arn.partition(':role/')[0]}:role/*"
    return any(
        (policy.name, policy.arn, one.statement.index) in proofs
        and not one.action.negated
        and any(pattern.lower().startswith("sts:") for pattern in one.action.patterns)
        and not any(covers(each, every) for each in one.statement.resource or (every,))
        for policy in principal.identity
        for one in statements(policy)
    )


def opens(reviewed: ReviewedAccount, principal: Principal, target: Role) -> EscalationStep | None:
    """Return the step that changes the role's trust policy so that the principal may assume it; None if denied."""
    asking = Asking(reviewed, principal)
    if target.service_owned or not _can_name(reviewed, principal, ("iam:UpdateAssumeRolePolicy",)):
        return None
    if not asking.may("iam:UpdateAssumeRolePolicy", target.arn, not_of(target)):
        return None
    own = _trust_of(principal.entity.arn)
    then = reviewed.may(principal, "sts:AssumeRole", target.arn, absent=_absent, trust=own)
    if not then.allowed:
        return None
    gives = f"a trust policy of {target.name} that allows it"
    hangs = reviewed.hangs_on(then, principal)
    return asking.step(["iam:UpdateAssumeRolePolicy"], target.arn, gives, target.arn, hangs, ("iam-012",))


def _passes(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    trust = reviewed.trust(target)
    if trust is None:
        return
    services = _services_of(trust)
    for way in PASSING:
        service = services.get(way.service)
        if service is None or not _can_name(reviewed, principal, way.actions):
            continue
        existing = reviewed.workloads_of(way.exists) if way.exists else None
        if existing == ():
            continue
        asking = _passes_one(reviewed, principal, target, way, service, existing)
        if asking is None:
            continue
        needed = _instance_profile(reviewed, target) if service.startswith("ec2.") else ()
        hangs = _takes(reviewed, target, service, way.trusted)
        if needed is None or hangs is None:
            continue
        missing = (f"{KINDS[way.exists].title} to change",) if way.exists and existing is None else ()
        further = (way.further.format(role=target.name),) if way.further else ()
        gives = f"{service_name(service) or service} that runs as {target.name}, with code that the caller chooses"
        actions = ("iam:PassRole", *way.actions)
        needed = (*needed, *hangs, *missing, *further)
        yield asking.step(actions, target.arn, gives, target.arn, needed, (way.id,), way.page)


def _services_of(trust: NamedPolicy) -> Mapping[str, str]:
    """Return the services in a trust policy, each with its spelling there.

    If a service is named with and without a Region, the spelling without the Region is returned.
    """
    found: dict[str, str] = {}
    for one in statements(trust, Layer.RESOURCE):
        for kind, value in one.principal.pairs if one.principal is not None and not one.deny else ():
            if kind == "Service":
                service = of_every_region(value)
                found[service] = min(found.get(service, value), value, key=len)
    return found


def _passes_one(
    reviewed: ReviewedAccount,
    principal: Principal,
    target: Role,
    way: PassingWay,
    service: str,
    existing: Sequence[Workload] | None,
) -> Asking | None:
    """Return the evaluation if the principal may pass the role to a service in this way, or None if it may not.

    ``existing`` are the resources that can be changed; None if they are unknown, or if a new one is created.
    """
    passed_to = service if service.endswith(".cn") else way.service

    def ask(asking: Asking, arn: str = "") -> bool:
        passed = asking.may("iam:PassRole", target.arn, {"iam:PassedToService": (passed_to,)})
        return passed and asking.may_somewhere(way.actions, arn)

    first = Asking(reviewed, principal)
    if not ask(first):
        return None
    if existing is None:
        return _in_one_region(first, ask)
    on_each = (_asked(Asking(reviewed, principal, each.region), ask, each.arn) for each in existing)
    return _surest(on_each)


def _asked(asking: Asking, ask: Callable[..., bool], *more: str) -> Asking | None:
    return asking if ask(asking, *more) else None


def _surest(several: Iterable[Asking | None]) -> Asking | None:
    """Return the first evaluation that depends on nothing unknown; otherwise the first evaluation, or None."""
    best = None
    for one in several:
        if one is not None and not one.hangs:
            return one
        best = best or one
    return best


_A_REGION = regex(rf"\b{REGION_NAME}\b")
"""A Region name in a policy's text."""


@lru_cache(maxsize=8192)
def _regions_in(text: str) -> frozenset[str]:
    """Return the Regions that a policy's text names, and "" if it tests aws:RequestedRegion, perhaps by a pattern."""
    named = frozenset(_A_REGION.findall(text))
    return named | {""} if "requestedregion" in text.lower() else named


def _regions(reviewed: ReviewedAccount, principal: Principal) -> tuple[str, ...]:
    """Return the Regions in which the principal's policies and the limits above it may decide differently.

    They are the Regions in the policies and the account's own. The result is empty if no policy names a Region.
    """
    above = (policy for level in reviewed.shared.scps or () for policy in level)
    policies = (*principal.identity, *(principal.boundary or ()), *above)
    named = frozenset[str]().union(*(_regions_in(policy.document.text) for policy in policies))
    return tuple(dict.fromkeys((*sorted(named - {""}), *reviewed.regions, _ANY_REGION))) if named else ()


_ANY_REGION = "rolescope-1"
"""A Region that no policy names."""


def _in_one_region(first: Asking, ask: Callable[[Asking], bool]) -> Asking | None:
    """Return the evaluation for one Region in which everything is allowed, or None.

    ``first`` is the evaluation for any Region.
    """
    reviewed, principal = first.reviewed, first.principal
    regions = _regions(reviewed, principal)
    return _surest(_asked(Asking(reviewed, principal, each), ask) for each in regions) if regions else first


def _can_name(reviewed: ReviewedAccount, principal: Principal, actions: Iterable[str]) -> bool:
    """Return whether the principal's Allow statements name each of the actions.

    This is fast for a principal whose policies are those in the account.
    """
    number = reviewed.index.by_arn.get(principal.entity.arn)
    if number is not None and reviewed.index.principals[number] is principal:
        return all(number in reviewed.able(action) for action in actions)
    allowing = [one for policy in principal.identity for one in statements(policy) if not one.deny]
    return all(any(one.action.names(action.lower()) for one in allowing) for action in actions)


def _takes(
    reviewed: ReviewedAccount, target: Role, service: str, actions: Iterable[str], source: str = ""
) -> tuple[str, ...] | None:
    """Return what the service's use of the role depends on, or None if the trust policy does not trust the service.

    The service acts for this account. ``source`` is the ARN of the resource that it acts for, "" if the caller chooses
    its name or it is unknown.
    """
    trust = reviewed.trust(target)
    if trust is None:
        return (f"the trust policy of {target.name} (not read)",)
    context = {"aws:SourceAccount": (reviewed.account.id,)} | ({"aws:SourceArn": (source,)} if source else {})
    hangs: dict[str, None] = {}
    for action in actions:
        found = reviewed.lets_in(target, trust, service, action, context, lambda _: False)
        if not found.allowed:
            return None
        hangs |= dict.fromkeys(reviewed.hangs_on(found))
    return tuple(hangs)


def _instance_profile(reviewed: ReviewedAccount, target: Role) -> tuple[str, ...] | None:
    """Return what using the role in an instance profile depends on, or None if no profile contains the role."""
    profiles = profiles_of(target, reviewed.account)
    if profiles is None:
        return (f"an instance profile with {target.name}",)
    return () if profiles else None


def _takes_over(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that use a workload that already runs as the role."""
    for workload in reviewed.workloads(target.arn):
        for way in RUNNING_BY_KIND[workload.kind]:
            if _can_name(reviewed, principal, way.actions) and (way.requires in ("", *workload.traits)):
                step = _takes_over_one(reviewed, principal, target, workload, way)
                if step is not None:
                    yield step


_OF_STRANGERS = NamedPolicy(
    Document.from_value(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
        }
    ),
    "policy of the caller's own resource",
)
"""A resource policy that allows everything, for a resource that the caller owns in another account."""


def _takes_over_one(
    reviewed: ReviewedAccount, principal: Principal, target: Role, workload: Workload, way: RunningWay
) -> EscalationStep | None:
    account = reviewed.account
    places = {
        "arn": workload.arn,
        "name": re.split("[:/]", workload.arn)[-1],
        "cluster": re.sub(r":task/([^/]+)/.*", r":cluster/\1", workload.arn),
        "partition": account.partition,
        "account": account.id,
        "stranger": STRANGERS[0],
    }

    def may(asking: Asking, need: Need, on: str) -> bool:
        trust = _OF_STRANGERS if "{stranger}" in on else None
        exists = on in ("{arn}", "{cluster}")
        return asking.may(need.action, on.format_map(places), trust=trust, exists=exists)

    def ask(asking: Asking) -> bool:
        return all(
            all(may(asking, need, on) for on in need.on)
            and (not need.either or any(may(asking, need, on) for on in need.either))
            for need in way.needs
        ) and asking.may_somewhere([need.action for need in way.needs if not need.on])

    region = workload.region or _region_of(workload.arn)
    asking: Asking | None = Asking(reviewed, principal, region)
    if asking is None or not ask(asking):
        return None
    unknown: tuple[str, ...] = ()
    name = _name_of(workload)
    if not region and (regions := _regions(reviewed, principal)):
        answers = [_asked(Asking(reviewed, principal, each), ask) for each in regions]
        asking = _surest(answers)
        unknown = () if all(answers) else (f"the Region of {name} (not read)",)
    runs = RUNS_AS[workload.kind]
    trust = reviewed.trust(target)
    named = _services_of(trust).get(runs.service) if trust is not None else None
    services = (named,) if named is not None else (runs.service, f"{runs.service}.cn")
    source = runs.source.format_map(places)
    taken = next(
        (each for one in services if (each := _takes(reviewed, target, one, runs.trusted, source)) is not None), None
    )
    if asking is None or taken is None:
        return None
    hoped = (f"{name} {way.hopes}",) if way.hopes not in ("", *workload.traits) else ()
    further = (way.further,) if way.further else ()
    gives = f"sessions of {target.name} by {name}" if runs.hands_out else f"{name}, which runs as {target.name}"
    shown = workload.arn if workload.region else name.rpartition(" ")[2]
    hangs = (*taken, *unknown, *hoped, *further)
    return asking.step(way.actions, shown, gives, target.arn, hangs, (way.id,), way.page)


def _region_of(arn: str) -> str:
    """Return the Region of an ARN, or "" if it has none or a wildcard."""
    region = "".join(arn.split(":")[3:4])
    return "" if region == "*" else region


def _name_of(workload: Workload) -> str:
    """Return a workload's name for people: ``CodeBuild project deploy``."""
    parts = re.split("[:/]", workload.arn)
    name = parts[-2] if workload.kind.startswith("cloudformation") and len(parts) > 1 else parts[-1]
    return f"{RUNS_AS[workload.kind].name} {name}"


# Another that is made administrator first.


def makes(reviewed: ReviewedAccount, principal: Principal, target: Role | User) -> EscalationStep | None:
    """Return the step that gives another role or user full access and then uses its rights.

    Return None if that is denied.
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
        gives = f"{target.name} made {_ADMINISTRATOR}; then {reached.hop.gives}"
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
        yield from _credentials(reviewed, principal, target)
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
    if _can_name(reviewed, principal, (f"iam:Put{kind}Policy",)):
        asking = Asking(reviewed, principal)
        if asking.may(f"iam:Put{kind}Policy", entity.arn, not_of(entity)):
            return asking.step([f"iam:Put{kind}Policy"], entity.arn, "")
    if _can_name(reviewed, principal, (f"iam:Attach{kind}Policy",)):
        asking = Asking(reviewed, principal)
        if _attaches(asking, f"iam:Attach{kind}Policy", entity.arn, not_of(entity)):
            return asking.step([f"iam:Attach{kind}Policy"], entity.arn, "")
    if _can_name(reviewed, principal, ("iam:CreatePolicyVersion",)):
        for arn in _customer_policies(other):
            asking = Asking(reviewed, principal)
            if actions := _writes_version(asking, arn):
                return asking.step(actions, arn, "")
    return None


# Something new.


def creates(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    """Yield steps that create a role or user with full access and no boundary, which the principal then uses."""
    role = Role(_NEW, reviewed.arn(f"role/{PROBE}"), inline=(), attached=(), tags={})
    user = User(PROBE, reviewed.arn(f"user/{PROBE}"), inline=(), attached=(), groups=(), tags={})
    for entity, lasts in ((role, ((),)), (user, (("iam:CreateAccessKey",), ("iam:CreateLoginProfile",)))):
        kind = _kind_of(entity)
        if not _can_name(reviewed, principal, (f"iam:Create{kind}",)):
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
    kind = _kind_of(entity)
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
    """Return what assuming a new role depends on, for the caller or another account that it owns; else None."""
    own = reviewed.may(principal, "sts:AssumeRole", role.arn, absent=_absent, trust=_trust_of(principal.entity.arn))
    hangs = reviewed.hangs_on(own, principal) if own.allowed else None
    if hangs == ():
        return ()
    stranger = f"arn:{reviewed.account.partition}:iam::{STRANGERS[0]}:role/{PROBE}"
    trust = _trust_of(stranger)
    theirs = reviewed.lets_in(role, trust, stranger, "sts:AssumeRole", {}, lambda _: False)
    return reviewed.hangs_on(theirs) if theirs.allowed and (hangs is None or theirs.certain) else hangs


def _given_to_new(reviewed: ReviewedAccount, principal: Principal, kind: str) -> Iterator[tuple[str, NamedPolicy]]:
    """Yield the policies that may be written into or attached to a new entity, each with the action that does so."""
    put, attach = f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"
    if _can_name(reviewed, principal, (put,)):
        yield put, NamedPolicy(ALLOW_ALL, "new")
    if _can_name(reviewed, principal, (attach,)):
        for arn in _all_allowing(reviewed):
            yield attach, NamedPolicy(ALLOW_ALL, name_of(arn), arn)
        for policy in _writing_policies(reviewed):
            yield attach, policy


def _trust_of(arn: str) -> NamedPolicy:
    """Return a trust policy that allows the principal with this ARN to assume the role."""
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    return NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": [statement]}), "trust policy")
