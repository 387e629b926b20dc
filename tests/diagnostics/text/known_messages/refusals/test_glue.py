"""Messages of a crawler of Glue: what the text decides."""

from __future__ import annotations

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

CRAWLER = (
    "ERROR : Error Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 8N4Q; S3 "
    "Extended Request ID: abc=) retrieving file at s3://{}/2024/orders.csv. Tables created did not infer schemas from "
    "this file."
)


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


def test_glues_managed_policy_does_not_cover_other_buckets() -> None:
    attached = "\nThe role of the crawler has AWSGlueServiceRole attached."
    assert "only in buckets named aws-glue-*" in answer(CRAWLER.format("sales") + attached).first_look[0].cause
    assert "which is what" in answer(CRAWLER.format("aws-glue-sales") + attached).verdict.summary
