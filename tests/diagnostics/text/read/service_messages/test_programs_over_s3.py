"""Programs and services whose own sentences say that S3, or a role, refused them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

CRAWLER = (
    "ERROR : Error Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 8N4Q; S3 "
    "Extended Request ID: abc=) retrieving file at s3://{}/2024/orders.csv. Tables created did not infer schemas from "
    "this file."
)


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Failure using stage area. Cause: [Access Denied (Status Code: 403; Error Code: AccessDenied)]",
            "S3 refused the identity of the stage",
        ),
        (
            "Failed to access remote file: access denied. Please check your credentials\ncopy into t from @stage/a",
            "its trust policy is not the cause",
        ),
        (
            "PERMISSION_DENIED: AWS IAM role with ARN arn:aws:iam::444455556666:role/uc is non self-assuming. Please "
            "fix "
            "the role to be self-assuming.",
            "must also trust the role itself",
        ),
        (CRAWLER.format("sales-landing"), "The role of the Glue crawler lacks permissions"),
    ],
)
def test_the_sentence_says_who_was_refused(text: str, words: str) -> None:
    found = answer(text)
    assert words in " ".join((found.verdict.summary, *(step.summary for step in found.steps))), found.verdict.summary


def test_glues_managed_policy_does_not_cover_other_buckets() -> None:
    attached = "\nThe role of the crawler has AWSGlueServiceRole attached."
    assert "only in buckets named aws-glue-*" in answer(CRAWLER.format("sales") + attached).first_look[0].cause
    assert "which is what" in answer(CRAWLER.format("aws-glue-sales") + attached).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "Failure using stage area. Cause: [The specified bucket does not exist (Status Code: 404)]",
    ],
)
def test_other_failures_are_not_taken_for_them(text: str) -> None:
    summary = answer(text).verdict.summary
    assert "S3 refused" not in summary
