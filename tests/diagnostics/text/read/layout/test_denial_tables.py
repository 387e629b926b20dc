"""Refused calls in tables, CSV, fields and half sentences are read by what their words are."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from diagnostics.text.read.layout.denial_tables import row_events

CALLER = "arn:aws:sts::551204417730:assumed-role/shipper/i-0b"
IN_CHINA = "arn:aws-cn:iam::551204417730:user/ci"

ROWS = {
    "columns": (
        "eventTime             eventSource        eventName    userIdentity.arn   errorCode\n"
        f"2026-11-03T08:02:40Z sqs.amazonaws.com  SendMessage  {CALLER}  AccessDenied",
        ("sqs:SendMessage", CALLER, None),
    ),
    "a cut ARN": (
        "02:51:07 ec2.amazonaws.com CreateFleet  arn:aws:sts::6649012\u2026/karpenter-core/17\u2026 "
        "arn:aws:ec2:eu-central-1:6649012\u2026    Client.UnauthorizedOperation",
        ("ec2:CreateFleet", "karpenter-core", None),
    ),
    "a table of Markdown": (
        f"| time | event | user | error |\n|---|---|---|---|\n| 04:10 | CreateLogGroup | {CALLER} |"
        " AccessDeniedException |",
        ("logs:CreateLogGroup", CALLER, None),
    ),
    "CSV": (
        f"2026-11-04T02:10:02Z,kms.amazonaws.com,GenerateDataKey,{CALLER},AccessDenied",
        ("kms:GenerateDataKey", CALLER, None),
    ),
    "a short name": (
        "RunInstances role/batch-compute   autoscaling.amazonaws.com  Client.UnauthorizedOperation",
        ("ec2:RunInstances", "batch-compute", None),
    ),
    "fields of one line": (
        "event=AssumeRole source=sts.amazonaws.com principal=arn:aws:iam::551204417730:user/ci "
        "resource=arn:aws:iam::551204417730:role/deploy error=AccessDenied",
        ("sts:AssumeRole", "arn:aws:iam::551204417730:user/ci", "arn:aws:iam::551204417730:role/deploy"),
    ),
    "a field a line": (
        f"eventName: GetBucketAcl\neventSource: s3.amazonaws.com\nuserIdentity: {CALLER}\nerrorCode: AccessDenied\n"
        "bucketName: maple-export",
        ("s3:GetBucketAcl", CALLER, "arn:aws:s3:::maple-export"),
    ),
    "a bucket in China": (
        f"eventName: GetBucketAcl\nuserIdentity: {IN_CHINA}\nerrorCode: AccessDenied\nbucketName: maple-export",
        ("s3:GetBucketAcl", IN_CHINA, "arn:aws-cn:s3:::maple-export"),
    ),
    "an action in a field": (
        f"user/principal: {CALLER}\napi: ec2:CreateImage\nresult: UnauthorizedOperation",
        ("ec2:CreateImage", CALLER, None),
    ),
    "of a service": (
        "there is a steady stream of AccessDenied events of cloudtrail.amazonaws.com for GetBucketAcl on the bucket.",
        ("s3:GetBucketAcl", "cloudtrail.amazonaws.com", None),
    ),
    "a header names them": (
        "Event name,Event time,User name,Event source,Resource name,Error code\n"
        "DeleteBucket,2026-11-05T09:12:11Z,sam,s3.amazonaws.com,cedar-tmp,AccessDenied",
        ("s3:DeleteBucket", "sam", None),
    ),
    "keys of one line": (
        "errorCode=AccessDenied eventName=CreateTags eventSource=ec2.amazonaws.com "
        "userIdentity.sessionContext.sessionIssuer.userName=packer-build",
        ("ec2:CreateTags", "packer-build", None),
    ),
    "unknown fields beside": (
        f"id: 12\nactor: {CALLER}\noperation: TerminateInstances\nstatus: Client.UnauthorizedOperation\ntarget: i-0abc",
        ("ec2:TerminateInstances", CALLER, None),
    ),
    "an operation of one word": (
        "EventBridge: 14:02 AccessDenied  sns.amazonaws.com  Publish  caller events.amazonaws.com",
        ("sns:Publish", "events.amazonaws.com", None),
    ),
    "by a service": (
        "since then AccessDenied for PutObject by logging.s3.amazonaws.com in the target",
        ("s3:PutObject", "logging.s3.amazonaws.com", None),
    ),
    "a service and a source": (
        "GuardDuty: AccessDenied by config.amazonaws.com calling GetBucketPolicy (s3.amazonaws.com), many per hour",
        ("s3:GetBucketPolicy", "config.amazonaws.com", None),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), ROWS.values(), ids=ROWS)
def test_a_row_names_the_call_and_who_made_it(text: str, wanted: tuple[str, str, str | None]) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.action, failure.principal, failure.resource) == wanted


NO_ROWS = (
    "2026-11-03T08:02:40Z sqs.amazonaws.com SendMessage arn:aws:sts::551204417730:assumed-role/shipper/i-0b ok",
    "is AccessDenied for PutObject by logging.s3.amazonaws.com normal?",
    "filter errorCode like /AccessDenied/ and eventName = PutObject by logging.s3.amazonaws.com",
    "AccessDenied on PutObject and GetObject by logging.s3.amazonaws.com",
    "AccessDenied for Nothing by logging.s3.amazonaws.com",
    "the role role/importer lacks the permission for PutObject: AccessDenied",
    "errorCode: AccessDenied\nmessage: it is refused",
)


@pytest.mark.parametrize("text", NO_ROWS)
def test_other_lines_are_no_rows(text: str) -> None:
    assert row_events(text) == ([], text)
