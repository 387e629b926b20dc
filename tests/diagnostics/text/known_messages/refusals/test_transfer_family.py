"""Messages of Transfer Family about an upload: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


PUT = (
    'sftp> put a.csv\nremote open("/drop/home/al/a.csv"): Permission denied\nTransfer Family, user al, role with {}\n{}'
)


@pytest.mark.parametrize(
    ("had", "around", "of_the_key"),
    [
        ('["s3:PutObject"] on arn:aws:s3:::drop/*', "default encryption aws:kms", True),
        ('["s3:PutObject", "kms:GenerateDataKey"]', "default encryption aws:kms", False),
        ('["s3:PutObject"] on arn:aws:s3:::drop/*', "", False),
    ],
)
def test_an_upload_to_an_encrypted_bucket_needs_its_key(had: str, around: str, of_the_key: bool) -> None:
    assert ("lacks kms:GenerateDataKey" in answer(PUT.format(had, around)).verdict.summary) is of_the_key
