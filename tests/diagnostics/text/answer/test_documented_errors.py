"""Errors that their service's documentation explains are answered with the text's values."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CALLED = "An error occurred ({}) when calling the {} operation: {}"
ATTACH = CALLED.format(
    "PolicyTypeNotEnabledException", "AttachPolicy", "This operation can be performed only for enabled policy types."
)
CLOSE = CALLED.format(
    "ConstraintViolationException", "CloseAccount", "You have exceeded close account quota for the past 30 days."
)
UNKNOWN = CALLED.format("AccountNotFoundException", "CloseAccount", "You specified an account that doesn't exist.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ATTACH}\n$ aws organizations list-roots\nr-8k2d", "--root-id r-8k2d --policy-type TYPE"),
        (
            f"aws organizations create-policy --type RESOURCE_CONTROL_POLICY\n{ATTACH}",
            "--policy-type RESOURCE_C",
        ),
        (f'{ATTACH}\n[{{"Type":"TAG_POLICY","Status":"ENABLED"}}]\nSERVICE_CONTROL_POLICY', "shows only TAG_POLICY"),
        (CLOSE, "wait until the oldest of the last closures is 30 days old"),
        (f"{CLOSE}\n{UNKNOWN}", "The text has another error: CloseAccount failed with AccountNotFoundException"),
    ],
)
def test_the_advice_has_the_values_of_the_text(text: str, said: str) -> None:
    (failure,) = read_text(text)
    summary = collect_offline(failure).verdict.summary
    assert said in summary
    assert "try another Zone" not in summary


@pytest.mark.parametrize("again", [CLOSE, "", "AccountNotFoundException is in our wiki"])
def test_the_same_error_again_is_no_other_one(again: str) -> None:
    (failure,) = read_text(f"{CLOSE}\n{again}")
    assert "another error" not in collect_offline(failure).verdict.summary
