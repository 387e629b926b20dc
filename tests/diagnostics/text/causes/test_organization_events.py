"""A change in the organization that an event in the text shows comes first after a guardrail's refusal."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/{}/run is not authorized to perform: {} on resource: {} with an "
    "explicit deny in a {} control policy\n"
)
TABLE = REFUSED.format("a", "dynamodb:PutItem", "arn:aws:dynamodb:us-west-2:111122223333:table/t", "service")
STREAM = REFUSED.format("b", "kinesis:PutRecord", "arn:aws:kinesis:us-west-2:111122223333:stream/s", "service")
SECRET = REFUSED.format(
    "c", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:secret:s-AbCdEf", "resource"
)


def event(name: str, **parameters: str) -> str:
    return json.dumps(
        {
            "eventTime": "2026-10-14T01:58:44Z",
            "eventSource": "organizations.amazonaws.com",
            "eventName": name,
            "requestParameters": parameters,
        }
    )


MOVED = event("MoveAccount", accountId="111122223333", sourceParentId="ou-a-1", destinationParentId="ou-a-2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"pipeline A\n{TABLE}pipeline B\n{STREAM}{MOVED}", "111122223333 was moved to ou-a-2 at 2026-10-14T01:58:44Z"),
        (
            f"{STREAM}{event('AttachPolicy', policyId='p-12345678', targetId='ou-a-2')}",
            "p-12345678 was attached to ou-a-2",
        ),
        (f"{SECRET}{event('UpdatePolicy', policyId='p-12345678', content='...')}", "p-12345678 was changed"),
    ],
)
def test_the_change_is_named(text: str, said: str) -> None:
    for failure in read_text(text):
        assert said in collect_offline(failure).first_look[0].cause


@pytest.mark.parametrize(
    "text",
    [
        TABLE + MOVED.replace('"accountId": "111122223333"', '"accountId": "444455556666"'),
        TABLE + MOVED.replace("MoveAccount", "ListAccounts"),
        TABLE.replace("explicit deny in a service control policy", "explicit deny in an identity-based policy") + MOVED,
    ],
)
def test_other_events_and_other_policies_are_not_the_cause(text: str) -> None:
    assert "most likely the calls are denied since then" not in str(collect_offline(read_text(text)[0]).first_look)
