"""Messages of block and file storage: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "chown: changing ownership of '/data': Operation not permitted",
        "Block Public Access is enabled for this blog",
        "The service account provided by the cluster has no permission",
        "AWSServiceRoleForFSxS3Access_fs-0123456789abcdef0 was created",
        "Encrypted snapshots can be shared with EBS",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
