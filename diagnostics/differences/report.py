"""Differences as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.differences.access import AccessOf, WhoAssumes
from diagnostics.differences.entities import EntityDifference
from iam.arn import name_of
from iam.foreign_text import visible
from iam.policy.words import listed, wish
from iam.questions.change.compare import KINDS, Changed

MOST_ACTIONS = 100
_WORDS = {
    "newly_allowed": ("gained", "+"),
    "newly_denied": ("lost", "-"),
    "loosened": ("loosened", "~"),
    "tightened": ("tightened", "~"),
}


def entity_json(one: EntityDifference) -> dict[str, Any]:
    return {"kind": one.kind, "arn": one.arn, "change": one.happened.value, "parts": list(one.parts)}


def access_json(one: AccessOf) -> dict[str, Any]:
    """``gained`` and ``lost``, ``loosened`` and ``tightened``; the first `MOST_ACTIONS` actions of each."""
    found: dict[str, Any] = {"arn": one.arn}
    for kind in KINDS:
        found[_WORDS[kind][0]] = [_changed(each) for each in getattr(one.change, kind)]
    found["fully_computed"] = one.change.fully_computed and not one.trouble
    if one.trouble:
        found["error"] = one.trouble
    return found


def _changed(each: Changed) -> dict[str, Any]:
    names = each.names()
    return {
        "actions": list(names[:MOST_ACTIONS]),
        "action_count": len(names),
        "resource": each.pattern or each.resource,
        "conditions": [wish(block.operator, block.key, block.values) for block in each.conditions],
    }


def assuming_json(one: WhoAssumes) -> dict[str, Any]:
    return {"role": one.role, "gained": list(one.gained), "lost": list(one.lost)}


def entity_lines(found: Iterable[EntityDifference]) -> Iterator[str]:
    for one in found:
        parts = f": {', '.join(one.parts)}" if one.parts else ""
        yield visible(f"{one.happened.value:<8} {one.kind} {name_of(one.arn) or one.arn}{parts}")


def access_lines(one: AccessOf) -> Iterator[str]:
    yield visible(one.arn)
    if one.trouble:
        yield visible(f"  could not be computed: {one.trouble}")
    for kind in KINDS:
        word, sign = _WORDS[kind]
        for each in getattr(one.change, kind):
            names = each.names()
            wishes = [wish(block.operator, block.key, block.values) for block in each.conditions]
            hangs = f" (conditions: {' and '.join(wishes)})" if wishes else ""
            yield visible(f"  {sign} {word}: {listed(names)} on {each.pattern or each.resource}{hangs}")
    if not one.change.fully_computed:
        yield "  ? there may be more"


def assuming_lines(one: WhoAssumes) -> Iterator[str]:
    yield visible(one.role)
    yield from (visible(f"  + may assume it now: {who}") for who in one.gained)
    yield from (visible(f"  - may assume it no more: {who}") for who in one.lost)
