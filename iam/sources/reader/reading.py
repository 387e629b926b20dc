"""The result of one read, and the error for an account that cannot be read at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """The result of one read: a value, "absent", or "not readable".

    ``call`` is the AWS call that was made (``kms:GetKeyPolicy``), or the part of the file for a snapshot. ``why`` is
    one sentence if the result is "not readable", else "". ``note`` has further information: that the resource itself
    does not exist, or that only a part could be read. If only the newest entries could be read, ``back_to`` is the time
    of the oldest one.
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
