"""A call that nothing allows in one Region, and that works in another one, is limited to that one's resources."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import no_identity, refused

QUEUE = no_identity("sqs:SendMessage", "arn:aws:sqs:eu-west-1:210987654321:orders")
KEY = no_identity("kms:Decrypt", "arn:aws:kms:sa-east-1:210987654321:key/0a1b2c3d-0000-4000-8000-000000000001")
OBJECT = no_identity("s3:GetObject", "arn:aws:s3:::shop/a")
DENIED = refused(
    "sqs:SendMessage",
    "arn:aws:sqs:eu-west-1:210987654321:orders",
    "with an explicit deny in an identity-based policy",
)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        (f"{QUEUE}\n\nIn us-east-1 it works with the same role.", "us-east-1"),
        (f"{KEY}\n\nThe same call works in eu-central-1.", "eu-central-1"),
        (f"{KEY}\n\n(in eu-central-1 this worked)", "eu-central-1"),
        # The same Region, no success, another role, a resource without a Region, and a Deny.
        (f"{QUEUE}\n\nIn eu-west-1 it worked.", ""),
        (f"{QUEUE}\n\nIn us-east-1 it does not work either.", ""),
        (f"{QUEUE}\n\nIn us-east-1 it works with another role.", ""),
        (f"{OBJECT}\n\nIn us-east-1 it works with the same role.", ""),
        (f"{DENIED}\n\nIn us-east-1 it works with the same role.", ""),
    ],
)
def test_a_success_in_another_region_shows_what_the_allow_names(text: str, there: str) -> None:
    (failure,) = read_text(text)
    looks = collect_offline(failure).first_look
    assert [each.cause.startswith(f"The call works in {there}: ") for each in looks[:1]] == [bool(there)]
    assert sum("most likely the Allow names only resources of" in each.cause for each in looks) == bool(there)


CREATED = (
    "Error: adding Lambda Permission (orders/x): operation error Lambda: AddPermission, https response error "
    "StatusCode: 400, RequestID: a, InvalidParameterValueException: The provided principal was invalid."
)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (f"{CREATED}\n\nA second apply goes through.", "The operation succeeds when it is run again: most"),
        (f"{QUEUE}\n\nA second apply goes through.", "The operation succeeds when it is run again: the call"),
        (f"{CREATED}\n\nA second apply fails, too.", ""),
        ("Since cfn-lint 1.30.0 it fails: E3002 Additional properties are not allowed", "A newer version of a linter"),
        ("Since the linter was updated to 2.4 it fails: Invalid Action: The action s3:Foo does not exist",
         "A newer version of a linter"),
        ("Since tflint 0.51.1 it fails: W1010 Additional properties are not allowed", "A newer version of a linter"),
        ("Since Widgets 2.38.3 it dies at start: IllegalStateException: The variable SHOP_TOKEN_FILE must be set.",
         "The failure began with a newer version: most likely"),
        ("Since loader v1.9 we get: ERROR: option auth.file must be set.", "The failure began with a newer version: "),
        ("IllegalStateException: The variable SHOP_TOKEN_FILE must be set. We have version 2.38.3.", ""),
        ("Since v2.38 it dies: IllegalStateException: The variable SHOP_TOKEN_FILE must be set.",
         "It has failed since a newer version: most"),
        ("Since 12.10.2025 we get: IllegalStateException: The variable SHOP_TOKEN_FILE must be set.", ""),
        ("Since about 10.30 we get: IllegalStateException: The variable SHOP_TOKEN_FILE must be set.", ""),
        ("Since Monday 2.30 pm: IllegalStateException: The variable SHOP_TOKEN_FILE must be set.", ""),
    ],
)  # fmt: skip
def test_a_difference_is_explained_by_what_failed(text: str, begins: str) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    said = [diagnosis.verdict.summary, *(each.cause for each in diagnosis.first_look[:1])]
    found = [each for each in said if (begins or "succeeds when") in each or "with a newer version" in each]
    assert bool(found) == bool(begins)


UNAUTHORIZED = no_identity("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:210987654321:orders")
DEPENDS = "make the resource depend on the policy"


@pytest.mark.parametrize(
    ("beside", "ordered"),
    [
        ("The role's policy is in the same stack as the event source mapping.", True),
        ("Its permissions are created in the same apply.", True),
        ("We make the queue and the policy: same template with both policies.", True),
        # The order is set, the failure comes back, and another stack has the policy.
        ("The role's policy is in the same stack; the mapping has DependsOn on it.", False),
        ("The policy is in the same stack. It fails every time.", False),
        ("The policy is in the stack of another team.", False),
    ],
)
def test_one_deployment_that_creates_the_policy_too_needs_an_order(beside: str, ordered: bool) -> None:
    looks = collect_offline(read_text(f"{UNAUTHORIZED}\n\n{beside}")[0]).first_look
    assert [DEPENDS in each.cause for each in looks[:2]].count(True) == ordered
