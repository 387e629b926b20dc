"""A profile whose sso_region is not the Region of IAM Identity Center."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "operation error SSO: ListAccountRoles, https response error StatusCode: 401, RequestID: 8c7f, "
    "UnauthorizedException: Session token not found or invalid\n"
)
PROFILE = "[profile ops]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n"


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("we moved Identity Center from us-east-1 to eu-central-1 last week", "eu-central-1"),
        ("IAM Identity Center is enabled in eu-west-1", "eu-west-1"),
        ("https://ca-central-1.console.aws.amazon.com/singlesignon/home", "ca-central-1"),
        ("IAM Identity Center is enabled in us-east-1", ""),
        ("Is Identity Center in eu-west-1?", ""),
        ("The buckets are in eu-west-1.", ""),
    ],
)
def test_the_region_of_identity_center(said: str, region: str) -> None:
    found = diagnosed(f"{REFUSED}{PROFILE}{said}")
    assert found.verdict.summary.startswith("The profile's sso_region is us-east-1, but the text says") == bool(region)
    assert (found.fixes[0].title == f"Set sso_region to {region}" if found.fixes else False) == bool(region)
