"""Compute the effects of a plan: who gains and who loses what, as sentences and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import TypeVar

from diagnostics.effect_words import provided_words, when
from diagnostics.plans.trust_effects import trust_effects
from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.changes.account_after import account_after
from iam.changes.plan import AccessGrant, Plan, PlanEffects
from iam.foreign_text import shortened
from iam.layers import organization_layers, principal_layers
from iam.policy.decision import Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.access_question import AccessQuestion
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import AccessChange, Changed, access_change
from iam.questions.change.tags import boundary_change, tag_changes
from iam.service_reference import services
from iam.sources.reader.account_reader import AccountReader
from iam.words import joined, listing, plural

_TAGS = "Policies that compare tags may decide differently afterwards; this effect was not computed."

_COMPARED_TAGS = frozenset({"TagRole", "UntagRole", "TagUser", "UntagUser"})

H = TypeVar("H", Role, User, Group)

MOST_NAMED = 4
MOST_CLAUSES = 2
"""The maximum number of conditions that a sentence names; the others are only counted."""
MOST_COMPARED = 1_000
"""The maximum number of principals whose access is compared for one plan; the others are only counted."""
MOST_ACTIONS = 100
"""The maximum number of actions listed for one grant in the JSON data."""


def with_role(account: Account, role: Role) -> Account:
    """Return a copy of the account in which this role replaces the one with the same name."""
    return replace(account, roles=tuple({**{each.name: each for each in account.roles}, role.name: role}.values()))


def with_user(account: Account, user: User) -> Account:
    """Return a copy of the account in which this user replaces the one with the same name."""
    return replace(account, users=(*(each for each in account.users or () if each.name != user.name), user))


def with_group(account: Account, group: Group) -> Account:
    """Return a copy of the account in which this group replaces the one with the same name."""
    return replace(account, groups=(*(each for each in account.groups or () if each.name != group.name), group))


def with_policy(account: Account, policy: ManagedPolicy) -> Account:
    """Return a copy of the account in which this managed policy replaces the one with the same ARN."""
    policies = {each.arn: each for each in account.policies or ()}
    return replace(account, policies=tuple({**policies, policy.arn: policy}.values()))


def with_effects(plan: Plan, before: Account, reader: AccountReader) -> Plan:
    """Return the plan with its effects added. ``before`` is the account as the plan finds it. May block."""
    after = account_after(plan, before)
    effects = effects_between(before, after, reader)
    if any(call.operation.startswith(("Tag", "Untag")) and call.operation not in _COMPARED_TAGS for call in plan.calls):
        effects = replace(effects, said=(*effects.said, _TAGS), complete=False)
    return replace(plan, effects=effects)


def effects_between(before: Account, after: Account, reader: AccountReader) -> PlanEffects:
    """Return the effects on roles and users in both accounts, and on principals in the roles' trust policies."""
    concerned = list(_concerned(before, after))
    compared = _with_tags(_compared(concerned[:MOST_COMPARED], before, after, reader), before, after, reader)
    trusts = [trust_effects(was, now, after, reader) for was, now in _roles(before, after) if was.trust != now.trust]
    left = len(concerned) - MOST_COMPARED
    more = (f"The gains and losses of {plural(left, 'other')} were not computed.",) if left > 0 else ()
    grants = list(chain(compared.grants, *(each.grants for each in trusts)))
    gains = ("newly_allowed", "loosened")
    sentences = list(compared.sentences())
    losses = [
        *(said for each in trusts for said in each.lost),
        *(said for said, side in sentences if side is Side.LOST),
    ]
    others = [
        *(said for each in trusts for said in each.gained),
        *(said for said, side in sentences if side is Side.GAINED),
    ]
    return PlanEffects(
        said=tuple(
            dict.fromkeys((*(said for each in trusts for said in each.said), *(said for said, _ in sentences), *more))
        ),
        gained=tuple(each for each in grants if each.kind in gains),
        lost=tuple(each for each in grants if each.kind not in gains),
        complete=compared.complete and not more and all(each.complete for each in trusts),
        lead=(*losses[:1], *others[:1]),
    )


def _with_tags(compared: _Compared, before: Account, after: Account, reader: AccountReader) -> _Compared:
    """Return the comparison with the effects of changed tags and boundaries of roles and users added."""
    changes, doubts = dict(compared.changes), dict.fromkeys(compared.doubts)
    pairs: list[tuple[Role | User, Role | User]] = [*_roles(before, after), *_users(before, after)]
    for was, now in pairs:
        if was.tags == now.tags:
            continue
        tagged = tag_changes(was, now, after, reader)
        doubts |= dict.fromkeys(tagged.doubts)
        of = tagged.of or {now.arn: AccessChange()}
        for arn, change in of.items():
            changes.setdefault((change, True), []).append(arn)
    for was, now in pairs:
        if was.boundary_arn == now.boundary_arn:
            continue
        by_resources = boundary_change(was, now, before, after, reader)
        if by_resources:
            changes.setdefault((by_resources, True), []).append(now.arn)
    return replace(compared, changes=changes, doubts=tuple(doubts))


def _users(before: Account, after: Account) -> Iterator[tuple[User, User]]:
    were = {user.name: user for user in before.users or ()}
    return ((were[now.name], now) for now in after.users or () if now.name in were)


def _roles(before: Account, after: Account) -> Iterator[tuple[Role, Role]]:
    for now in after.roles:
        was = before.role(now.name)
        if was is not None and was is not now:
            yield was, now


def _concerned(before: Account, after: Account) -> Iterator[Role | User]:
    """Yield the roles and users whose own policies or boundary differ after the change."""
    documents = {each.arn: each.document for each in before.policies or ()}
    changed = {each.arn for each in after.policies or () if documents.get(each.arn, each.document) != each.document}
    were = {each.name: each for each in before.groups or ()}
    groups = {each.name for each in after.groups or () if _others(were.get(each.name), each, changed)}
    roles = {each.name: each for each in before.roles}
    for role in after.roles:
        if role.name in roles and _others(roles[role.name], role, changed):
            yield roles[role.name]
    users = {each.name: each for each in before.users or ()}
    for user in after.users or ():
        if user.name in users and (
            _others(users[user.name], user, changed) or not groups.isdisjoint(user.groups or ())
        ):
            yield users[user.name]


def _others(was: H | None, now: H, changed: set[str]) -> bool:
    """Return whether a holder's policies differ. ``changed`` are the managed policies with new content."""
    if was is None or (was.inline, was.attached) != (now.inline, now.attached):
        return was is not None
    arns = {each.arn for each in now.attached or ()}
    if isinstance(was, User) and isinstance(now, User) and was.groups != now.groups:
        return True
    if not isinstance(was, Group) and not isinstance(now, Group):
        if was.boundary_arn != now.boundary_arn:
            return True
        arns |= {now.boundary_arn or ""}
    return not arns.isdisjoint(changed)


class Side(Enum):
    """Whether a sentence is about access that is gained or about access that is lost."""

    GAINED = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class _Compared:
    """The effects, each with the principals that it applies to.

    Each effect also says whether all of its losses come from an explicit deny, which no other policy can override.
    ``doubts`` are sentences about what was not counted.
    """

    changes: dict[tuple[AccessChange, bool], list[str]]
    doubts: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.doubts and all(change.fully_computed for change, _ in self.changes)

    @property
    def grants(self) -> Iterator[AccessGrant]:
        for (change, _), arns in self.changes.items():
            for arn in arns:
                yield from _grants(arn, change)

    def sentences(self) -> Iterator[tuple[str, Side | None]]:
        """Yield the sentences, each with its subject: a loss, a gain, or neither of them."""
        # Sentences about changes without an effect come last.
        for (change, by_deny), arns in sorted(self.changes.items(), key=lambda each: not each[0][0]):
            names = [shortened(arn.rpartition("/")[2]) for arn in arns]
            who, one = listing(names), len(names) == 1
            but = "" if by_deny else ", unless a resource's own policy allows this"
            for said, side in (
                (_sentence(f"{who} {'gains' if one else 'gain'}", change.newly_allowed), Side.GAINED),
                (_sentence(f"{who} {'loses' if one else 'lose'}", change.newly_denied, but), Side.LOST),
                (_sentence(f"{who} can now also use", change.loosened), Side.GAINED),
                (_sentence(f"{who} can no longer use", change.tightened), Side.LOST),
            ):
                yield from ((sentence, side) for sentence in said)
            if not change.fully_computed:
                yield "There may be more gains and losses, because they were not fully computed.", None
            elif not change and not self.doubts:
                neither = "gains and loses" if one else "gain and lose"
                yield f"{who} {neither} nothing: no decision changes.", None
        yield from ((doubt, None) for doubt in self.doubts)


def _compared(principals: Sequence[Role | User], before: Account, after: Account, reader: AccountReader) -> _Compared:
    changes: dict[tuple[AccessChange, bool], list[str]] = {}
    doubts: dict[str, None] = {}
    if principals:
        shared = organization_layers(Request(principals[0].arn, "*", "*"), before, reader)
        doubts |= {f"Not counted: {each.why}": None for each in shared.readings if each.unread}
    was_read: dict[str, tuple[Document | None, str]] = {}
    is_read: dict[str, tuple[Document | None, str]] = {}
    for one in principals:
        was = principal_layers(one, before, reader, was_read)
        now = principal_layers(one, after, reader, is_read)
        doubts |= {f"Not counted: {each.why}": None for each in (*was.readings, *now.readings) if each.unread}

        layers = [replace(own.policies, scps=shared.policies.scps, rcps=shared.policies.rcps) for own in (was, now)]
        try:
            change = access_change(layers[0], layers[1], Request(one.arn, "*", "*"), before, entity=one)
        except PolicyError as error:
            doubts[f"The gains and losses of {shortened(one.name)} could not be computed: {error}"] = None
            continue
        denies = replace(now.policies, identity=_denies(now.policies), boundary=None)
        by_deny = bool(denies.identity) and all(_is_denied(each, one, denies, before) for each in change.newly_denied)
        changes.setdefault((change, by_deny), []).append(one.arn)
        doubts |= dict.fromkeys(_uncounted(_unknown_actions(was.policies, now.policies)))
    return _Compared(changes, tuple(doubts))


def _denies(policies: Policies) -> tuple[NamedPolicy, ...]:
    """Return the unconditional Deny statements in the identity policies and the boundary."""
    found = []
    for policy in (*policies.identity, *(policies.boundary or ())):
        listed = policy.document.value["Statement"]
        kept = [
            each
            for each in (listed if isinstance(listed, list) else [listed])
            if each["Effect"] == "Deny" and not each.get("Condition")
        ]
        if kept:
            found.append(replace(policy, document=Document.from_value({"Version": "2012-10-17", "Statement": kept})))
    return tuple(found)


def _is_denied(lost: Changed, one: Role | User, denies: Policies, account: Account) -> bool:
    """Return whether an explicit deny removes the access. If several actions are lost, only one is evaluated."""
    action, resource = next(catalogue().actions(lost.actions)), lost.witness or lost.resource
    request = AccessQuestion(action, resource, account).request(one.arn, one, action, resource)
    return evaluate(request, denies).outcome is Outcome.EXPLICIT_DENY


def _uncounted(actions: Sequence[str]) -> Iterator[str]:
    """Yield sentences about actions that are not counted: unknown ones, and all those of unknown services."""
    known = [action for action in actions if action.partition(":")[0].lower() in services()]
    if known:
        which = "a known action of its service" if len(known) == 1 else "known actions of their services"
        yield f"{listing(known)} {_is_not(known)} {which}: {_what(known)} not counted."
    if others := [action for action in actions if action not in known]:
        whose = "belongs to a service that is" if len(others) == 1 else "belong to services that are"
        yield f"{listing(others)} {whose} unknown: {_what(others)} not counted."


def _is_not(actions: Sequence[str]) -> str:
    return "is not" if len(actions) == 1 else "are not"


def _what(actions: Sequence[str]) -> str:
    return "what it allows is" if len(actions) == 1 else "what they allow is"


def _unknown_actions(was: Policies, now: Policies) -> list[str]:
    """Return the actions that the catalogue lacks, from statements that the change adds or removes.

    A service may be newer than the catalogue.
    """
    sides = [
        {
            (statement.effect, action, statement.resource, statement.not_resource, statement.conditions)
            for policy in (*own.identity, *(own.boundary or ()))
            for statement in policy.document.statements
            for action in (*(statement.action or ()), *(statement.not_action or ()))
        }
        for own in (was, now)
    ]
    return sorted({shortened(action) for _, action, *_ in sides[0] ^ sides[1] if not catalogue().matching(action)})


def _grants(arn: str, change: AccessChange) -> Iterator[AccessGrant]:
    for kind in ("newly_allowed", "newly_denied", "loosened", "tightened"):
        for one in getattr(change, kind):
            names = tuple(islice(catalogue().actions(one.actions), MOST_ACTIONS))
            resource = one.pattern or one.resource
            yield AccessGrant(arn, kind, names, one.actions.bit_count(), resource, _wishes(one))


def _wishes(one: Changed) -> tuple[str, ...]:
    met, unmet = (tuple(when((each,), ()) for each in one.conditions), tuple(when((), (each,)) for each in one.unless))
    return (*met, *unmet, *([provided_words(one.provided)] if one.provided else []))


def _sentence(verb: str, changed: Iterable[Changed], but: str = "") -> Iterator[str]:
    """Yield one sentence for each group of actions that depend on the same conditions.

    If there are many actions, one sentence covers all of them and names only the most frequent conditions.
    """
    groups: dict[tuple[str, ...], list[Changed]] = {}
    for one in changed:
        groups.setdefault(_wishes(one), []).append(one)
    every = [one for found in groups.values() for one in found]
    if len(groups) > 1 and _union(every).bit_count() > MOST_NAMED:
        hanging = sorted(
            ((wishes, _union(found).bit_count()) for wishes, found in groups.items() if wishes), key=lambda e: -e[1]
        )
        some = [f"{count:,} of them if {_clause(wishes)}" for wishes, count in hanging[:MOST_CLAUSES]]
        more = f"; {joined(some)}" if some else ""
        yield f"{verb} {_actions(every)}{more}{but}."
        return
    for wishes, found in groups.items():
        clause = f" if {_clause(wishes)}" if wishes else ""
        yield f"{verb} {_actions(found)}{clause}{but}."


def _clause(wishes: tuple[str, ...]) -> str:
    return shortened(joined(wishes), 300)


def _union(changed: Iterable[Changed]) -> int:
    """Return the set (a bit mask) of all actions that are changed."""
    return reduce(or_, (one.actions for one in changed), 0)


def _actions(found: Sequence[Changed]) -> str:
    actions, known = _union(found), catalogue()
    if actions.bit_count() <= MOST_NAMED:
        patterns = list(dict.fromkeys(one.pattern or one.resource for one in found))
        where = f" on {joined([shortened(each, 90) for each in patterns])}" if len(patterns) <= 2 else ""
        return f"{listing(sorted(known.actions(actions)))}{where}"
    services = Counter({each: (actions & known.service(each)).bit_count() for each in known.services_of(actions)})
    counted = listing([f"{service} ({count:,})" for service, count in services.most_common()], limit=8)
    return f"{plural(actions.bit_count(), 'action')}: {counted}"
