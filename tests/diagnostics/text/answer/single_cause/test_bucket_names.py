"""The address of S3 where a bucket's name belongs."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden"


@pytest.mark.parametrize(
    ("named", "right"),
    [
        ("s3://s3.eu-west-2.amazonaws.com/tools/setup.sh", "s3://tools/setup.sh"),
        ("s3://s3-us-west-1.amazonaws.com/tools/a/b.sh", "s3://tools/a/b.sh"),
        ("s3://tools.s3.eu-west-1.amazonaws.com/a.sh", "s3://tools/a.sh"),
        ("s3://https://s3.amazonaws.com/tools/a.sh", "s3://tools/a.sh"),
    ],
)
def test_the_address_is_replaced_by_the_buckets_name(named: str, right: str) -> None:
    answer = collect_offline(read_text(f"+ aws s3 cp {named} /tmp/\n{REFUSED}")[0])
    assert f"Write {right}:" in answer.verdict.summary


@pytest.mark.parametrize(
    "named", ["s3://tools/s3.amazonaws.com/a.sh", "s3://tools/a.sh --endpoint-url https://s3.eu-west-1.amazonaws.com"]
)
def test_a_buckets_name_is_left_alone(named: str) -> None:
    answer = collect_offline(read_text(f"+ aws s3 cp {named} /tmp/\n{REFUSED}")[0])
    assert "address of S3" not in answer.verdict.summary
