"""What a change gives to a role and takes from it by its own policies and those of the organization, in sentences for
its plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from iam.account import Account, Role
from iam.layers import organization_layers, principal_layers
from iam.policy.document import Document, PolicyError
from iam.policy.request import Policies, Request
from iam.questions.change.compare import Changed, access_change
from iam.sources.reader import AccountReader
from iam.words import listing, plural

MOST_NAMED = 4


def access_effects(
    before: Role,
    after: Role,
    account: Account,
    reader: AccountReader,
    *,
    documents: Mapping[str, Document] | None = None,
) -> tuple[str, ...]:
    """Which actions the role gains and loses. ``documents`` are policies that say something else after the change, by
    ARN. May block."""
    request = Request(before.arn, "*", "*")
    shared = organization_layers(request, account, reader)

    def policies(role: Role, known: Mapping[str, Document]) -> tuple[Policies, tuple[str, ...]]:
        roles = tuple(role if each.name == role.name else each for each in account.roles)
        read: dict[str, tuple[Document | None, str]] = {arn: (document, "") for arn, document in known.items()}
        own = principal_layers(role, replace(account, roles=roles), reader, read)
        unread = tuple(each.why for each in (*own.readings, *shared.readings) if each.unread)
        return replace(own.policies, scps=shared.policies.scps, rcps=shared.policies.rcps), unread

    was, unread = policies(before, {})
    now, unread_after = policies(after, documents or {})
    try:
        change = access_change(was, now, request, account, entity=before)
    except PolicyError as error:
        return (f"What it gains and loses could not be computed: {error}",)
    doubts = tuple(f"Not counted: {each}" for each in dict.fromkeys((*unread, *unread_after)))
    return tuple(
        chain(
            _sentence(before.name, "gains", change.newly_allowed),
            _sentence(before.name, "loses", change.newly_denied, ", unless a resource's own policy allows them"),
            _sentence(before.name, "may under fewer or other conditions", change.loosened),
            _sentence(before.name, "may under more conditions", change.tightened),
            () if change.fully_computed else ("There may be more: what it gains and loses was not fully computed.",),
            () if change or doubts else (f"{before.name} gains and loses nothing: all else decides the same.",),
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
