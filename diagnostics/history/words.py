"""Describe a change in one sentence, with its caller and tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
"""Tools that declare a state, and restore the declared state when they run."""


def tool_of(change: Change) -> str:
    """Return the tool that made a change, according to its user agent; for an unknown tool, the agent's first word."""
    low = change.via.lower()
    found = next((name for sign, name in _TOOLS if sign in low), "")
    return found or shortened(change.via.split(" ")[0].split("/")[0], 24)


def who(change: Change) -> str:
    """Return a short name for the caller: a session's role and session name, or a user's name."""
    by = change.by
    if ":assumed-role/" in by:
        role, _, session = by.partition(":assumed-role/")[2].partition("/")
        return f"{role}/{session}" if session else role
    if by.endswith(":root"):
        return "root"
    return name_of(by) if by.startswith("arn:") else by or "unknown"


def entity_words(change: Change, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return the changed entity: ``role mover``, ``the policy readers``, an ARN.

    ``names`` is the same as in `sentence`.
    """
    entity = change.entity
    if entity is None:
        return "an entity that the record does not name"
    prefix = _KINDS.get(entity.kind, entity.kind.value)
    name = name_of(entity.name) if entity.kind is Kind.POLICY else names.get(entity.name, entity.name)
    return f"{prefix} {name}".strip()


def sentence(change: Change, before: State | None = None, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return a sentence about what a change did.

    ``before`` is the earlier state of its first document, None if unknown. ``names`` contains the names of the
    organization's policies by their ID.
    """
    words = _words(change, before, names)
    if change.error is not None:
        return f"{change.event} failed ({change.error}): {entity_words(change, names)} is unchanged"
    return f"{words}, but {change.omitted}" if change.omitted else words


def brief(change: Change, before: State | None = None, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return what a change did, without its object, for a list that has the object in another column."""
    if change.error is not None:
        return f"{change.event} failed ({change.error})"
    return _phrase(change, before, names).brief


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What was done, in parts that surround the name of the object.

    Examples are ``detached p`` ``from`` …, and ``set the boundary`` ``of`` … ``to b``. ``short`` says what was done
    without naming an object, if the parts alone do not.
    """

    verb: str
    preposition: str = ""
    rest: str = ""
    short: str = ""

    @property
    def brief(self) -> str:
        return self.short or " ".join(filter(None, (self.verb, self.rest)))

    def about(self, where: str) -> str:
        return " ".join(filter(None, (self.verb, self.preposition, where, self.rest)))


def _words(change: Change, before: State | None, names: Mapping[str, str]) -> str:
    return _phrase(change, before, names).about(entity_words(change, names))


def _phrase(change: Change, before: State | None, names: Mapping[str, str]) -> _Phrase:
    if change.lifecycle is Lifecycle.CREATED:
        return _Phrase("created", short="created it")
    if change.lifecycle is Lifecycle.DELETED:
        return _Phrase("deleted", short="deleted it")
    first = change.effects[0] if change.effects else None
    if first is None:
        return _Phrase(change.event, "on", short=change.event)
    place, after = first.place, first.after
    name = name_of(place.name) if place.name.startswith("arn:") else names.get(place.name, place.name)
    gone = after == ABSENT
    match place.part:
        case Part.INLINE:
            named = f"inline policy {name}" if name else "the inline policy"
            if gone:
                return _Phrase(f"deleted {named}", "of")
            verb = "added" if before == ABSENT else "changed" if isinstance(before, Known) else "put"
            return _Phrase(f"{verb} {named}", "of")
        case Part.ATTACHED:
            return _Phrase(f"detached {name}", "from") if gone else _Phrase(f"attached {name}", "to")
        case Part.BOUNDARY:
            value = name_of(after.value) if isinstance(after, Known) and after.value else ""
            if gone:
                return _Phrase("removed the boundary", "of")
            return _Phrase("set the boundary", "of", f"to {value or 'unknown'}")
        case Part.TAG:
            tags = [
                each.place.name
                if not isinstance(each.after, Known) or each.after.value is None
                else f"{each.place.name}={each.after.value}"
                for each in change.effects
            ]
            verb = "removed" if gone else "set"
            return _Phrase(f"{verb} {'tag' if len(tags) == 1 else 'tags'} {', '.join(tags)}", "of")
        case Part.MEMBER:
            return _Phrase("removed", "", f"from group {name}") if gone else _Phrase("added", "", f"to group {name}")
        case Part.TRUST:
            return _Phrase("changed who may assume", short="changed the trust policy")
        case Part.VERSION if gone:
            return _Phrase(f"deleted {name}", "of")
        case Part.VERSION:
            default = any(each.place.part is Part.DEFAULT for each in change.effects)
            return _Phrase(f"saved {name}", "of", "and made it the default" if default else "")
        case Part.DEFAULT:
            old = f"(was {before.value})" if isinstance(before, Known) and before.value else ""
            version = after.value if isinstance(after, Known) else "another version"
            return _Phrase(f"made {version} the default", "of", old)
        case Part.UNIT:
            return _Phrase("moved account", "", f"to {after.value if isinstance(after, Known) else 'another unit'}")
    if first.sid is not None:
        added = first.add is not None
        verb = "added" if added else "removed"
        return _Phrase(f"{verb} statement {first.sid}", f"{'to' if added else 'from'} the policy of")
    verb = "deleted" if gone else "changed"
    return _Phrase(f"{verb} the policy", "of")


def state_words(state: State) -> str:
    """Describe a state in a word or two."""
    if isinstance(state, Unknown):
        return f"unknown: {state.why}"
    return "absent" if state.value is None else "present" if state.value == "" else str(state.text)
