"""The demo's clock: it stands still at `NOW`, so that the demo never ages, until the screens start it."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from iam.demo.account.facts import NOW


class DemoClock:
    """The moment in the demo account, from ``begin`` on."""

    def __init__(self, begin: datetime = NOW) -> None:
        self._begin = begin
        self._started: float | None = None

    def start(self) -> None:
        """Go on from the beginning, as fast as the wall clock; a second start changes nothing."""
        if self._started is None:
            self._started = monotonic()

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self._begin if self._started is None else self._begin + timedelta(seconds=monotonic() - self._started)


CLOCK = DemoClock()
"""The one clock of the process: moto keeps its stores for the process, too."""
