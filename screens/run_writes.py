"""The changes that this run made in the account, used to detect data that was read before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.changes.entity_name import EntityName
    from iam.changes.plan import Plan

MOST_WRITES = 500


@dataclass(slots=True)
class RunWrite:
    """A plan of this run that made a call.

    ``number`` counts the plans. ``when`` is the time of its latest call; ``made`` is the same moment in seconds of
    `time.monotonic`, because the demo's clock may not advance. ``read_back``: the account in memory includes the
    change.
    """

    number: int
    when: datetime
    plan_id: str
    title: str
    entities: frozenset[EntityName]
    read_back: bool = False
    made: float = field(default_factory=monotonic)


@dataclass(slots=True)
class RunWrites:
    """The changes that this run made in this account, oldest first. Only the event loop's handlers change it."""

    writes: list[RunWrite] = field(default_factory=list)
    _count: int = 0

    def add(self, plan: Plan, when: datetime) -> None:
        """Record that a call of the plan, or of its undo, was made."""
        from iam.changes.entity_name import entities_of

        self._count += 1
        self.writes = [each for each in self.writes if each.plan_id != plan.id]
        self.writes.append(RunWrite(self._count, when, plan.id, plan.title, frozenset(entities_of(plan))))
        del self.writes[:-MOST_WRITES]

    @property
    def latest(self) -> int:
        """The number of the latest change; 0 if there is none."""
        return self._count

    def account_read(self, latest: int) -> None:
        """Record that the account was read again, in a read that began when the latest change had this number."""
        for each in self.writes:
            each.read_back = each.read_back or each.number <= latest

    def read_back(self, plan_id: str) -> None:
        """Record that the entities of the plan were read again after its calls."""
        for each in self.writes:
            each.read_back = each.read_back or each.plan_id == plan_id

    @property
    def present(self) -> int:
        """The number of the last change up to which the account in memory includes all changes."""
        return min((each.number - 1 for each in self.writes if not each.read_back), default=self._count)

    def after(self, number: int, entities: Iterable[EntityName] | None, but: str = "") -> RunWrite | None:
        """Return the latest change after this number that touches one of the entities; None if there is none.

        If ``entities`` is None, every change counts, whichever entity it touches. Changes by the plan ``but`` do not
        count.
        """
        wanted = None if entities is None else frozenset(entities)
        for each in reversed(self.writes):
            touches = wanted is None or not wanted.isdisjoint(each.entities)
            if each.number > number and touches and each.plan_id != but:
                return each
        return None
