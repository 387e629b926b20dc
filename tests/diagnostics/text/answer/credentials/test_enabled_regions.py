"""Keys that opt-in Regions refuse although the account has enabled them: the token of STS's global endpoint."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "An error occurred (AuthFailure) when calling the DescribeVpcs operation: AWS was not able to validate the "
    "provided access credentials\n"
)


@pytest.mark.parametrize(
    "text",
    [
        f"$ aws-vault exec ops -- aws ec2 describe-vpcs --region me-south-1\n{REFUSED}"
        "Only me-south-1 and af-south-1 fail, both are enabled in our account.",
        f"$ aws ec2 describe-vpcs --region eu-south-1\n{REFUSED}eu-south-1 fails, and we have enabled it.",
        f"$ aws ec2 describe-vpcs --region ap-east-1\n{REFUSED}ap-east-1 is enabled. It works in every other region.",
    ],
)
def test_an_enabled_region_refuses_tokens_of_the_global_endpoint(text: str) -> None:
    answer = diagnosed(text)
    assert "STS's global endpoint" in answer.verdict.summary
    assert "is disabled until" not in f"{answer.verdict.summary} {answer.first_look}"


def test_a_region_that_may_be_disabled_is_checked_first() -> None:
    text = f"$ aws ec2 describe-vpcs --region af-south-1\n{REFUSED}"
    assert "is disabled until an account enables it" in diagnosed(text).verdict.summary
    other = diagnosed(f"{text}All other regions work.").verdict.summary
    assert "valid in another Region" in other
    assert "deleted" not in other
