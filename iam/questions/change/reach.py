"""Find the actions and resource patterns that a change to policies can affect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iam.policy.compiled import CompiledStatement
from iam.policy.layer import Layer
from iam.policy.principal import Kind
from iam.questions.action_classes import named_by
from iam.questions.change.placed import Placed, meaning_of
from iam.questions.change.sides import Sides


@dataclass(frozen=True, slots=True)
class Reach:
    """Actions (a bit mask) and resource patterns that a changed statement can affect."""

    actions: int
    patterns: tuple[str, ...]


def reaches(sides: Sides) -> list[Reach]:
    """Return the actions and resources that the change can affect."""
    if sides.layers_differ:
        # A layer was added or removed: all granted access may change.
        return [_reach(sides, placed.one) for placed in granting(sides)]
    return list(_of_changed(sides, [placed for placed in sides.placed if placed.changed]))


def granting(sides: Sides) -> list[Placed]:
    """Return the statements that may grant access to the principal. The root user has access without any."""
    if sides.who.kind is Kind.ROOT:
        return sides.placed
    layers = (Layer.IDENTITY, Layer.RESOURCE)
    return [placed for placed in sides.placed if placed.place[0] in layers and not placed.one.deny]


def _of_changed(sides: Sides, changed: list[Placed]) -> Iterator[Reach]:
    """Yield the reach of changed statements.

    If only the actions or only the resources of a statement differ, it is limited to those added or removed.
    """
    come = [placed for placed in changed if placed.after]
    for gone in (placed for placed in changed if placed.before):
        for new in come:
            reach = _between(sides, gone.one, new.one) if gone.place == new.place else None
            if reach is not None:
                come.remove(new)
                yield reach
                break
        else:
            yield _reach(sides, gone.one)
    yield from (_reach(sides, placed.one) for placed in come)


def _between(sides: Sides, old: CompiledStatement, new: CompiledStatement) -> Reach | None:
    was, now = (meaning_of(one, sides.known) for one in (old, new))
    assert was is not None and now is not None
    if replace(was, action=None, not_action=None) == replace(now, action=None, not_action=None):
        return Reach(named_by(old) ^ named_by(new), sides.bases(old))
    same_kind = (was.resource is None, was.not_resource is None) == (now.resource is None, now.not_resource is None)
    others = replace(was, resource=None, not_resource=None) == replace(now, resource=None, not_resource=None)
    if not same_kind or not others:
        return None
    ours, theirs = sides.patterns(old), sides.patterns(new)
    return Reach(named_by(old), tuple(text for text in (*ours, *theirs) if (text in ours) != (text in theirs)))


def _reach(sides: Sides, one: CompiledStatement) -> Reach:
    return Reach(named_by(one), sides.bases(one))
