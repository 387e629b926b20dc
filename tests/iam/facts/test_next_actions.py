"""What an operation needs beyond its own action is what AWS's pages say, and nothing that they do not."""

from __future__ import annotations

import pytest

from iam.facts.next_actions import NEXT_ACTIONS, Need


def needs(operation: str) -> dict[tuple[str, str], Need]:
    return {(each.action, each.on): each for each in NEXT_ACTIONS[operation].needs}


@pytest.mark.parametrize(
    ("operation", "action", "on", "page"),
    [
        ("lambda:createfunction", "ec2:DescribeVpcs", "*", "configuration-vpc"),
        ("lambda:updatefunctionconfiguration", "ec2:DescribeVpcs", "*", "configuration-vpc"),
        ("lambda:updatefunctionconfiguration", "ec2:DescribeSubnets", "*", "configuration-vpc"),
        ("rds:createdbinstance", "secretsmanager:TagResource", "secret:", "rds-secrets-manager"),
        ("rds:createdbinstance", "kms:GenerateDataKey", "key/", "rds-secrets-manager"),
        ("ecr:getauthorizationtoken", "ecr:CompleteLayerUpload", "repository/", "image-push-iam"),
        ("ecr:getauthorizationtoken", "ecr:GetDownloadUrlForLayer", "repository/", "PullOnly"),
        ("ecr:initiatelayerupload", "ecr:BatchGetImage", "same", "image-push-iam"),
        ("codeartifact:getauthorizationtoken", "sts:GetServiceBearerToken", "*", "id_credentials_bearer"),
        ("ecr-public:getauthorizationtoken", "sts:GetServiceBearerToken", "*", "public-registry-auth"),
        ("ecr:batchgetimage", "ecr:GetDownloadUrlForLayer", "same", "PullOnly"),
        ("secretsmanager:createsecret", "secretsmanager:TagResource", "same", "API_CreateSecret"),
        ("sqs:receivemessage", "sqs:DeleteMessage", "same", "AWSLambdaSQSQueueExecutionRole"),
        ("sqs:createqueue", "sqs:TagQueue", "same", "API_CreateQueue"),
        ("ecs:runtask", "ecs:TagResource", "task/", "supported-iam-actions-tagging"),
        ("ecs:runtask", "iam:PassRole", "role", "id_roles_use_passrole"),
        ("sts:assumerole", "sts:SetSourceIdentity", "same", "access_monitor"),
        ("athena:startqueryexecution", "glue:GetTable", "table/", "fine-grained-access-to-glue-resources"),
        ("athena:getqueryresults", "kms:Decrypt", "key/", "athena/latest/ug/encryption"),
        ("iam:createrole", "iam:AttachRolePolicy", "same", "id_roles_create_for-service"),
        ("iam:createinstanceprofile", "iam:AddRoleToInstanceProfile", "same", "troubleshoot_iam-ec2"),
        ("elasticloadbalancing:createloadbalancer", "elasticloadbalancing:AddTags", "same", "tagging-resources"),
    ],
)
def test_an_operation_needs_what_the_page_says(operation: str, action: str, on: str, page: str) -> None:
    need = needs(operation)[action, on]
    assert page in (need.page or NEXT_ACTIONS[operation].page)


@pytest.mark.parametrize(
    ("operation", "action", "on"),
    [
        ("ec2:createvolume", "ec2:AttachVolume", "volume/"),
        ("glue:gettable", "glue:GetDatabase", "database/"),
        ("glue:gettable", "glue:GetPartitions", "table/"),
        ("glue:getdatabase", "glue:GetTable", "table/"),
    ],
)
def test_an_action_that_no_page_requires_is_not_named(operation: str, action: str, on: str) -> None:
    assert (action, on) not in needs(operation)


def test_every_need_has_a_page_of_aws() -> None:
    pages = {each.page for row in NEXT_ACTIONS.values() for each in row.needs if each.page}
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in pages)
