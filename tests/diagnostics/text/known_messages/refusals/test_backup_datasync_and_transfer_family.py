"""Messages of backups, transfers and gateways: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


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
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
