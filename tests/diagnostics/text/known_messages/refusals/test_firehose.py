"""Messages of Firehose about the key of a stream: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

GRANT = (
    "InvalidKMSResourceException: The grant for the CMK to this delivery stream might have been revoked or caller "
    "might not have sufficient permissions for the CMK.\n"
)


@pytest.mark.parametrize(
    ("policy", "lacks"),
    [
        ('"Action": ["kms:DescribeKey", "kms:GenerateDataKey"]', True),
        ('"Action": ["kms:Decrypt", "kms:CreateGrant"]', False),
        ('"Action": ["kms:*"]', False),
        ("A rule sends the events.", False),
    ],
)
def test_the_grant_of_a_stream_comes_before_its_producers(policy: str, lacks: bool) -> None:
    (failure, *_) = read_text(f"{GRANT}{policy}")
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert ("actions on the key without kms:CreateGrant" in causes[0]) is lacks
    assert any(each.startswith("Create the grant again") for each in causes)
