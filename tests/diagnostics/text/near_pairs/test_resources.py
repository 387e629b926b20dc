"""The Region or account of a resource in the call, against that of a policy's resource."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

WORKER = "arn:aws:sts::444455556666:assumed-role/worker/x"


@pytest.mark.parametrize(
    ("asked", "written", "differ"),
    [
        ("********3333", "111122223333", False),
        ("********3333", "111122224444", True),
        ("222233334444", "111122223333", True),
    ],
)
def test_an_account_whose_digits_are_masked_may_be_the_same(asked: str, written: str, differ: bool) -> None:
    api = "execute-api:eu-west-1:{}:a1b2c3d4e5/prod/{}/refunds"
    text = (
        f"User: {WORKER} is not authorized to perform: execute-api:Invoke on resource: "
        f"arn:aws:{api.format(asked, 'POST')} because no resource-based policy allows the execute-api:Invoke action\n"
        f"worker has:\n  Allow execute-api:Invoke on arn:aws:{api.format(written, '*')}"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (f"The call has the account {asked}" in summary) is differ
