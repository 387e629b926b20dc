"""One write call as a value, with the call that undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """A value that only a call's answer tells: ``path`` (``PolicyVersion.VersionId``) in the answer of ``call``, the
    index of one of the plan's calls. It is in the parameters of later calls and of undo calls.
    """

    call: int
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """One write call, of IAM or, for instances, of EC2.

    ``parameters`` are the API's, with tags as a mapping, lists as tuples and documents as JSON text. ``why`` says in
    one sentence what the call does. ``target`` is the ARN of what it changes, as far as it is known. ``undo`` takes
    it back; None where nothing can (``undo_note`` then says why). ``caution`` is what to know before it is made.
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
        """The IAM action that the call needs: all of these have the operation's name."""
        return f"{self.service}:{self.operation}"

    def text(self, name: str) -> str:
        """A parameter that is a text; empty where it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) else ""
