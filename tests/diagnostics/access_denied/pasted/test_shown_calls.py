"""A policy without any action of the service: the further calls that the text shows need an Allow, too."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

TABLE = "arn:aws:dynamodb:eu-west-3:111122223333:table/orders"
POOL = "arn:aws:cognito-idp:eu-west-3:111122223333:userpool/eu-west-3_Ab1Cd2Ef3"


@pytest.mark.parametrize(
    ("action", "resource", "around", "needed"),
    [
        ("cognito-idp:AdminGetUser", POOL, "adminGetUser, then adminUpdateUserAttributes", "AdminUpdateUserAttributes"),
        ("dynamodb:GetItem", TABLE, "table.get_item(Key=k) and at the end table.put_item(Item=i)", "dynamodb:PutItem"),
        ("dynamodb:GetItem", TABLE, "then: aws dynamodb update-item --table-name orders", "dynamodb:UpdateItem"),
    ],
)
def test_the_further_calls_are_named(action: str, resource: str, around: str, needed: str) -> None:
    logs = policy(allow("logs:PutLogEvents", "*"))
    change = str(diagnosed(f"{no_identity(action, resource)}\n{around}\n{logs}").fixes[0].change)
    assert "The text also shows calls that need" in change and needed in change


@pytest.mark.parametrize(
    ("around", "allowed"),
    [
        ("get_item(Key=k) only; a put-item dialog opens", "logs:PutLogEvents"),
        ("table.get_item(Key=k), table.put_item(Item=i)", "dynamodb:PutItem"),
        ("sign-up, describe-it-all, PutMetricData", "logs:PutLogEvents"),
    ],
)
def test_other_words_and_allowed_calls_are_not_named(around: str, allowed: str) -> None:
    text = f"{no_identity('dynamodb:GetItem', TABLE)}\n{around}\n{policy(allow(allowed, '*'))}"
    assert not any("The text also shows calls" in str(each.change) for each in diagnosed(text).fixes)
