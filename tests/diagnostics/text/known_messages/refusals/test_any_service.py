"""Sentences of any service in a common form are read, and those of other programs and of IAM itself are not."""

from __future__ import annotations

import pytest

from diagnostics.text.known_messages.refusals.any_service import GENERAL
from diagnostics.text.read.messages.service_sentences import sentence_in
from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (
            "The bucket policy does not allow Amazon SES to write to it",
            "does not let Amazon SES do what it needs (“write",
        ),
        (
            "The S3 bucket policy prevents GuardDuty from exporting findings",
            "does not let GuardDuty do what it needs (“exporting findings”)",
        ),
        (
            "ConnectorException: Amazon AppFlow couldn't access S3 bucket flows. Please check bucket policy",
            "Amazon AppFlow itself could not use S3 bucket flows",
        ),
        (
            '{"statusReason":"AccessDenied: Amazon Personalize is unable to read bucket data. Check permissions."}',
            "Amazon Personalize itself could not use bucket data",
        ),
        ("AWS Glue does not have permission to access the secret pg", "AWS Glue itself lacks the permission"),
        ("Error: Kinesis Data Firehose doesn't have access to the KMS key k", "Kinesis Data Firehose itself"),
        (
            "Error: Check that the bucket exists and the role has access",
            "the bucket does not exist where the call looked",
        ),
        ("failed: Ensure the KMS key exists and the role has kms:Decrypt permissions", "the KMS key does not exist"),
    ],
)
def test_the_common_forms_are_read(text: str, summary: str) -> None:
    found = sentence_in(text)
    assert found is not None
    assert summary in found.row.summary


@pytest.mark.parametrize(
    "text",
    [
        "Make sure that the folder exists and that you have write permission on it: /var/lib/app",
        "please make sure you have the correct access rights and the repository exists.",
        "our Lambda could not read the queue fast enough, 504 errors",
        "Error: Glue cannot use the function udf_parse: syntax error at line 3",
        "our intern does not have permission to deploy",
        "CodeDeploy does not have permission to assume role arn:aws:iam::111122223333:role/x",
        "User: arn:aws:iam::111122223333:user/x is not authorized to perform: s3:GetObject. Check that the bucket "
        "exists and you have access.",
        "the password policy does not allow reuse of the last 5",
    ],
)
def test_and_others_are_not(text: str) -> None:
    found = sentence_in(text)
    assert found is None or found.row.page not in {row.page for row in GENERAL}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "An error occurred (KMSAccessDeniedException) when calling the Invoke operation: null",
            "function's execution role most likely lacks kms:Decrypt",
        ),
        (
            "com.amazonaws.services.kinesis.model.KMSAccessDeniedException: null (Service: AmazonKinesis)",
            "kms:GenerateDataKey to write, kms:Decrypt to read",
        ),
        (
            "ERROR /var/task/app.py lambda_handler: KMSAccessDeniedException calling PutRecords: null",
            "kms:GenerateDataKey to write, kms:Decrypt to read",
        ),
        (
            "An error occurred (KMSAccessDenied) when calling the Publish operation: null (Service: AWSKMS)",
            "sender most likely lacks kms:GenerateDataKey and kms:Decrypt",
        ),
        ("Kms.KMSAccessDeniedException: null", "The use of a KMS key was refused, not the service's own action"),
    ],
)
def test_a_refused_use_of_a_key_says_whose_role_needs_what(text: str, said: str) -> None:
    assert said in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "KMSAccessDeniedException: Lambda was unable to decrypt the environment variables because KMS access was "
        "denied.",
        "An error occurred (KMSAccessDeniedException) when calling the GetRecords operation: User: "
        "arn:aws:sts::111122223333:assumed-role/reader/s is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:eu-west-1:111122223333:key/1a2b",
        "KMSDisabledException: null",
    ],
)
def test_a_key_error_with_more_words_is_answered_by_them(text: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert "The use of a KMS key was refused" not in summary
    assert "most likely lacks" not in summary


@pytest.mark.parametrize(
    "text",
    [
        '{"error": "Lambda.AccessDeniedException", "cause": ""}',
        "State Notify failed\nError\nLambda.AccessDeniedException\nCause\n-\nfunction:notify:blue",
    ],
)
def test_a_state_machine_without_a_cause_lacks_the_invocation(text: str) -> None:
    answer = diagnosed(text)
    assert "execution role most likely lacks lambda:InvokeFunction" in answer.verdict.summary
    assert "FUNCTION:ALIAS" in answer.first_look[0].cause


def test_a_state_machine_with_a_cause_is_answered_by_the_cause() -> None:
    text = (
        '{"error": "Lambda.AccessDeniedException", "cause": "User: arn:aws:sts::111122223333:assumed-role/flow/x is '
        "not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:111122223333:function:a"
        ' because no identity-based policy allows the lambda:InvokeFunction action"}'
    )
    assert "of the role flow allows lambda:InvokeFunction" in diagnosed(text).verdict.summary


@pytest.mark.parametrize("end", ['"', "')", "”,", ""])
def test_the_quoted_words_end_without_the_texts_own_quotation_mark(end: str) -> None:
    found = sentence_in(f"Error: the bucket policy doesn't allow S3 to deliver reports{end}\n")
    assert found is not None and "(“deliver reports”)" in found.row.summary
