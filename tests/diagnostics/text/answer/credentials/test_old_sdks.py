"""A program with an SDK that is too old for its platform's credentials is advised to update it."""

from __future__ import annotations

from tests.support.denials.pasted import diagnosed

POD = (
    "The Ruby worker uses EKS Pod Identity: AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials\n"
    "Gemfile.lock: aws-sdk-core ({})\n"
    "Aws::Errors::MissingCredentialsError: unable to sign request without credentials set\n"
)
INSTANCE = (
    "The service runs on EC2 with {}; the instance has HttpTokens: {}.\n"
    "Amazon.Runtime.AmazonServiceException: "
    "Unable to get IAM security credentials from EC2 Instance Metadata Service.\n"
)


def test_an_sdk_that_is_too_old_for_pod_identity() -> None:
    assert "aws-sdk-core 3.150.0 (needed: 3.188.0)" in diagnosed(POD.format("3.150.0")).verdict.summary
    assert "Update the AWS SDK" not in diagnosed(POD.format("3.190.0")).verdict.summary


def test_an_sdk_that_sends_no_token_to_the_metadata_service() -> None:
    old = diagnosed(INSTANCE.format("AWSSDK.Core 3.3.100.1", "required")).verdict.summary
    assert "most likely AWSSDK.Core 3.3.100.1" in old
    assert "too old for IMDSv2" in old
    assert "too old" not in diagnosed(INSTANCE.format("AWSSDK.Core 3.7.100.1", "required")).verdict.summary
    assert "too old" not in diagnosed(INSTANCE.format("AWSSDK.Core 3.3.100.1", "optional")).verdict.summary
