"""The question why something still works although its permission was removed."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("why can my lambda still read the table? I removed dynamodb from its role an hour ago", True),
        ("How can this user still list the bucket? We detached AmazonS3ReadOnlyAccess yesterday.", True),
        ("Why is the contractor still able to push images? the ecr policy was deleted on Monday", True),
        ("why can my lambda read the table?", False),
        ("why does it still fail? I removed the Deny: AccessDenied when calling GetItem", False),
    ],
)
def test_what_still_allows_it_is_named(text: str, answered: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith("Something else still allows it") is answered
