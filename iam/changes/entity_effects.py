"""What calls make of an entity's facts, and how it differs from what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from iam.changes.compare import canonical
from iam.changes.entity_facts import Entity, EntityFacts, facts_of
from iam.changes.operations.effects import EntityReader
from iam.changes.plan import Call, Plan
from iam.field_rules import visible
from iam.sources.reader import Reading

# By kind: the parameter that names it, its word in the names of calls, and where it is read.
_KINDS: Mapping[str, tuple[str, str, Callable[[EntityReader], Callable[[str], Reading[Any]]]]] = {
    "role": ("RoleName", "Role", lambda reader: reader.role),
    "user": ("UserName", "User", lambda reader: reader.user),
    "group": ("GroupName", "Group", lambda reader: reader.group),
    "instance profile": ("InstanceProfileName", "InstanceProfile", lambda reader: reader.instance_profile),
    "policy": ("PolicyArn", "Policy", lambda reader: reader.managed_policy),
    "identity provider": (
        "OpenIDConnectProviderArn",
        "OpenIDConnectProvider",
        lambda reader: reader.oidc_provider,
    ),
}


def read_again(facts: EntityFacts, reader: EntityReader) -> Reading[Entity]:
    return _KINDS[facts.kind][2](reader)(facts.name)


def expected(facts: EntityFacts, calls: Iterable[Call]) -> EntityFacts | None:
    """The facts after the calls; None where the calls delete the entity."""
    parameter, word, _ = _KINDS[facts.kind]
    parts: dict[str, dict[str, str] | None] = {
        part: None if values is None else dict(values) for part, values in facts.parts.items()
    }
    for call in calls:
        if call.text(parameter) != facts.name:
            continue
        if call.operation == f"Delete{word}":
            return None
        _make(call, call.operation.replace(word, "", 1), parts)
    return EntityFacts(facts.kind, facts.name, parts)


def changed_since(plan: Plan, reader: EntityReader) -> str:
    """One sentence on what others changed since the plan was made of what it changes; "" where nothing. What they
    made as the plan would make it does not count, and what cannot be read now neither."""
    for facts in plan.found:
        reading = read_again(facts, reader)
        goal = expected(facts, plan.calls)
        what = f"The {facts.kind} {visible(facts.name, 200)}"
        if reading.unreadable or (reading.value is None and goal is None):
            continue
        if reading.value is None:
            return f"{what} is not there any more."
        now = facts_of(reading.value)
        reached = goal.differences(now) if goal is not None else facts.differences(now)
        words = [each for fact, each in facts.differences(now).items() if fact in reached]
        if words:
            return f"{what} was changed since this plan was made: {'; '.join(words)}. Make the plan again."
    return ""


def besides(plan: Plan, calls: Iterable[Call], reader: EntityReader) -> str:
    """One sentence on what is another way than what the plan found and its calls (resolved) make of it; "" where
    nothing."""
    made = tuple(calls)
    for facts in plan.found:
        reading, goal = read_again(facts, reader), expected(facts, made)
        if reading.value is None or goal is None:
            continue
        words = goal.differences(facts_of(reading.value), "should be").values()
        if words:
            return f"But the {facts.kind} {visible(facts.name, 200)} is not else as it was: {'; '.join(words)}."
    return ""


def _make(call: Call, verb: str, parts: dict[str, dict[str, str] | None]) -> None:
    """``verb`` is the operation without the entity's word."""

    def put(part: str, value: object, name: str = "") -> None:
        values = parts.get(part)
        if values is not None:
            values[name] = str(value)

    def take(part: str, name: str = "") -> None:
        values = parts.get(part)
        if values is not None:
            values.pop(name, None)

    match verb:
        case "PutPolicy":
            put("inline policy", canonical(call.text("PolicyDocument")), call.text("PolicyName"))
        case "DeletePolicy":
            take("inline policy", call.text("PolicyName"))
        case "AttachPolicy":
            put("attached policy", "", call.text("PolicyArn"))
        case "DetachPolicy":
            take("attached policy", call.text("PolicyArn"))
        case "PutPermissionsBoundary":
            put("permissions boundary", call.text("PermissionsBoundary"))
        case "DeletePermissionsBoundary":
            take("permissions boundary")
        case "Tag":
            for key, value in call.parameters["Tags"].items():
                put("tag", value, key)
        case "Untag":
            for key in call.parameters["TagKeys"]:
                take("tag", key)
        case "UpdateAssumePolicy":
            put("trust policy", canonical(call.text("PolicyDocument")))
        case "Update":
            if "MaxSessionDuration" in call.parameters:
                put("session length", call.parameters["MaxSessionDuration"])
            description = call.parameters.get("Description")
            if description:
                put("description", description)
            elif description is not None:
                take("description")
        case "AddToInstanceProfile":
            put("instance profile", "", call.text("InstanceProfileName"))
        case "RemoveFromInstanceProfile":
            take("instance profile", call.text("InstanceProfileName"))
        case "AddRoleTo":
            put("role", "", call.text("RoleName"))
        case "RemoveRoleFrom":
            take("role", call.text("RoleName"))
        case "AddToGroup":
            put("group", "", call.text("GroupName"))
        case "RemoveFromGroup":
            take("group", call.text("GroupName"))
        case "AddClientIDTo":
            put("audience", "", call.text("ClientID"))
        case "RemoveClientIDFrom":
            take("audience", call.text("ClientID"))
        case "CreateVersion" if call.parameters.get("SetAsDefault"):
            put("default version", canonical(call.text("PolicyDocument")))
        case "SetDefaultVersion":
            parts["default version"] = None  # the call names a version, not what it says
