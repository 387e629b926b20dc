"""A role that was not assumed before a success: the program continued with other credentials."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

ROLE = "arn:aws:iam::111122223333:role/cdk-shop-deploy-role-111122223333-eu-west-3"
WARNED = (
    f"current credentials could not be used to assume '{ROLE}', but are for the right account. Proceeding anyway.\n"
)
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/e is "
    "not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{}\n"
)


def test_the_cdk_went_on_with_its_own_credentials() -> None:
    summary = diagnosed(f"{WARNED}\n ✅  Billing\n").verdict.summary
    assert summary.startswith("Nothing has to change: the program could not assume the role")
    assert "allow the caller sts:AssumeRole on the cdk-shop-* roles" in summary


@pytest.mark.parametrize(
    "text", [f"{WARNED}\n ❌  Billing failed: Access Denied\n", f"{REFUSED.format('deploy')}retrying\n ✅  Billing\n"]
)
def test_a_failed_deployment_or_a_second_attempt_is_no_fallback(text: str) -> None:
    assert "continued with other credentials" not in diagnosed(text).verdict.summary
