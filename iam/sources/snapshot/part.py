"""The common base class of a snapshot reader's parts: the file's contents, and messages about missing data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from iam.account import Account, Role
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.contents import Contents

T = TypeVar("T")


class SnapshotPart:
    """Answers questions from parts of a file. If the file lacks a part, the answer is "not readable"."""

    def __init__(self, snapshot: Contents) -> None:
        self.snapshot = snapshot

    @property
    def account(self) -> Account:
        return self.snapshot.account

    def not_in_file(self, part: str, what: str) -> str:
        return f"The snapshot does not contain {what}: it has no {part}."

    def one(
        self, part: str, listed: tuple[T, ...] | None, what: str, wanted: Callable[[T], bool], kind: str
    ) -> Reading[T]:
        """Return the first entry of a list for which ``wanted`` is true.

        It is absent only if the file contains the complete list; otherwise it is "not readable".
        """
        found = next((entry for entry in listed or () if wanted(entry)), None)
        if found is not None:
            return Reading(part, found)
        if listed is None:
            return Reading(part, why=self.not_in_file(part, what))
        if kind in self.account.incomplete:
            return Reading(part, why=f"The snapshot contains only part of {part}, and {what} is not in that part.")
        return Reading(part)

    def all_of(self, part: str, listed: tuple[T, ...] | None, what: str) -> Reading[tuple[T, ...]]:
        if listed is None:
            return Reading(part, why=self.not_in_file(part, what))
        return Reading(part, listed)

    def role(self, name: str) -> Reading[Role]:
        found = self.account.role(name) or self.account.role_ignoring_case(name)
        if found is not None:
            return Reading("RoleDetailList", found)
        if not self.account.roles and "roles" in self.account.incomplete:
            return Reading("RoleDetailList", why=self.not_in_file("RoleDetailList", f"whether role {name} exists"))
        return self.one("RoleDetailList", (), f"role {name}", lambda role: False, "roles")


def same_name(one: str, other: str) -> bool:
    return one.lower() == other.lower()
