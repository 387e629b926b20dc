"""Find the changes that a principal can make to itself, one after the other, to be allowed more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from diagnostics.review.escalation.asking import Asking
from diagnostics.review.escalation.change import ALLOWS_EVERYTHING, Change
from diagnostics.review.escalation.policies_of_itself import (
    attaches_more,
    joins_a_group,
    loosens_its_boundary,
    sets_a_version,
    writes_its_groups,
    writes_its_policies,
    writes_itself,
)
from diagnostics.review.escalation.step import ADMINISTRATOR, EscalationStep
from diagnostics.review.escalation.tags_of_itself import tags_itself, untags_itself
from diagnostics.review.subject import ReviewedAccount
from iam.account import User
from iam.questions.index import Principal
from iam.risks.administrator import is_administrator


def to_itself(reviewed: ReviewedAccount, principal: Principal) -> Iterator[EscalationStep]:
    """Yield steps by which a principal makes itself administrator."""
    for change in changes(reviewed, principal):
        then = is_administrator(reviewed, change.principal)
        if then is not None:
            gives = ADMINISTRATOR if change.gives == ALLOWS_EVERYTHING else f"{change.gives}: {ADMINISTRATOR}"
            yield change.asking.step(change.actions, change.on, gives, hangs=(*then, *change.hangs), ids=change.ids)


MOST_CHANGES = 3
"""The maximum number of changes that a principal makes to itself in sequence."""


def changes(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    """Yield what a principal can become by a few changes to itself, the fewest first.

    All single changes are tried, except those that `_single_changes` tries last. Several changes are tried only while
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
    """Return a value that is equal for equal states of a principal, to detect whether the state has changed."""
    boundary = principal.boundary
    return (
        frozenset(id(policy.document) for policy in principal.identity),
        None if boundary is None else frozenset(id(policy.document) for policy in boundary),
        tuple(sorted((principal.entity.tags or {}).items())),
    )


def _single_changes(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Change]:
    yield from writes_itself(reviewed, principal)
    yield from writes_its_policies(reviewed, principal)
    if isinstance(principal.entity, User):
        yield from writes_its_groups(reviewed, principal, principal.entity)
    yield from sets_a_version(reviewed, principal)
    if isinstance(principal.entity, User):
        yield from joins_a_group(reviewed, principal)
    if principal.boundary is not None:
        yield from loosens_its_boundary(reviewed, principal)
    for one in chain(
        tags_itself(reviewed, principal), untags_itself(reviewed, principal), attaches_more(reviewed, principal)
    ):
        yield one
        if reviewed.has_spent(principal):
            return
