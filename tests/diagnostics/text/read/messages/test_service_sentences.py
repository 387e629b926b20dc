"""Codes and sentences of services: other notations of them, and texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "(AccessDeniedException) when calling the GetMacieSession operation: Macie is not enabled.",
            "Macie is not enabled",
        ),
        ('"AccessDeniedException: Amazon Detective is not enabled in this Region"', "Detective is not enabled"),
        ("AccessDeniedException: User not enabled for cost explorer access", "Cost Explorer is not enabled"),
        ("api error AccessDeniedException: User not enabled for cost explorer", "Cost Explorer is not enabled"),
        ('{"errorMessage":"User not enabled for Cost Explorer access"}', "Cost Explorer is not enabled"),
        ("(Your organization must first enable trusted access with AWS Account Management.)", "trusted access for AWS"),
        ("FailureReason: PCA_ACCESS_DENIED", "the private CA gives ACM no permission"),
        ("statusReason=PRIVATECA_ACCESS_DENIED", "the connector is not allowed to issue"),
        ("PutObject call on the given bucket failed. Please check if CloudWatch Logs", "make PutObject"),
        ("MediaConvert job ended with ErrorCode: 1432", "MediaConvert's error 1432"),
        ('"mediaconvert" … "errorCode": 1401', "MediaConvert's error 1401"),
        ("Encrypted snapshots with Amazon EBS default key cannot be shared", "the snapshot's key is an AWS"),
        (
            "The specified KMS key does not exist or is not allowed to be used with Arn "
            "'arn:aws:logs:eu-west-2:***:log-group:web'",
            "the KMS key does not let CloudWatch Logs",
        ),
        ("InvalidS3ConfigurationException: Could not write to bucket: mail", "Amazon SES"),
        ("creating SES receipt rule store: Could not write to bucket: mail", "Amazon SES"),
        (
            "Could not publish to SNS topic: arn:aws:sns:us-east-1:444455556666:mail\nresource aws_ses_receipt_rule\n"
            "SES rule",
            "Amazon SES",
        ),
        ('"DBInstanceStatus": "inaccessible-encryption-credentials"', "KMS key"),
        ("the cluster is in the inaccessible-encryption-credentials-recoverable state", "KMS key"),
        ("MemoryDB has not been granted WRITE permissions on the S3 Bucket.", "MemoryDB"),
    ],
)
def test_a_sentence_is_read_in_its_notations(text: str, words: str) -> None:
    found = sentence_in(text)
    assert found is not None
    assert words in f"{found.row.refused}: {found.row.reason}"


@pytest.mark.parametrize(
    "text",
    [
        "User: arn:aws:iam::444455556666:user/a is not authorized to perform: ce:GetCostAndUsage",
        "enable Cost Explorer in the console before you start",
        "An error occurred (AccessDeniedException) when calling the GetX operation: User is not enabled.",
        "An error occurred (InvalidStateException) when calling the PutX operation: Versioning is not enabled.",
        "MediaConvert job ended with ErrorCode: 1040",
        "MediaConvert needs 1401 seconds for this file",
        "exit code 1401",
        '{"Catch": [{"ErrorEquals": ["States.Permissions"], "Next": "Tell"}]}',
        "SASL authentication failed for user admin on the mail relay",
        "Provided certificate or private key is invalid: nginx",
        "cryptography InvalidToken, later the program calls other things",
        "manifest for registry.example.org/app:1 not found: manifest unknown",
        "KMS_KEY_DISABLED is a value of the enumeration",
        "The instance is in a valid state for account 111122223333",
        "The maintenance window has the correct SSM permissions",
        "the deployment ended: HEALTH was fine",
        "Access denied while reading the file",
        "S3 error: access denied of MinIO",
        "Access denied for operation 'AWS::CloudFront::Distribution: Your account must be verified",
        "Parameter does not exist in the form",
        "docker push ghcr.io/acme/app:1\ndenied: permission_denied",
        "InvalidActivation of the licence",
        "AssumeRoleForPodIdentity succeeded",
        "the forum says that the account was blocked",
        "the pod execution role is found in the auth config",
        "the vault is encrypted with a customer managed key",
        "GetBucketAcl call on the bucket succeeded",
        "PCA_LIMIT_EXCEEDED",
        "backup.sh: Could not write to bucket: nightly (disk full)",
        "worker: Could not invoke Lambda function resize: timeout",
        'STATES = ["available", "creating", "failed", "inaccessible-encryption-credentials"]',
        "Invalid IAM Instance Profile name",
        "the reviewer has not been granted READ permissions in GitHub",
    ],
)
def test_what_only_resembles_a_sentence_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    ("path", "said", "missing"),
    [
        ("waf-assets-il-central-1/waf-automation/v4.1.0/parser.zip", "The solution deploys elsewhere.", True),
        ("scheduler-us-east-1/instance-scheduler/v3.0.2/main.zip", "same template works in eu-west-1", True),
        ("our-builds-us-east-1/main.zip", "The solution deploys elsewhere.", False),
        ("waf-assets-il-central-1/waf-automation/v4.1.0/parser.zip", "", False),
    ],
)
def test_a_publishers_bucket_may_lack_what_a_region_needs(path: str, said: str, missing: bool) -> None:
    found = sentence_in(
        "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for "
        f"{path}. S3 Error Code: AccessDenied.\n{said}"
    )
    assert found is not None
    assert ("is not published for" in found.row.summary) is missing
