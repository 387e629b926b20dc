"""A tool takes what it may not read for missing."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import refused_call as refused

TASK = refused("DescribeTaskDefinition", "ecs:DescribeTaskDefinition", "*")
TOPIC = refused("GetTopicAttributes", "sns:GetTopicAttributes", "arn:aws:sns:eu-west-1:111122223333:alerts")


def _first(text: str) -> str:
    return next((each.cause for each in collect_offline(read_text(text)[0]).first_look), "")


@pytest.mark.parametrize(
    "text",
    [
        f"terraform plan: every task definition has been deleted outside of Terraform. They exist. CloudTrail:\n{TASK}",
        f'pulumi preview wants to create all topics again ("deleted" in the refresh). In CloudTrail:\n{TOPIC}',
        f"tofu plan, no error, says the topics were removed, they are there. At the same minute:\n{TOPIC}",
    ],
)
def test_a_plan_with_a_refused_read_is_not_applied(text: str) -> None:
    assert _first(text).startswith("Do not apply this plan")


@pytest.mark.parametrize(
    "text",
    [
        f"terraform plan\n  # aws_sns_topic.a will be created\nError: reading SNS Topic: {TOPIC}",
        f"terraform plan says the topics were removed\nError: {TOPIC}",
        f"our topics were removed last week by Ida, now\n{TOPIC}",
        "terraform plan: the topic has been deleted outside of Terraform\n"
        + refused("CreateTopic", "sns:CreateTopic", "arn:aws:sns:eu-west-1:111122223333:alerts"),
    ],
)
def test_a_read_that_stopped_the_tool_or_another_call_is_not(text: str) -> None:
    assert not _first(text).startswith("Do not apply")


REFRESHED = """terraform apply of one header
Error: reading S3 Bucket (site) ACL: operation error S3: GetBucketAcl, api error AccessDenied: Access Denied
Error: reading DynamoDB Table (locks): DescribeTable AccessDenied
Error: reading KMS Alias (alias/state): ListAliases AccessDenied
"""


@pytest.mark.parametrize(
    ("text", "refreshes"),
    [
        (REFRESHED, True),
        (REFRESHED.replace("DescribeTable", "ListTagsOfResource").replace("reading KMS", "listing KMS"), True),
        (REFRESHED.replace("AccessDenied\n", "403 Forbidden\n"), True),
        (REFRESHED.replace("DescribeTable", "GetBucketAcl").replace("ListAliases", "GetBucketAcl"), False),
        (REFRESHED.replace("Error: reading", "Error: creating").replace("DescribeTable", "CreateTable"), False),
    ],
)
def test_a_refresh_reads_every_resource_of_the_state(text: str, refreshes: bool) -> None:
    causes = [each.cause for failure in read_text(text) for each in collect_offline(failure).first_look]
    assert any("Terraform reads every resource of its state" in each for each in causes) == refreshes
