"""What a run remembers."""

from __future__ import annotations

from screens.session import MOST_TROUBLES, Session


def test_the_latest_troubles_are_kept() -> None:
    session = Session()
    for number in range(MOST_TROUBLES + 2):
        session.note("reading the account", f"failure {number}")
    assert len(session.troubles) == MOST_TROUBLES
    assert session.troubles[0].what == "failure 2"
