"""Compute how the tags of a role or user affect access: its own access as a caller, and other principals' access to it.

Also compute how a different boundary affects the access that resource-based policies grant.

Policies test a principal's tag with aws:PrincipalTag, and the tag of a role or user that is the resource with
aws:ResourceTag or iam:ResourceTag (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from iam.account import Account, Role, User
from iam.key_presence import key_presence, kind_of
from iam.layers import organization_layers, principal_layers
from iam.policy.assigned import NotAssignable, Values, assigned_policies
from iam.policy.condition_keys import Presence
from iam.policy.document import Document, PolicyError
from iam.policy.match import covers
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import KeyReading, Readings
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import KINDS, AccessChange, Changed, access_change
from iam.service_reference import actions, resource_types
from iam.sources.reader.account_reader import AccountReader

MOST_COMPARED = 1_000
"""The maximum number of principals for which the effect of a changed tag of the resource is computed."""


@dataclass(frozen=True, slots=True)
class TagChanges:
    """How a change to tags affects access. ``of`` maps the ARN of each affected principal to its changed access.

    ``doubts`` are sentences that say what was left out; if there are any, there may be more changes.
    """

    of: Mapping[str, AccessChange]
    doubts: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.doubts and all(change.fully_computed for change in self.of.values())


def tag_changes(was: Role | User, now: Role | User, account: Account, reader: AccountReader) -> TagChanges:
    """Return how access changes if the tags of ``was`` are replaced by those of ``now``. May block."""
    if was.tags is None or now.tags is None:
        return TagChanges({}, (f"Not counted: the tags of {now.name} could not be read.",))
    before, after = was.tags, now.tags
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    values = [
        {f"aws:principaltag/{key.lower()}": (tags[key],) if key in tags else () for key in changed}
        for tags in (before, after)
    ]
    found: dict[str, AccessChange] = {}
    doubts: dict[str, None] = {}
    own = _as_caller(now, values[0], values[1], account, reader, doubts)
    if own:
        found[now.arn] = own
    for arn, change in _as_resource(was, now, changed, account, reader, doubts):
        found[arn] = joined(found[arn], change) if arn in found else change
    return TagChanges(found, tuple(doubts))


def principal_change(
    policies: Policies,
    before: Values,
    after: Values,
    request: Request,
    account: Account,
    entity: Role | User | None,
) -> AccessChange:
    """Return how access changes if keys that a principal has in every request get other values.

    ``before`` and ``after`` have the same keys. Raises `NotAssignable`, `PolicyError`.
    """
    context = {key: had for key, had in request.context.items() if key.lower() not in before}
    asked = replace(request, context=context)
    was, now = assigned_policies(policies, before), assigned_policies(policies, after)
    return access_change(was, now, asked, account, entity=entity)


def joined(first: AccessChange, second: AccessChange) -> AccessChange:
    """Merge two access changes into one."""
    allowed, denied, loosened, tightened = (
        dict.fromkeys((*getattr(first, kind), *getattr(second, kind))) for kind in KINDS
    )
    whole = first.fully_computed and second.fully_computed
    return AccessChange(tuple(allowed), tuple(denied), tuple(loosened), tuple(tightened), whole)


def _as_caller(
    entity: Role | User,
    before: Values,
    after: Values,
    account: Account,
    reader: AccountReader,
    doubts: dict[str, None],
) -> AccessChange:
    """Return the effects on the role or user itself, through its own, resource-based and trust policies."""
    layers = _layers(entity, account, reader, doubts, {})
    request = Request(entity.arn, "*", "*")
    change = AccessChange()
    try:
        change = principal_change(layers, before, after, request, account, entity)
        # Policies that limit the principal also limit what resource-based policies grant it, whatever these test.
        groups = (layers.boundary or (), *(layers.scps or ()), *(layers.rcps or ()))
        limited = any(policy.document.mentions(key) for group in groups for policy in group for key in before)
        for arn, document in _policies_of_resources(account, reader, doubts):
            if not limited and not any(document.mentions(key) for key in before):
                continue
            there = replace(layers, resource=NamedPolicy(document, arn, arn))
            own = principal_change(there, before, after, replace(request, resource=arn), account, entity)
            change = joined(change, _within(own, arn, change))
    except (NotAssignable, PolicyError) as error:
        doubts[f"The effect on {entity.name} could not be computed: {error}"] = None
    return change


def boundary_change(
    was: Role | User, now: Role | User, before: Account, after: Account, reader: AccountReader
) -> AccessChange:
    """Return how a different boundary changes the access that resource-based policies grant to the role or user.

    May block.
    """
    doubts: dict[str, None] = {}
    old, new = _layers(was, before, reader, doubts, {}), _layers(now, after, reader, doubts, {})
    found = AccessChange()
    for arn, document in _policies_of_resources(after, reader, doubts):
        if not document.mentions(now.arn):
            continue
        policy = NamedPolicy(document, arn, arn)
        there = replace(old, resource=policy), replace(new, resource=policy)
        try:
            change = access_change(*there, Request(now.arn, "*", arn), after, entity=now)
        except PolicyError:
            return replace(found, fully_computed=False)
        found = joined(found, _within(change, arn, found))
    return found


def _within(change: AccessChange, arn: str, known: AccessChange) -> AccessChange:
    """Return the parts of a change that concern one resource and are not already in ``known``."""
    had = {(kind, one.actions, one.witness) for kind in KINDS for one in getattr(known, kind)}
    kept = {
        kind: tuple(
            one
            for one in getattr(change, kind)
            if _is_of(arn, one.witness or one.resource) and (kind, one.actions, one.witness) not in had
        )
        for kind in KINDS
    }
    return AccessChange(**kept, fully_computed=change.fully_computed)


def _is_of(holder: str, resource: str) -> bool:
    return resource == holder or any(covers(f"{holder}{joint}*", resource) for joint in "/:")


def _policies_of_resources(
    account: Account, reader: AccountReader, doubts: dict[str, None]
) -> Iterator[tuple[str, Document]]:
    """Yield the resource-based policies that can be read, and the roles' trust policies."""
    for role in account.roles:
        if role.trust is None:
            doubts[f"Not counted: the trust policy of {role.name}, which could not be read."] = None
        else:
            yield role.arn, role.trust
    reading = reader.resource_policies()
    if reading.why or reading.note:
        doubts[f"Not counted: policies of resources that compare tags. {reading.why or reading.note}"] = None
    yield from (reading.value or {}).items()


def _layers(
    one: Role | User,
    account: Account,
    reader: AccountReader,
    doubts: dict[str, None],
    read: dict[str, tuple[Document | None, str]],
) -> Policies:
    shared = organization_layers(Request(one.arn, "*", "*"), account, reader)
    own = principal_layers(one, account, reader, read)
    for each in (*shared.readings, *own.readings):
        if each.unread:
            doubts[f"Not counted: {each.why}"] = None
    return replace(own.policies, scps=shared.policies.scps, rcps=shared.policies.rcps)


def _as_resource(
    was: Role | User,
    now: Role | User,
    changed: list[str],
    account: Account,
    reader: AccountReader,
    doubts: dict[str, None],
) -> Iterator[tuple[str, AccessChange]]:
    """Yield the effects on principals whose access to the role or user depends on its tags."""
    words = [f"resourcetag/{key.lower()}" for key in changed]
    actions = _actions_on(now)
    read: dict[str, tuple[Document | None, str]] = {}
    trust = NamedPolicy(now.trust, now.name, now.arn) if isinstance(now, Role) and now.trust is not None else None
    everyone: list[Role | User] = [*account.roles, *(account.users or ())]
    if account.users is None:
        doubts["Not counted: users, who could not be read."] = None
    if len(everyone) > MOST_COMPARED:
        doubts[f"Not counted: {len(everyone) - MOST_COMPARED:,} of the account's roles and users."] = None
    trusted = trust is not None and _mentions(trust.document, words)
    comparing = _comparing(account, words)
    for one in everyone[:MOST_COMPARED]:
        if not trusted and not comparing(one):
            continue
        own = principal_layers(one, account, reader, read).policies
        if not trusted and not any(_mentions(each.document, words) for each in (*own.identity, *(own.boundary or ()))):
            continue
        policies = replace(_layers(one, account, reader, doubts, read), resource=trust)
        change = _on_resource(one, was, now, actions, policies, account)
        if change:
            yield one.arn, change


def _mentions(document: Document, words: list[str]) -> bool:
    return any(document.mentions(word) for word in words)


def _comparing(account: Account, words: list[str]) -> Callable[[Role | User], bool]:
    """Return a function that says whether one of a principal's policies contains one of the words, or is unread."""

    @cache
    def managed(arn: str) -> bool:
        policy = account.policy(arn)
        return policy is None or policy.document is None or _mentions(policy.document, words)

    def comparing(one: Role | User) -> bool:
        if isinstance(one, User) or one.inline is None or one.attached is None:
            return True
        arns = (*(policy.arn for policy in one.attached), *filter(None, (one.boundary_arn,)))
        return any(_mentions(policy.document, words) for policy in one.inline) or any(map(managed, arns))

    return comparing


def _on_resource(
    one: Role | User, was: Role | User, now: Role | User, actions: list[str], policies: Policies, account: Account
) -> AccessChange:
    sides = [(AccessQuestion("*", now.arn, _with(account, entity)), entity) for entity in (was, now)]
    of_caller = key_presence(kind_of(one), one, account)

    def presence(key: str) -> Presence:
        # The tags of the requested resource are known: any other tag is absent.
        return Presence.NEVER if key.startswith(("aws:resourcetag/", "iam:resourcetag/")) else of_caller(key)

    masks = dict.fromkeys(KINDS, 0)
    for action in actions:
        own = applicable_policies(policies, action, now.arn)
        hopes, cares = [], []
        for question, entity in sides:
            caller = entity if entity.arn == one.arn else one
            readings = Readings(question.request(one.arn, caller, action, now.arn), own, presence)
            hopes.append(readings.decision(KeyReading.OPTIMISTIC).allowed)
            cares.append(readings.decision(KeyReading.PESSIMISTIC).allowed)
        bit = 1 << (catalogue().position(action) or 0)
        if hopes[0] != hopes[1]:
            masks["newly_allowed" if hopes[1] else "newly_denied"] |= bit
        elif cares[0] != cares[1]:
            masks["loosened" if cares[1] else "tightened"] |= bit
    allowed, denied, loosened, tightened = (
        (Changed(now.arn, masks[kind], now.arn, now.arn),) if masks[kind] else () for kind in KINDS
    )
    return AccessChange(allowed, denied, loosened, tightened)


def _with(account: Account, entity: Role | User) -> Account:
    if isinstance(entity, Role):
        roles = tuple(entity if each.arn == entity.arn else each for each in account.roles)
        return replace(account, roles=roles)
    return replace(account, users=tuple(entity if each.arn == entity.arn else each for each in account.users or ()))


def _actions_on(entity: Role | User) -> list[str]:
    """Return the actions that can have the role or user as their resource."""
    kind = "role" if isinstance(entity, Role) else "user"
    found = [
        each.name
        for service in ("iam", "sts")
        if kind in resource_types(service)
        for each in actions(service).values()
        if any(one.name == kind for one in each.resource_types)
    ]
    return [name for name in found if catalogue().position(name) is not None]
