"""Messages of what databases do with AWS: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


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
