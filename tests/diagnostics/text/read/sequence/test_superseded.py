"""A later answer to the same call shows that the credentials are now accepted."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

EXPIRED = "An error occurred (ExpiredToken) when calling the {} operation: The security token included is expired"
OTHERWISE = "The same call later fails for another reason"


@pytest.mark.parametrize(
    ("operation", "between", "later"),
    [
        ("DeleteStack", "<ana> that was before lunch\n<bo> and now?", "(ValidationError) when calling the DeleteStack"),
        ("PutItem", "logged in again", "(ResourceNotFoundException) when calling the PutItem"),
        ("DeleteVpc", "", "(DependencyViolation) when calling the DeleteVpc"),
    ],
)
def test_expired_credentials_are_past_where_the_call_is_answered_later(
    operation: str, between: str, later: str
) -> None:
    text = f"{EXPIRED.format(operation)}\n{between}\nAn error occurred {later} operation: it cannot be done"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith(OTHERWISE)
    assert "it cannot be done" in summary


@pytest.mark.parametrize(
    "later",
    [
        "(InvalidClientTokenId) when calling the DeleteStack",
        "(Throttling) when calling the DeleteStack",
        "(ValidationError) when calling the CreateStack",
    ],
)
def test_another_call_or_an_answer_about_the_keys_leaves_them_expired(later: str) -> None:
    text = f"{EXPIRED.format('DeleteStack')}\nAn error occurred {later} operation: it cannot be done"
    assert all(not collect_offline(each).verdict.summary.startswith(OTHERWISE) for each in read_text(text))
