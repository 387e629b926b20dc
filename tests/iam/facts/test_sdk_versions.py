"""The SDK that a text names is compared with the oldest version for EKS Pod Identity and for IMDSv2."""

from __future__ import annotations

import pytest

from iam.facts.sdk_versions import too_old_for_metadata_tokens, too_old_for_pod_identity


@pytest.mark.parametrize(("text", "old"), [
    ("Gemfile.lock: aws-sdk-core (3.170.0)", "aws-sdk-core 3.170.0 (needed: 3.188.0)"),
    ("boto3==1.26.5", "boto3 1.26.5 (needed: 1.34.41)"),
    ("boto3==1.34.41 and botocore==1.34.41", ""),
    ("implementation 'software.amazon.awssdk:s3:2.20.1'", "software.amazon.awssdk:s3 2.20.1 (needed: 2.21.30)"),
    ("github.com/aws/aws-sdk-go v1.44.0", "github.com/aws/aws-sdk-go 1.44.0 (needed: 1.47.11)"),
    ("github.com/aws/aws-sdk-go-v2 v1.20.0", ""),
    ('"@aws-sdk/client-s3": "^3.300.0"', "@aws-sdk/client-s3 3.300.0 (needed: 3.458.0)"),
])  # fmt: skip
def test_pod_identity(text: str, old: str) -> None:
    assert too_old_for_pod_identity(text) == old


def test_tokens_of_the_metadata_service() -> None:
    assert too_old_for_metadata_tokens("AWSSDK.Core 3.3.104.6").startswith("AWSSDK.Core 3.3.104.6 (needed")
    assert not too_old_for_metadata_tokens("AWSSDK.Core 3.7.300.2")
    assert too_old_for_metadata_tokens("aws-sdk-core (3.60.0)") == "aws-sdk-core 3.60.0 (needed: 3.79.0)"
