"""The bucket of a program's settings is compared with the policy, if the refusal names none."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

REFUSED = "store put chunk: AccessDenied: Access Denied\n\tstatus code: 403, request id: 1A\n"
POLICY = (
    '{{"Effect": "Allow", "Action": ["s3:PutObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::{0}", '
    '"arn:aws:s3:::{0}/*"]}}\n'
)


@pytest.mark.parametrize(
    ("setting", "granted", "differs"),
    [
        ("bucketNames:\n  chunks: shop-chunks\n  ruler: shop-ruler\n", "shop-chunk", True),
        ("bucket_name = shop-backups", "shop-backup", True),
        ("destinationPath: s3://shop-wal/main", "shop-wals", True),
        ("bucketNames:\n  chunks: shop-chunks\n", "shop-chunks", False),
        ("bucketNames:\n  chunks: shop-chunks\n", "shop-*", False),
        ("bucket: invoices", "shop-chunks", False),
    ],
)
def test_a_similar_bucket_in_the_policy_is_named(setting: str, granted: str, differs: bool) -> None:
    answer = answer_to(f"loki {REFUSED}{setting}\n{POLICY.format(granted)}")
    assert (f"The policy in the text names the bucket {granted}, and the program's settings have" in answer) is differs
