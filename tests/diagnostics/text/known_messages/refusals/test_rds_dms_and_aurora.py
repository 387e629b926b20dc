"""Messages of what databases do with AWS: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in
from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize(
    "text",
    [
        "unable to accept connection, access denied",
        "unable to accept connections",
        "Wrong user to action mapping in the game",
        "FATAL: only SSL connections are allowed",
        "This proxy does not have any registered users",
        "ERROR 1227 (42000): Access denied; you need (at least one of) the SUPER privilege(s) for this operation",
        "Missing Credentials: Cannot instantiate client",
        "Msg 50000: Access Denied to the table",
        "exec msdb.dbo.rds_task_status: SUCCESS",
        "IAM role provided is valid",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    ("text", "of_dms"),
    [
        (
            "Application-Status: 1020912, Application-Detailed-Message: failed to list bucket cdc. RetCode: SQL_ERROR",
            True,
        ),
        ("E:  Failed to list bucket 'cdc' with error 'AccessDenied' [1001730]  (transfer_client.cpp:592)", True),
        ("backup: failed to list bucket cdc: access denied", False),
    ],
)
def test_dms_lists_its_target_bucket_first(text: str, of_dms: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("DMS could not list the target bucket" in summary) is of_dms


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (
            '{"RoleArn": "arn:aws:iam::612340987765:role/aurora-feeds", "Status": "ACTIVE"}',
            "is associated with the cluster",
        ),
        ("AssociatedRoles: []", "has no role for S3"),
    ],
)
def test_a_role_that_is_associated_already_is_only_to_be_named(shown: str, says: str) -> None:
    text = f"S3 API returned error: Missing Credentials: Cannot instantiate S3 Client\n{shown}"
    assert says in diagnosed(text).verdict.summary
