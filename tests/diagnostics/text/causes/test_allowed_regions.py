"""The Regions that a text says are allowed, beside a Deny of the organization."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, refused

DENY = "with an explicit deny in a service control policy"
HERE = "arn:aws:sqs:ap-southeast-1:111122223333:jobs"


def first(text: str, resource: str = HERE, reason: str = DENY) -> str:
    looks = diagnosed(f"{refused('sqs:CreateQueue', resource, reason)}\n{text}").first_look
    return looks[0].cause if looks else ""


@pytest.mark.parametrize(
    ("text", "resource"),
    [
        ("we only run in eu-west-1 / eu-central-1 by policy, why?", HERE),
        ('config: aws:region: eu-west-3\ncompany page: "allowed regions: eu-west-1, eu-central-1"', "*"),
        ("Approved AWS regions are eu-west-1 and eu-central-1.", HERE),
        ("export AWS_REGION=us-west-2\nthe landing zone is limited to eu-west-1, eu-central-1", "*"),
        ("our guardrail blocks everything outside eu-west-1 or eu-central-1", HERE),
    ],
)
def test_a_region_outside_the_allowed_ones_is_the_likely_reason(text: str, resource: str) -> None:
    said = first(text, resource)
    assert "the text allows eu-west-1 and eu-central-1: most likely the Deny depends on the Region" in said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the console shows Singapore, the course says use us-east-1", "us-east-1"),
        ("we must use eu-west-1 for everything", "eu-west-1"),
        ("I was told to work in Europe, it should be in eu-central-1", "eu-central-1"),
        ("should it be in ap-southeast-1?", ""),
        ("the docs say to use us-west-2 for cheap spot", ""),
        ("my other queue is in eu-west-1", ""),
    ],
)
def test_the_region_that_the_text_says_to_use_comes_first(text: str, meant: str) -> None:
    said = f"The call went to ap-southeast-1, and the text says to use {meant}"
    assert (said in first(text)) is bool(meant)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("allowed regions: ap-southeast-1, eu-west-1", DENY),
        ("the bucket is in eu-west-1", DENY),
        ("allowed regions: see the wiki. My bucket is in eu-west-1", DENY),
        ("we only run in eu-west-1", "because no identity-based policy allows the sqs:CreateQueue action"),
    ],
)
def test_an_allowed_region_and_other_reasons_are_left_alone(text: str, reason: str) -> None:
    assert "most likely the Deny depends on the Region" not in first(text, reason=reason)
