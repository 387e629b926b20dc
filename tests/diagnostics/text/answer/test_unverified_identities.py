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


LISTED = 'aws sesv2 list-email-identities --region {}\n{{ "IdentityName": "{}", "VerificationStatus": "{}" }}\n'


@pytest.mark.parametrize(
    ("identity", "listed", "said"),
    [
        (
            "no-reply@news.shop.example",
            ("eu-west-1", "news.shop.example", "SUCCESS"),
            "Verify news.shop.example in us-west-2",
        ),
        (
            "arn:aws:ses:us-west-2:111122223333:identity/kim@shop.example",
            ("eu-west-1", "kim@shop.example", "SUCCESS"),
            "Verify kim@shop.example in us-west-2",
        ),
        # Another domain, the Region of the call, and an identity that is not verified.
        ("no-reply@news.shop.example", ("eu-west-1", "news.shop.example.org", "SUCCESS"), ""),
        ("no-reply@shop.example", ("us-west-2", "shop.example", "SUCCESS"), ""),
        ("no-reply@shop.example", ("eu-west-1", "shop.example", "PENDING"), ""),
    ],
)
def test_an_identity_that_is_listed_in_another_region_is_named(
    identity: str, listed: tuple[str, str, str], said: str
) -> None:
    text = f"{SAID.format('US-WEST-2', identity)}\n{LISTED.format(*listed)}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (said in summary) if said else ("an identity counts in its own Region" not in summary)
