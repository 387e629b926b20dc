"""A policy that allows a call on encrypted data, but not all that the call needs on the KMS key, is the cause."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

KEY = "arn:aws:kms:eu-west-1:210987654321:key/0f5c6a1e-5a7e-4c55-9a40-1d2b3c4d5e6f"
FLINK = (
    "Error: InvalidArgumentException: Please check the role provided or validity of S3 location you provided. We are "
    "unable to get the specified fileKey: a.jar in the specified bucket: jars\n"
)
OWN_KEY = "The bucket is encrypted with a customer managed key.\n"
PUBLISHES = (
    "An error occurred (KMSAccessDenied) when calling the Publish operation: null (Service: AWSKMS; Status Code: 400; "
    "Error Code: AccessDeniedException)\n"
)
STREAMS = "com.amazonaws.services.kinesis.model.KMSAccessDeniedException: The operation PutRecords was refused by KMS\n"
GRANT = (
    f"InvalidKMSResourceException: The grant for the CMK {KEY} to delivery stream clicks might have been revoked or "
    "caller might not have sufficient permissions for the CMK. (Service: AmazonKinesisFirehose; Status Code: 400)\n"
)
CREATES = "Error: operation error Kinesis Analytics V2: CreateApplication, https response error StatusCode: 400, "
SENDS = "KMS AccessDeniedException when the function sends a message\n"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"{SENDS}{policy(allow(['sqs:SendMessage'], '*'), allow(['kms:GenerateDataKey*'], KEY))}", "kms:Decrypt"),
        (f"{SENDS}{policy(allow(['sns:Publish', 'kms:Decrypt'], '*'))}", "kms:GenerateDataKey"),
        (
            f"KMS AccessDenied when the pod reads the secret\n{policy(allow('secretsmanager:GetSecretValue', '*'))}",
            "kms:Decrypt",
        ),
        (f"{FLINK}{OWN_KEY}{policy(allow(['s3:GetObject', 's3:ListBucket'], '*'))}", "kms:Decrypt"),
        (f"{CREATES}{FLINK}{OWN_KEY}{policy(allow(['s3:GetObject', 's3:ListBucket'], '*'))}", "kms:Decrypt"),
        (f"{PUBLISHES}{policy(allow(['sns:Publish', 'sqs:SendMessage'], '*'))}", "kms:GenerateDataKey and kms:Decrypt"),
        (
            f"{STREAMS}producer:\n{policy(allow(['kinesis:PutRecord*', 'kinesis:PutRecords'], '*'))}",
            "kms:GenerateDataKey",
        ),
        (f"{GRANT}{policy(allow('firehose:PutRecordBatch', '*'))}", "kms:GenerateDataKey and kms:Decrypt"),
        (
            f"{GRANT}role clicks-rule (target role):\n{policy(allow('firehose:PutRecord', '*'))}\n\n"
            f"role clicks-delivery (delivery role), key part:\n{policy(allow(['kms:Decrypt', 'kms:Encrypt'], KEY))}",
            "kms:GenerateDataKey and kms:Decrypt",
        ),
    ],
)
def test_the_missing_action_on_the_key_is_named(text: str, missing: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "identity.no-action"
    assert f"but not {missing}:" in answer.verdict.summary
    assert f"Allow {missing} on the key" in answer.fixes[0].title


@pytest.mark.parametrize(
    "text",
    [
        f"{SENDS}{policy(allow(['sqs:SendMessage', 'kms:Decrypt', 'kms:GenerateDataKey'], '*'))}",
        f"{SENDS}{policy(allow(['sqs:SendMessage', 'kms:*'], '*'))}",
        f"{FLINK}The bucket is encrypted with alias/aws/s3.\n{policy(allow('s3:GetObject', '*'))}",
        f"{FLINK}{policy(allow('s3:GetObject', '*'))}",
        f"{FLINK}{OWN_KEY}{policy(allow(['s3:GetObject', 'kms:Decrypt'], '*'))}",
        f"{PUBLISHES}{policy(allow(['sqs:SendMessage'], '*'), allow(['sns:Publish', 'kms:*'], '*'))}",
        f"{STREAMS}{policy(allow(['sqs:SendMessage'], '*'))}",
        f"{GRANT}{policy(allow(['firehose:PutRecord', 'kms:Decrypt', 'kms:GenerateDataKey'], '*'))}",
    ],
)
def test_without_a_gap_or_an_own_key_nothing_is_missing(text: str) -> None:
    assert "but not kms:" not in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    ("service", "call"),
    [("Sqs", "sqs:ReceiveMessage"), ("AmazonSQS", "sqs:ReceiveMessage"), ("S3", "s3:GetObject")],
)
def test_the_service_that_handed_on_the_refusal_of_kms_decides_which_call_lacks_the_key(
    service: str, call: str
) -> None:
    refused = (
        "ERROR SqsWorker - The ciphertext refers to a customer master key that does not exist, does not exist in this "
        "region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: "
        f"AccessDeniedException; Request ID: 1; Proxy: null) (Service: {service}, Status Code: 400, Request ID: 2)\n"
    )
    summary = diagnosed(f"{refused}{policy(allow(['s3:GetObject', 'sqs:ReceiveMessage'], '*'))}").verdict.summary
    assert f"{call} needs that, too" in summary


UPLOAD = "Uploads of large files to our bucket from the console end with AccessDenied; it has SSE-KMS with our own key"


@pytest.mark.parametrize(
    ("text", "missing", "owner"),
    [
        (f"{UPLOAD}.\nOn the role: {policy(allow(['kms:Encrypt', 'kms:GenerateDataKey*'], KEY))}", "kms:Decrypt", ""),
        (
            f"{UPLOAD} of the central security account.\n{policy(allow(['kms:GenerateDataKey'], KEY))}",
            "kms:Decrypt",
            "210987654321",
        ),
        (
            f"{policy(allow(['kms:Decrypt'], KEY))}\nThe upload to S3: Access Denied. The key is customer managed key "
            "(encryption of the bucket) in another account",
            "kms:GenerateDataKey",
            "210987654321",
        ),
        (
            "Download of a report from the S3 console: Access Denied. It is encrypted with our KMS key.\n"
            f"{policy(allow(['kms:DescribeKey', 'kms:GenerateDataKey'], KEY))}",
            "kms:Decrypt",
            "",
        ),
    ],
)
def test_a_statement_on_a_key_is_compared_with_the_call_that_the_text_describes(
    text: str, missing: str, owner: str
) -> None:
    summary = diagnosed(text).verdict.summary
    assert summary.startswith(f"Most likely {missing} on the key is missing")
    assert (f"key policy in account {owner} must allow" in summary) == bool(owner)


@pytest.mark.parametrize(
    "text",
    [
        f"{UPLOAD}.\n{policy(allow(['kms:Decrypt', 'kms:GenerateDataKey'], KEY))}",
        f"{UPLOAD}; downloads end so, too.\n{policy(allow(['kms:Encrypt'], KEY))}",
        f"The pod: Access Denied. Its volume is encrypted with our own key.\n{policy(allow('kms:Encrypt', KEY))}",
    ],
)
def test_without_one_described_call_that_lacks_the_key_no_action_is_named(text: str) -> None:
    assert "on the key is missing" not in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    ("words", "missing"),
    [("error putting object a/b", "kms:GenerateDataKey"), ("error getting object a/b", "kms:Decrypt")],
)
def test_the_call_that_a_program_describes_decides_which_key_action_it_needs(words: str, missing: str) -> None:
    refused = f"{words}: AccessDenied: Access Denied, status code: 403. The bucket is encrypted with {KEY}\n"
    summary = diagnosed(
        f"{refused}{policy(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'))}"
    ).verdict.summary
    assert f"but not {missing}" in summary
