"""A change in one sentence, who made it, and with which tool."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from iam.arn import name_of
from iam.foreign_text import shortened
from iam.history.change import ABSENT, Change, Kind, Known, Lifecycle, Part, State, Unknown

_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_KINDS = {
    Kind.ORGANIZATION_POLICY: "the organization's policy",
    Kind.ENDPOINT: "the endpoint",
    Kind.PERMISSION_SET: "the permission set",
    Kind.POLICY: "the policy",
    Kind.TARGET: "",
    Kind.RESOURCE: "",
}

_TOOLS = (
    ("terraform", "Terraform"),
    ("opentofu", "OpenTofu"),
    ("pulumi", "Pulumi"),
    ("cloudformation", "CloudFormation"),
    ("aws-cdk", "CDK"),
    ("ansible", "Ansible"),
    ("crossplane", "Crossplane"),
    ("rolescope", "rolescope"),
    ("console.amazonaws", "console"),
    ("mozilla/", "console"),
    ("aws internal", "console"),
    ("aws-cli", "AWS CLI"),
    ("boto3", "boto3"),
    ("aws-sdk", "AWS SDK"),
)

DECLARING = frozenset({"Terraform", "OpenTofu", "Pulumi", "CloudFormation", "CDK", "Ansible", "Crossplane"})
"""Tools that declare a state, and bring it back when they run."""


def tool_of(change: Change) -> str:
    """The tool that made a change, by its user agent; the agent's first word where the tool is unknown."""
    low = change.via.lower()
    found = next((name for sign, name in _TOOLS if sign in low), "")
    return found or shortened(change.via.split(" ")[0].split("/")[0], 24)


def who(change: Change) -> str:
    """The caller as people name it: a session's role and session name, a user's name."""
    by = change.by
    if ":assumed-role/" in by:
        role, _, session = by.partition(":assumed-role/")[2].partition("/")
        return f"{role}/{session}" if session else role
    if by.endswith(":root"):
        return "root"
    return name_of(by) if by.startswith("arn:") else by or "unknown"


def entity_words(change: Change, names: Mapping[str, str] = _NO_NAMES) -> str:
    """The changed entity: ``role mover``, ``the policy readers``, an ARN. ``names`` as in `sentence`."""
    entity = change.entity
    if entity is None:
        return "an entity that the record does not name"
    prefix = _KINDS.get(entity.kind, entity.kind.value)
    name = name_of(entity.name) if entity.kind is Kind.POLICY else names.get(entity.name, entity.name)
    return f"{prefix} {name}".strip()


def sentence(change: Change, before: State | None = None, names: Mapping[str, str] = _NO_NAMES) -> str:
    """What a change did; ``before`` is the state of its first document before it, where it is known. ``names`` has what
    the organization's policies are called, by their ID."""
    words = _words(change, before, names)
    if change.error is not None:
        return f"{change.event} failed ({change.error}): {entity_words(change, names)} is unchanged"
    return f"{words}, but {change.omitted}" if change.omitted else words


def _words(change: Change, before: State | None, names: Mapping[str, str]) -> str:
    where = entity_words(change, names)
    if change.lifecycle is Lifecycle.CREATED:
        return f"created {where}"
    if change.lifecycle is Lifecycle.DELETED:
        return f"deleted {where}"
    first = change.effects[0] if change.effects else None
    if first is None:
        return f"{change.event} on {where}"
    place, after = first.place, first.after
    name = name_of(place.name) if place.name.startswith("arn:") else names.get(place.name, place.name)
    gone = after == ABSENT
    match place.part:
        case Part.INLINE:
            named = f"inline policy {name}" if name else "the inline policy"
            if gone:
                return f"deleted {named} of {where}"
            verb = "added" if before == ABSENT else "changed" if isinstance(before, Known) else "put"
            return f"{verb} {named} of {where}"
        case Part.ATTACHED:
            return f"detached {name} from {where}" if gone else f"attached {name} to {where}"
        case Part.BOUNDARY:
            value = name_of(after.value) if isinstance(after, Known) and after.value else ""
            return (
                f"removed the boundary of {where}" if gone else f"set the boundary of {where} to {value or 'unknown'}"
            )
        case Part.TAG:
            tags = [
                each.place.name
                if not isinstance(each.after, Known) or each.after.value is None
                else f"{each.place.name}={each.after.value}"
                for each in change.effects
            ]
            return f"{'removed' if gone else 'set'} {'tag' if len(tags) == 1 else 'tags'} {', '.join(tags)} of {where}"
        case Part.MEMBER:
            return f"removed {where} from group {name}" if gone else f"added {where} to group {name}"
        case Part.TRUST:
            return f"changed who may assume {where}"
        case Part.VERSION if gone:
            return f"deleted {name} of {where}"
        case Part.VERSION:
            default = any(each.place.part is Part.DEFAULT for each in change.effects)
            return f"saved {name} of {where}" + (" and made it the default" if default else "")
        case Part.DEFAULT:
            old = f" (was {before.value})" if isinstance(before, Known) and before.value else ""
            version = after.value if isinstance(after, Known) else "another version"
            return f"made {version} the default of {where}{old}"
        case Part.UNIT:
            return f"moved account {where} to {after.value if isinstance(after, Known) else 'another unit'}"
    if first.sid is not None:
        verb = "added statement" if first.add is not None else "removed statement"
        return f"{verb} {first.sid} {'to' if first.add is not None else 'from'} the policy of {where}"
    return f"deleted the policy of {where}" if gone else f"changed the policy of {where}"


def state_words(state: State) -> str:
    """A state in a word or two."""
    if isinstance(state, Unknown):
        return f"unknown: {state.why}"
    return "absent" if state.value is None else "present" if state.value == "" else str(state.text)
