"""A partition key that is no identity ID does not meet a condition on the identity pool's sub."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/notes"
CALLER = "arn:aws:sts::111122223333:assumed-role/web-auth/CognitoIdentityCredentials"
IDENTITY = "eu-west-1:2c0ffee0-1111-4222-8333-444455556666"
SUB = "9a1b2c3d-4e5f-4061-8273-849586a7b8c9"
OWN = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"]}}


def _text(call: str, action: str = "dynamodb:Query", condition: object = OWN) -> str:
    refused = no_identity(action, TABLE, CALLER)
    return f"{refused}\n{call}\n" + policy(allow([action], TABLE, Condition=condition))


@pytest.mark.parametrize(
    "text",
    [
        _text(f'":owner": {{"S": "{SUB}"}}\nidentityId: {IDENTITY}'),
        _text(f"Key: {{ userId: '{SUB}' }}  // decoded.sub", "dynamodb:GetItem"),
        _text(f'pk = "{SUB}" and identity_id = "{IDENTITY}"', "dynamodb:PutItem"),
    ],
)
def test_the_sub_of_a_user_pool_is_no_identity_id(text: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "identity.condition-unmet"
    assert f"the call's partition key is {SUB}, but" in answer.verdict.summary
    assert "identity ID" in answer.fixes[0].title


@pytest.mark.parametrize(
    "text",
    [
        _text(f'":owner": {{"S": "{IDENTITY}"}}\nidentityId: {IDENTITY}'),
        _text(f"request ID {SUB}, identityId: {IDENTITY}"),
        _text(f":owner = {SUB}", condition={"StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/sub}"]}}),
    ],
)
def test_an_identity_id_another_id_and_another_condition_are_no_mismatch(text: str) -> None:
    assert "the call's partition key is" not in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('const { sub } = jwtDecode(idToken);\nItem: { owner: { S: sub }, n: { N: "1" } }', True),
        ('const { sub: uid } = parseToken(t);\nKey: { pk: { "S": uid } }', True),
        ('user_id = claims["sub"]\ntable.put_item(Item={"pk": {"S": user_id}})', True),
        ('dynamodb.get_item(Key={"pk": {"S": token_payload["sub"]}})', True),
        ("const { identityId } = await getId();\nItem: { owner: { S: identityId } }", False),
        ("const { sub } = jwtDecode(idToken);\nItem: { owner: { S: identityId } }", False),
        ("const { sub } = jwtDecode(idToken);\nItem: { owner: { S: sub.identity } }", False),
    ],
)
def test_a_variable_with_the_tokens_sub_is_no_identity_id(code: str, named: bool) -> None:
    summary = diagnosed(_text(code, "dynamodb:PutItem")).verdict.summary
    assert ("the call's partition key is the sub of the user pool's token" in summary) is named
