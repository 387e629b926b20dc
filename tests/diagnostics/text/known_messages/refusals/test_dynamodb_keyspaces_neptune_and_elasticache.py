"""Messages of DynamoDB, DAX, Keyspaces, Neptune and ElastiCache: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        '"FailureCode": "AccessDenied"',
        '"ImportStatus": "FAILED", "FailureCode": "ItemValidationError"',
        "cassandra.example.net: code=0100 [Bad credentials]",
        "com.acme.mesh.NoRouteException: no route",
        "Authentication required",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
