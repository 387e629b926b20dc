"""Another run that went well says nothing about the one that failed."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text


@pytest.mark.parametrize(
    "said",
    [
        "The same job passed on ubuntu-latest.",
        "The previous nightly run completed.",
        "In staging another build passed.",
    ],
)
def test_another_run_that_went_well_is_not_the_end_of_this_one(said: str) -> None:
    text = f"AccessDenied when calling the PutObject operation: Access Denied\n{said}"
    assert not any(each.sequel and each.sequel.ended for each in read_text(text))
