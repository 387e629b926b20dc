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


KEY = "arn:aws:kms:ca-central-1:210987654321:key/0b1d9c22-aa71-4e4f-8f3d-6000c0ffee01"
NOT_ACCESSIBLE = (
    "An error occurred (KMSKeyNotAccessibleFault) when calling the {} operation: The source snapshot KMS key "
    f"[{KEY}] does not exist, is not enabled or you do not have permissions to access it.\n"
)


@pytest.mark.parametrize(
    "text",
    [
        NOT_ACCESSIBLE.format("CopyDBSnapshot") + "The instance has the default key aws/rds; we copy in account "
        "111122223333.",
        "The cluster is encrypted with alias/aws/rds, its snapshot is shared with the recovery account.\n"
        + NOT_ACCESSIBLE.format("CopyDBClusterSnapshot"),
    ],
)
def test_a_snapshot_with_an_aws_managed_key_is_copied_to_another_key_first(text: str) -> None:
    answer = diagnosed(text)
    assert "nobody can change its policy" in answer.verdict.summary
    assert "share this copy" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        NOT_ACCESSIBLE.format("CopyDBSnapshot") + "It is our own snapshot, in the same account. With aws/rds it works.",
        NOT_ACCESSIBLE.format("CopyDBSnapshot") + "Other databases of account 111122223333 use aws/rds.",
        NOT_ACCESSIBLE.replace("source snapshot", "specified").format("CreateDBInstance")
        + "The VPC is of account 111122223333, whose databases use aws/rds.",
        NOT_ACCESSIBLE.format("CopyDBSnapshot") + "We moved off aws/rds to this key; the copy is made in account "
        "111122223333.",
    ],
)
def test_an_aws_managed_key_that_another_account_does_not_use_is_not_the_cause(text: str) -> None:
    assert "AWS managed key" not in diagnosed(text).verdict.summary


NO_KEY = NOT_ACCESSIBLE.replace("source snapshot", "Specified").replace(KEY, "{key}").replace("{}", "CopyDBSnapshot")


@pytest.mark.parametrize("value", ["None", "null", "undefined"])
def test_a_literal_that_stands_for_nothing_is_no_key(value: str) -> None:
    alone = diagnosed(NO_KEY.format(key=value))
    assert f"The call names no key: the value that it sends is “{value}”" in alone.verdict.summary
    described = '$ aws kms describe-key --key-id 0b1d --query KeyMetadata.KeyManager\n"AWS"\n'
    beside = diagnosed(f"{NO_KEY.format(key=value)}The copy goes to another account.\n{described}")
    assert "under that key cannot be shared with another account" in beside.verdict.summary


def test_a_key_that_is_named_is_not_missing() -> None:
    assert "names no key" not in diagnosed(NO_KEY.format(key=KEY)).verdict.summary
