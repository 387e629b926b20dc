"""A program that creates what exists needs an option, not a permission."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POLICY = '{"Effect":"Allow","Action":["s3:ListBucket","s3:PutObject"],"Resource":["arn:aws:s3:::borg/*"]}'


def test_the_option_comes_instead_of_the_action() -> None:
    text = f"rclone sync to a bucket that exists already:\n{POLICY}\nEvery job ends with AccessDenied on CreateBucket."
    diagnosis = collect_offline(read_text(text)[0])
    assert diagnosis.verdict.summary.startswith("rclone tries to create the bucket, although it exists")
    assert [fix.title for fix in diagnosis.fixes] == ["Let rclone use the existing bucket"]


@pytest.mark.parametrize(
    "text",
    [
        "rclone sync to a new bucket: AccessDenied on CreateBucket",
        "terraform says AccessDenied on CreateBucket, the bucket exists",
        "rclone: AccessDenied on PutObject, the bucket exists",
    ],
)
def test_another_program_call_or_a_missing_thing_is_left_to_the_policies(text: str) -> None:
    assert "turn this off" not in collect_offline(read_text(text)[0]).verdict.summary
