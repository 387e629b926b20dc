"""Messages of Fluentd about its bucket."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

FLUENTD: tuple[ServiceSentence, ...] = (
    row(
        "can't call s3 api. please check your credentials",
        r"can't call S3 API\. Please check your credentials or s3_region configuration\. error ?= ?[^\n]{0,40}"
        r"(?:Forbidden|AccessDenied)",
        "Fluentd's keys or role",
        "S3 refused the listing with which Fluentd checks the bucket at its start",
        "S3 refused the listing with which Fluentd checks the bucket at its start: its keys or role need s3:ListBucket "
        "on the bucket itself, or set check_apikey_on_start false. The keys were accepted.",
        UsualCause(
            "Allow s3:ListBucket on arn:aws:s3:::BUCKET (not on BUCKET/*) and s3:PutObject on its objects. "
            "check_apikey_on_start false and check_bucket false leave the checks out.",
            "aws s3api list-objects-v2 --bucket BUCKET --max-items 1",
        ),
        page="https://github.com/fluent/fluent-plugin-s3/blob/master/docs/output.md",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
