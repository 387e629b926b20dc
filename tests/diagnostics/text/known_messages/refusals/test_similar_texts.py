"""Texts that only resemble a message of a service: no row is read from them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "the role cannot be provided",
        "failed attempting to download the file",
        "Too many connects from one host",
        "ldap: SaslAuthenticationException: Access denied",
        "Job failed, please check complete logs in configured logging destination. ExitCode: 1. OutOfMemoryError",
        "the secret is encrypted with the default key",
        "Splunk.Connected",
        "You don't have sufficient permissions to edit this page",
    ],
)
def test_what_only_resembles_a_message_of_emr_quicksight_or_dms_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Unable to verify existence of default database: timeout",
        "DescribeClusters action is unauthorized",
        "SELECT name FROM a relation that has no columns",
        "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://a/b (offset=0, length=1): The key does not exist",
        "LAUNCH ERROR | Out of memory",
        "The domain is not registered",
        "glue put-resource-policy --enable-hybrid TRUE",
        "S3 Query Exception (Fetch). Retries exceeded",
        'FATAL: user "jane" does not exist',
        "the cluster has a default IAM role",
    ],
)
def test_what_only_resembles_a_message_of_athena_glue_or_redshift_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "This snapshot is managed by Terraform and cannot be deleted",
        "mount.nfs: access denied by server while mounting 10.0.4.20:/data",
        '{"type": "S3AccessDenied", "bucket": "acme"}',
        "CreateLocationS3: DataSync location access test succeeded",
        'nginx: ERROR Message="Access denied" Path=/admin',
        "Please consult the permissions associated with your AWS Backup role(s).\nDecodedMessage: iam:PassRole",
        "Insufficient privileges to perform this action in the CRM",
        "StepErrored: timeout",
        "Unable to call identity provider: HTTP 503",
        "the connector cannot retrieve the secrets of the universe",
    ],
)
def test_what_only_resembles_a_message_of_backup_or_transfers_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
