"""The demo's clock stands still until it is started."""

from __future__ import annotations

from datetime import timedelta

from iam.demo.account.facts import NOW
from iam.demo.clock import DemoClock


def test_it_goes_on_from_the_date_of_the_demo() -> None:
    clock = DemoClock()
    assert clock.now() == NOW
    clock.start()
    first = clock.now()
    clock.start()
    assert NOW < first < clock.now() < NOW + timedelta(minutes=5)
