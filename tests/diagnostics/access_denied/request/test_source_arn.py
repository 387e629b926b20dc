"""The resource for which a service acts is the one that the text's call names."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.source_arn import acting_for

OWN = "eu-west-1:111122223333"
TRAIL = f"arn:aws:cloudtrail:{OWN}:trail"
TERRAFORM = 'resource "aws_cloudtrail" "main" {\n  name = "audit-eu"\n  s3_bucket_name = "logs"\n}\n'
STEPS = "1 delete-trail --name audit   done\n2 create-trail --name audit-eu --s3-bucket-name logs   failed\n"
BOTO = 'trails.create_trail(Name="audit-eu", S3BucketName="logs")'


@pytest.mark.parametrize(
    ("text", "operation", "wanted", "sent"),
    [
        ("aws cloudtrail create-trail --name audit-eu", "", f"{TRAIL}/audit", f"{TRAIL}/audit-eu"),
        (STEPS, "CreateTrail", f"{TRAIL}/audit", f"{TRAIL}/audit-eu"),
        (TERRAFORM, "", f"{TRAIL}/audit", f"{TRAIL}/audit-eu"),
        (BOTO, "", f"{TRAIL}/audit", f"{TRAIL}/audit-eu"),
        ("Error: creating CloudTrail Trail (audit-eu): X", "", f"{TRAIL}/audit", f"{TRAIL}/audit-eu"),
        ("aws cloudtrail update-trail --name audit --region us-east-1", "", f"{TRAIL}/audit",
         "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"),
        (f"aws sns subscribe --topic-arn arn:aws:sns:{OWN}:new --protocol sqs", "", f"arn:aws:sns:{OWN}:old",
         f"arn:aws:sns:{OWN}:new"),
        ("aws events put-targets --rule nightly2 --targets file://t.json", "", f"arn:aws:events:{OWN}:rule/nightly",
         f"arn:aws:events:{OWN}:rule/nightly2"),
        ("aws logs put-subscription-filter --log-group-name /app/prod", "", f"arn:aws:logs:{OWN}:log-group:/app/dev:*",
         f"arn:aws:logs:{OWN}:log-group:/app/prod:*"),
        ("aws secretsmanager rotate-secret --secret-id d/new", "", f"arn:aws:secretsmanager:{OWN}:secret:d/old-Ab12Cd",
         f"arn:aws:secretsmanager:{OWN}:secret:d/new-??????"),
        ("aws s3api put-bucket-notification-configuration --bucket b-prod", "", "arn:aws:s3:::b-dev",
         "arn:aws:s3:::b-prod"),
        ("Error: creating S3 Bucket (b-prod) Notification: X", "", "arn:aws:s3:::b-prod/in/*", "arn:aws:s3:::b-prod"),
    ],
)  # fmt: skip
def test_the_call_names_what_the_service_acts_for(text: str, operation: str, wanted: str, sent: str) -> None:
    assert [had.words for had in acting_for(text, operation, [wanted]).values()] == [sent]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("aws cloudtrail create-trail --name audit-eu", f"{TRAIL}/audit-eu"),
        ("aws cloudtrail create-trail --name audit-eu", f"{TRAIL}/audit*"),
        ("aws cloudtrail create-trail --name audit-eu", f"{TRAIL}/*"),
        ("aws cloudtrail create-trail --name $TRAIL", f"{TRAIL}/audit"),
        (STEPS, f"{TRAIL}/audit-us"),  # two names, and no failed call says which counts
        ("aws cloudtrail create-event-data-store --name audit-eu", f"{TRAIL}/audit"),
        ("aws s3api create-bucket --bucket audit-eu", f"{TRAIL}/audit"),
        ("aws events put-rule --name x --event-bus-name shop", f"arn:aws:events:{OWN}:rule/shop/nightly"),
        ("aws sns list-topics", f"arn:aws:sns:{OWN}:old"),
        # The ARN of a log group is sent with :*, and event data stores send none.
        ("aws logs put-subscription-filter --log-group-name /app", f"arn:aws:logs:{OWN}:log-group:/app:*"),
        ("aws logs put-subscription-filter --log-group-name /app", f"arn:aws:logs:{OWN}:log-group:/app"),
        ("aws logs put-subscription-filter --log-group-name /app", f"arn:aws:logs:{OWN}:log-group:/a*:*"),
        # The command has a secret's name, and its ARN has six more characters.
        ("aws secretsmanager rotate-secret --secret-id db/app", f"arn:aws:secretsmanager:{OWN}:secret:db/app-Ab12Cd"),
        ("aws secretsmanager rotate-secret --secret-id my-secret", f"arn:aws:secretsmanager:{OWN}:secret:my-secret-*"),
        ("aws cloudtrail create-event-data-store --name audit", f"arn:aws:cloudtrail:{OWN}:eventdatastore/EXAMPLE"),
    ],
)
def test_a_call_that_fits_or_names_no_such_resource_says_nothing(text: str, wanted: str) -> None:
    assert not acting_for(text, "", [wanted])


def test_the_account_is_the_callers_where_it_is_known() -> None:
    sent = acting_for("aws cloudtrail create-trail --name audit", "", [f"{TRAIL}/audit"], "444455556666")
    assert [had.words for had in sent.values()] == ["arn:aws:cloudtrail:eu-west-1:444455556666:trail/audit"]
