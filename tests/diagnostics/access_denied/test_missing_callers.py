"""A caller that the account does not have: no policy is opened to it, whatever the request was."""

from __future__ import annotations

import pytest

from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, denied, diagnosis_of, no

ROLE = "arn:aws:iam::111122223333:role"
GONE = "arn:aws:iam::111122223333:user/dana.gone"
SESSION = "arn:aws:sts::111122223333:assumed-role/gone-role/s"
ALLOWED_BY_TRUST = f"{ROLE}/human/release-manager"
ANOTHER_SERVICE = f"{ROLE}/app/orders-api-lambda"


@pytest.fixture(scope="module")
def demo() -> Read:
    return opened(None)


@pytest.mark.parametrize("who", [GONE, SESSION])
@pytest.mark.parametrize("role", [ALLOWED_BY_TRUST, ANOTHER_SERVICE])
@pytest.mark.parametrize("reason", ["", no("identity-based policy", "sts:AssumeRole"), no("resource-based policy", "")])
def test_no_trust_policy_is_opened_to_a_caller_that_does_not_exist(
    demo: Read, who: str, role: str, reason: str
) -> None:
    found = diagnosis_of(denied(who, "sts:AssumeRole", role, reason), demo)
    assert found.verdict.cause == "principal.not-found"
    assert "gone" in found.verdict.summary
    assert [fix.title for fix in found.fixes] and not any(
        fix.change.kind.value == "trust-policy" for fix in found.fixes
    )


def test_neither_the_caller_nor_the_role_exists(demo: Read) -> None:
    found = diagnosis_of(denied(GONE, "sts:AssumeRole", f"{ROLE}/release-manager"), demo)
    assert "neither the user dana.gone nor the role" in found.verdict.summary
    assert [fix.title for fix in found.fixes] == [
        "Check the account: neither dana.gone nor release-manager is in 111122223333"
    ]


def test_a_caller_that_exists_is_compared_with_the_trust_policy(demo: Read) -> None:
    who = "arn:aws:sts::111122223333:assumed-role/report-worker-ec2/i-0123456789abcdef0"
    found = diagnosis_of(denied(who, "sts:AssumeRole", ANOTHER_SERVICE), demo)
    assert found.verdict.cause == "trust.principal-mismatch"


@pytest.mark.parametrize("who", ["uuser/app", "group/admins", "instance-profile/web"])
def test_an_arn_that_is_no_callers_is_said_to_be_none(demo: Read, who: str) -> None:
    """Such a text names somebody: that it names no principal is not said."""
    found = diagnosis_of(denied(f"arn:aws:iam::111122223333:{who}", "sqs:SendMessage", "*"), demo)
    step = next(each for each in found.steps if each.id == "caller")
    assert who in step.summary and "no principal was found" not in step.summary
