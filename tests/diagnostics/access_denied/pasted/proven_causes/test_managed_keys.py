"""A queue or topic with an AWS managed key, to which a service sends by itself."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

RULE = "arn:aws:events:eu-west-3:111122223333:rule/nightly"
NO_PERMISSIONS = f'{{"RULE_ARN": "{RULE}", "ERROR_CODE": "NO_PERMISSIONS"}}\n'
NOTIFICATION = (
    "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
    "validate the following destination configurations\n"
)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (f"{NO_PERMISSIONS}the queue has SSE with alias/aws/sqs", "events.amazonaws.com"),
        (f'{NO_PERMISSIONS}queue policy is ok (twice)\n"KmsMasterKeyId": "alias/aws/sqs"', "events.amazonaws.com"),
        (f'{NOTIFICATION}"KmsMasterKeyId": "alias/aws/sqs"', "s3.amazonaws.com"),
        (f"{NOTIFICATION}topic: KmsMasterKeyId = alias/aws/sns", "s3.amazonaws.com"),
    ],
)
def test_a_service_that_sends_by_itself_cannot_use_an_aws_managed_key(text: str, service: str) -> None:
    answer = diagnosed(text)
    assert "an AWS managed key" in answer.verdict.summary
    assert f"let {service} perform kms:GenerateDataKey and kms:Decrypt" in str(answer.fixes[0].change)


@pytest.mark.parametrize("key", ["alias/jobs", "arn:aws:kms:eu-west-3:111122223333:key/0b1d9c22-aa71-e4f0-6000-1"])
def test_a_customer_managed_key_is_only_a_possible_cause(key: str) -> None:
    answer = diagnosed(f'{NO_PERMISSIONS}"KmsMasterKeyId": "{key}"')
    assert "AWS managed key" not in answer.verdict.summary
    assert any("lets events.amazonaws.com perform kms:GenerateDataKey" in look.cause for look in answer.first_look)
