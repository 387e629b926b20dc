"""The answer to one question, and the error of an account that cannot be read at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """The answer to one question: a value, or nothing there, or not readable.

    ``call`` is the AWS call that was made (``kms:GetKeyPolicy``), or the file's part for a snapshot. ``why`` is one
    sentence when the answer is "not readable" and empty otherwise. ``note`` says more where there is more to say: that
    the resource itself does not exist, or that only a part could be read. Where that part is all that is newest,
    ``back_to`` is the time of its oldest.
    """

    call: str
    value: T | None = None
    why: str = ""
    note: str = ""
    back_to: datetime | None = None

    @property
    def found(self) -> bool:
        return self.value is not None

    @property
    def absent(self) -> bool:
        return self.value is None and not self.why

    @property
    def unreadable(self) -> bool:
        return bool(self.why)
