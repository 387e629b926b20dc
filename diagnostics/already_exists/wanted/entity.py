"""The known facts about the entity that the user wanted to create."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from diagnostics.already_exists.kinds import EntityKind, key_of
from diagnostics.new_role import NewRole
from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """The entity that was to be created. None means unknown; ``source`` says where the values are from.

    ``trust`` and ``document`` (a managed policy's) are documents; ``inline`` maps names to documents; ``role_name`` is
    the role that an instance profile was to contain, ``instance_profile`` the profile that was to contain a role;
    ``audiences`` are an OIDC provider's; ``service_account`` is the Kubernetes service account that a role was meant
    for, as ``namespace:name``. ``elsewhere`` are files that the text refers to but that were not pasted.
    """

    source: str = ""
    kind: EntityKind | None = None
    name: str | None = None
    path: str | None = None
    trust: Document | None = None
    document: Document | None = None
    attached: tuple[str, ...] | None = None
    inline: Mapping[str, Document] | None = None
    boundary: str | None = None
    tags: Mapping[str, str] | None = None
    description: str | None = None
    max_session_seconds: int | None = None
    role_name: str | None = None
    instance_profile: str | None = None
    audiences: tuple[str, ...] | None = None
    service_account: str | None = None
    address: str | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def has_values(self) -> bool:
        """Whether any value is known that can be compared."""
        values = (self.path, self.trust, self.document, self.attached, self.inline, self.boundary, self.tags)
        more = (self.description, self.max_session_seconds, self.role_name, self.instance_profile, self.audiences)
        return any(value is not None for value in (*values, *more, self.service_account))


NOTHING_STATED = Wanted()


def of_role(role: NewRole, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the values for the entity of this kind and name that a role to be created contains."""
    source = "what was to be created"
    if kind is EntityKind.INSTANCE_PROFILE:
        fitting = role.instance_profile is not None and fits(
            EntityKind.INSTANCE_PROFILE, role.instance_profile, kind, name
        )
        return Wanted(source, kind, role.instance_profile, role_name=role.name) if fitting else NOTHING_STATED
    if not fits(EntityKind.ROLE, role.name, kind, name):
        return NOTHING_STATED
    return Wanted(
        source,
        EntityKind.ROLE,
        role.name,
        role.path,
        role.trust,
        attached=role.attached or None,
        inline=role.inline or None,
        boundary=role.boundary,
        tags=role.tags or None,
        description=role.description,
        max_session_seconds=role.max_session_seconds,
        instance_profile=role.instance_profile,
    )


def merged(first: Wanted, second: Wanted) -> Wanted:
    """Return the values of both entities. Where both have a value, that of ``first`` is used."""
    if first is NOTHING_STATED or second is NOTHING_STATED:
        return second if first is NOTHING_STATED else first
    values = {
        each.name: getattr(first, each.name) if getattr(first, each.name) is not None else getattr(second, each.name)
        for each in fields(Wanted)
    }
    values["elsewhere"] = tuple(dict.fromkeys((*first.elsewhere, *second.elsewhere)))
    return Wanted(**values)


def fits(kind: EntityKind, name: str | None, wanted_kind: EntityKind | None, wanted_name: str | None) -> bool:
    """Return whether a request for ``kind`` and ``name`` may be the one that failed because of the conflict."""
    if wanted_kind is not None and kind is not wanted_kind:
        return False
    return name is None or wanted_name is None or key_of(kind, name) == key_of(kind, wanted_name)


def document_of(value: Any) -> Document | None:
    """Return a policy document from JSON text or decoded JSON, or None if the value is neither."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, dict) or "Statement" not in value:
        return None
    return Document(json.dumps(value, indent=2))
