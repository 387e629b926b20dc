"""MinIO's client and library call Amazon S3, too: their methods are read as S3's operations."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial, OtherFailure


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Fatal: create repository at s3:s3.amazonaws.com/b: client.BucketExists: Access Denied.", "s3:ListBucket"),
        ("restic: client.PutObject: Access Denied.", "s3:PutObject"),
        ("client.RemoveObject: Access Denied.", "s3:DeleteObject"),
        ('kopia: unable to determine if bucket "b-1" exists: Access Denied.', "s3:ListBucket"),
        ("$ mc alias set a https://s3.amazonaws.com K S\nmc: <ERROR> Unable to list buckets. Access Denied.",
         "s3:ListAllMyBuckets"),
        ("$ mc ls s3/b\nmc: <ERROR> Unable to list folder. Access Denied.", "s3:ListBucket"),
    ],
)  # fmt: skip
def test_the_operation_of_a_method(text: str, action: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial) and failure.action == action


@pytest.mark.parametrize(
    "text",
    [
        "$ mc alias set a https://minio.example.com K S\nmc: <ERROR> Unable to list buckets. Access Denied.",
        "$ mc ls a/b\nmc: <ERROR> Unable to list folder. Access Denied.",
        "$ mc ls a/b on r2.cloudflarestorage.com\nclient.PutObject: Access Denied.",
    ],
)
def test_another_store_is_not_amazon_s3(text: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
