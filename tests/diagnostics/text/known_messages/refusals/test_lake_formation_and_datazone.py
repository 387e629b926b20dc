"""Messages of Lake Formation and DataZone: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "Organization acme not found",
        "An illegal combination of flags",
        "Asset is not managed by us",
        "Association failed: timeout",
        "Not authorized to grant permissions",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
