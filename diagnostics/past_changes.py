"""Changes before and after a denial: those that were recorded, and those that the operator made with this program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from iam.claims import Confidence, Ground, confidence

if TYPE_CHECKING:
    from diagnostics.fix import HangsOn

_EVALUATED = confidence(Ground.EVALUATED)


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A later change, after which the request was allowed again (``then`` is "allowed") or denied again ("denied")."""

    event_id: str
    event: str
    at: datetime
    by: str
    what: str
    then: str


@dataclass(frozen=True, slots=True)
class Since:
    """The change after which a request was denied: ``verdict.since`` in the JSON format.

    If the request was already denied at ``back_to``, the earliest recorded time, then ``event_id`` and the other fields
    about the change are None, and ``before`` is "denied"; otherwise ``before`` is "allowed". ``checked`` is the number
    of evaluated states.
    """

    before: str
    checked: int
    back_to: datetime
    event_id: str | None = None
    event: str | None = None
    at: datetime | None = None
    by: str | None = None
    entity: str | None = None
    what: str | None = None
    certainty: Confidence = _EVALUATED
    hangs_on: tuple[HangsOn, ...] = ()
    after: tuple[LaterChange, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A change that the operator made with this program before running the diagnosis again.

    ``title`` is the title of its plan, ``time`` is when it was carried out, by the reader's clock, and ``policies`` are
    the names of the policies that it wrote.
    """

    title: str
    time: datetime
    policies: frozenset[str] = frozenset()
