"""What a change gives to a role and takes from it by its own policies and those of the organization, in sentences for
its plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from iam.account import Account, ManagedPolicy, Role
from iam.layers import organization_layers, principal_layers
from iam.policy.document import PolicyError
from iam.policy.request import Policies, Request
from iam.questions.change.compare import Changed, access_change
from iam.sources.reader import AccountReader
from iam.words import listing, plural

MOST_NAMED = 4


def with_role(account: Account, role: Role) -> Account:
    """The account with the role in this form."""
    others = (each for each in account.roles if each.name != role.name)
    return replace(account, roles=(*others, role))


def with_policy(account: Account, policy: ManagedPolicy) -> Account:
    """The account with the managed policy in this form."""
    others = (each for each in account.policies or () if each.arn != policy.arn)
    return replace(account, policies=(*others, policy))


def access_effects(role: Role, before: Account, after: Account, reader: AccountReader) -> tuple[str, ...]:
    """Which actions the role gains and loses where the account comes to be ``after``. May block."""
    request = Request(role.arn, "*", "*")
    shared = organization_layers(request, before, reader)

    def policies(account: Account) -> tuple[Policies, tuple[str, ...]]:
        own = principal_layers(account.role(role.name) or role, account, reader, {})
        unread = tuple(each.why for each in (*own.readings, *shared.readings) if each.unread)
        return replace(own.policies, scps=shared.policies.scps, rcps=shared.policies.rcps), unread

    was, unread = policies(before)
    now, unread_after = policies(after)
    try:
        change = access_change(was, now, request, before, entity=role)
    except PolicyError as error:
        return (f"What it gains and loses could not be computed: {error}",)
    doubts = tuple(f"Not counted: {each}" for each in dict.fromkeys((*unread, *unread_after)))
    return tuple(
        chain(
            _sentence(role.name, "gains", change.newly_allowed),
            _sentence(role.name, "loses", change.newly_denied, ", unless a resource's own policy allows them"),
            _sentence(role.name, "may under fewer or other conditions", change.loosened),
            _sentence(role.name, "may under more conditions", change.tightened),
            () if change.fully_computed else ("There may be more: what it gains and loses was not fully computed.",),
            () if change or doubts else (f"{role.name} gains and loses nothing: all else decides the same.",),
            doubts,
        )
    )


def _sentence(name: str, verb: str, changed: Iterable[Changed], but: str = "") -> Iterator[str]:
    actions = sorted({action for one in changed for action in one.names()})
    if not actions:
        return
    if len(actions) <= MOST_NAMED:
        yield f"{name} {verb} {listing(actions)}{but}."
        return
    services = Counter(action.partition(":")[0] for action in actions)
    counted = listing([f"{service} ({count:,})" for service, count in services.most_common()], limit=8)
    yield f"{name} {verb} {plural(len(actions), 'action')}: {counted}{but}."
