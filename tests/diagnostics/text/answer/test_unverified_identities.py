"""Several identities that SES did not accept in one message."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

SAID = "MessageRejected: Email address is not verified. The following identities failed the check in region {}: {}"


@pytest.mark.parametrize(
    ("region", "identities", "said"),
    [
        ("US-WEST-2", "noreply@shop.example, kim@mail.example", "most likely the recipient"),
        ("EU-WEST-3", "noreply@shop.example, bounce@shop.example", "If one of them is a recipient"),
    ],
)
def test_every_identity_and_its_region_are_named(region: str, identities: str, said: str) -> None:
    answer = collect_offline(read_text(SAID.format(region, identities))[0])
    assert region.lower() in answer.verdict.summary
    assert all(each in answer.verdict.summary for each in identities.split(", "))
    assert said in answer.verdict.summary


def test_one_identity_may_be_the_sender_or_the_recipient() -> None:
    answer = collect_offline(read_text(SAID.format("US-EAST-1", "noreply@shop.example"))[0])
    assert "most likely the recipient" not in answer.verdict.summary
