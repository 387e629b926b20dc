"""A role that was or will be created, as far as its values are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role that was or will be created. None means unknown.

    ``instead_of`` is the originally intended name, if that name was taken.
    """

    name: str
    instead_of: str = ""
    path: str | None = None
    trust: Document | None = None
    attached: tuple[str, ...] = ()
    inline: Mapping[str, Document] | None = None
    boundary: str | None = None
    tags: Mapping[str, str] | None = None
    description: str | None = None
    max_session_seconds: int | None = None
    instance_profile: str | None = None
