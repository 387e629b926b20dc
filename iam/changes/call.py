"""Write calls, each with the call that undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """A parameter value in a later call or an undo call that is unknown until another call returns it.

    ``call`` is the index of that call in the plan; ``path`` is the value's path in its response
    (``PolicyVersion.VersionId``).
    """

    call: int
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """A write call to IAM or, for instances, to EC2.

    ``parameters`` are the API's, with tags as a mapping, lists as tuples and documents as JSON text. ``why`` says in
    one sentence what the call does. ``target`` is the ARN of the entity that it changes, if known. ``undo`` is the call
    that undoes it, or None if it cannot be undone (``undo_note`` then says why). ``caution`` is what to know before the
    call is made.
    """

    operation: str
    parameters: Mapping[str, Any]
    why: str
    target: str = ""
    undo: Call | None = None
    undo_note: str = ""
    caution: str = ""
    service: str = "iam"

    @property
    def action(self) -> str:
        """The IAM action that the call requires. It has the same name as the operation."""
        return f"{self.service}:{self.operation}"

    def text(self, name: str) -> str:
        """Return a parameter's text, or "" if the parameter is absent or not a string."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) else ""
