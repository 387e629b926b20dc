"""A policy that admits a service for one source, and the resources that the text is about."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NOT_SENT = "S3 inventory: nothing arrives in the bucket.\n"
POLICY = (
    '{{"Principal":{{"Service":"s3.amazonaws.com"}},"Action":"s3:PutObject","Resource":"arn:aws:s3:::inv/*","Condition":'
    '{{"ArnLike":{{"aws:SourceArn":"{}"}}}}}}\n'
)


@pytest.mark.parametrize(
    ("source", "around", "words"),
    [
        (
            "arn:aws:s3:::orders-v1",
            "The source is arn:aws:s3:::orders-v2.",
            "write arn:aws:s3:::orders-v2 in the policy",
        ),
        ("arn:aws:s3:::orders-v1", "", ""),
    ],
)
def test_the_source_is_compared_with_other_resources_than_the_protected_one(
    source: str, around: str, words: str
) -> None:
    summary = collect_offline(read_text(NOT_SENT + POLICY.format(source) + around)[0]).verdict.summary
    assert words in summary
    assert "{other}" not in summary
    assert words or "in the policy, if that is the source" not in summary
