"""The demo's clock. It stays at `NOW`, so that the demo does not age, until the screens start it."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from iam.demo.account.facts import NOW


class DemoClock:
    """The time in the demo account. It starts at ``begin``."""

    def __init__(self, begin: datetime = NOW) -> None:
        self._begin = begin
        self._started: float | None = None

    def start(self) -> None:
        """Start the clock at its initial time, at the speed of the wall clock. Starting it again changes nothing."""
        if self._started is None:
            self._started = monotonic()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self._begin if self._started is None else self._begin + timedelta(seconds=monotonic() - self._started)


CLOCK = DemoClock()
"""The only clock of the process, because moto's backends belong to the process too."""
