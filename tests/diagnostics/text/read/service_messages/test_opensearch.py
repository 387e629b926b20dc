"""Messages of OpenSearch Service: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"repository_exception","reason":"[r] missing"}',
        "[FORBIDDEN] index page",
        "No roles available for this position, please contact us",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
