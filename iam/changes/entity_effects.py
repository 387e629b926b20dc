"""Compute an entity's facts after a plan's calls, and how its current state differs from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from iam.changes.entity_facts import Entity, EntityFacts, facts_of
from iam.changes.operations.operation import Parts
from iam.changes.operations.seen import EntityReader
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, Plan
from iam.foreign_text import shortened
from iam.sources.reader.reading import Reading

# By kind of entity: the parameter with its name ("" if the call's target identifies it), and how it is read.
_KINDS: Mapping[str, tuple[str, Callable[[EntityReader], Callable[[str], Reading[Any]]]]] = {
    "role": ("RoleName", lambda reader: reader.role),
    "user": ("UserName", lambda reader: reader.user),
    "group": ("GroupName", lambda reader: reader.group),
    "instance profile": ("InstanceProfileName", lambda reader: reader.instance_profile),
    "policy": ("PolicyArn", lambda reader: reader.managed_policy),
    "instance": ("", lambda reader: reader.instance_association),
    "identity provider": ("OpenIDConnectProviderArn", lambda reader: reader.oidc_provider),
}


def read_again(facts: EntityFacts, reader: EntityReader) -> Reading[Entity]:
    return _KINDS[facts.kind][1](reader)(facts.name)


def expected(facts: EntityFacts, calls: Iterable[Call]) -> EntityFacts | None:
    """Return the facts to expect after the calls; None if the calls delete the entity."""
    parameter, _ = _KINDS[facts.kind]
    parts: Parts = {part: None if values is None else dict(values) for part, values in facts.parts.items()}
    for call in calls:
        if (call.text(parameter) if parameter else call.target) != facts.name:
            continue
        operation = OPERATIONS[call.operation]
        if operation.deletes == facts.kind:
            return None
        if effect := operation.effects.get(facts.kind):
            effect(call, parts)
    return EntityFacts(facts.kind, facts.name, parts)


def changed_since(plan: Plan, reader: EntityReader) -> str:
    """Return a sentence that says what others have changed in the plan's entities since the plan was made, or "".

    Changes that agree with the plan, and entities that cannot be read now, are ignored.
    """
    for facts in plan.found:
        reading = read_again(facts, reader)
        goal = expected(facts, plan.calls)
        what = f"The {facts.kind} {shortened(facts.name, 200)}"
        if reading.unreadable or (reading.value is None and goal is None):
            continue
        if reading.value is None:
            return f"{what} no longer exists."
        now = facts_of(reading.value)
        reached = goal.differences(now) if goal is not None else facts.differences(now)
        words = [each for fact, each in facts.differences(now).items() if fact in reached]
        if words:
            return f"{what} has been changed since this plan was made: {'; '.join(words)}. Make the plan again."
    return ""


def besides(plan: Plan, calls: Iterable[Call], reader: EntityReader) -> str:
    """Return a sentence that says how the state differs from the intended result of the plan's calls, or "".

    The calls must be resolved: they contain the values that earlier calls returned.
    """
    made = tuple(calls)
    for facts in plan.found:
        reading, goal = read_again(facts, reader), expected(facts, made)
        if reading.value is None or goal is None:
            continue
        words = goal.differences(facts_of(reading.value), "should be").values()
        if words:
            return f"But the {facts.kind} {shortened(facts.name, 200)} differs in other ways: {'; '.join(words)}."
    return ""
