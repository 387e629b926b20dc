"""The roles in a file, parsed on first access, because few commands need more than one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from iam.account import Role


class KeptRoles(Sequence["Role"]):
    """A sequence of roles that builds each role on first access. Names and ARNs are known without building one.

    ``make`` builds the role at an index.
    """

    def __init__(self, names: Sequence[str], arns: Sequence[str], make: Callable[[int], Role]) -> None:
        self.names, self.arns = names, arns
        self._make = make
        self._made: list[Role | None] = [None] * len(names)

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> Role: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Role]: ...

    def __getitem__(self, at: int | slice) -> Role | Sequence[Role]:
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        at = range(len(self))[at]
        role = self._made[at]
        if role is None:
            role = self._made[at] = self._make(at)
        return role

    def __iter__(self) -> Iterator[Role]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
