"""The session length of a role may be typed as people say it."""

from __future__ import annotations

import pytest

from screens.role.edit import faults_of


@pytest.mark.parametrize("typed", ["", "1 h", "12", "90 min", "5400", "43200 s"])
def test_times_that_iam_takes(typed: str) -> None:
    assert not faults_of({"session": typed})


@pytest.mark.parametrize(
    ("typed", "words"), [("long", "as a time, such as 2 h"), ("13 h", "46800 seconds"), ("30 min", "1800 seconds")]
)
def test_others_are_refused_at_the_field(typed: str, words: str) -> None:
    assert words in faults_of({"session": typed})["session"]
