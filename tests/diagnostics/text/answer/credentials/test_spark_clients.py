"""Spark's clients of S3 look for credentials in places of their own."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

S3A = (
    "java.nio.file.AccessDeniedException: lake: org.apache.hadoop.fs.s3a.auth.NoAuthWithAWSException: No AWS "
    "Credentials provided by TemporaryAWSCredentialsProvider SimpleAWSCredentialsProvider "
    "EnvironmentVariableCredentialsProvider IAMInstanceCredentialsProvider : "
    "com.amazonaws.SdkClientException: Unable to load AWS credentials"
)
CHAIN = (
    "software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in "
    "the chain AwsCredentialsProviderChain(credentialsProviders=[SystemPropertyCredentialsProvider()])"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (S3A, "None of S3A's providers found credentials"),
        (
            f"catalog-impl org.apache.iceberg.aws.glue.GlueCatalog\nspark.hadoop.fs.s3a.access.key AKIA\n{CHAIN}",
            "are read by Hadoop's S3A only",
        ),
        (f"io-impl=org.apache.iceberg.aws.s3.S3FileIO\n{CHAIN}", "No usable credentials were found"),
    ],
)
def test_the_places_where_the_client_looks_are_named(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary
