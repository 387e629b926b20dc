"""An Allow that the text says is there is not advised once more."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, no_identity

REFUSED = no_identity("sqs:SendMessage", "arn:aws:sqs:eu-west-1:210987654321:orders")


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("AmazonSQSFullAccess is attached to the role.", "AmazonSQSFullAccess, which has the action: check that"),
        ("The role has AmazonSQSFullAccess since Monday.", "AmazonSQSFullAccess, which has the action: check that"),
    ],
)
def test_a_policy_that_the_text_names_is_checked_for_its_place(said: str, held: str) -> None:
    summary = diagnosed(f"{REFUSED}\n{said}").verdict.summary
    assert held in summary
    assert "allow the action" not in summary


@pytest.mark.parametrize(
    "said",
    [
        "",
        "AmazonSQSReadOnlyAccess is attached to the role.",
        "AmazonSQSFullAccess is not attached to the role.",
        "My user has AmazonSQSFullAccess.",
    ],
)
def test_without_such_a_policy_the_action_is_to_be_allowed(said: str) -> None:
    assert "which has the action" not in diagnosed(f"{REFUSED}\n{said}").verdict.summary
