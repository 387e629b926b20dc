"""The statement that is added where the closest one does not name the action or the resource."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import PASSED, allow, diagnosed, no_identity, passing_role, policy

ACCOUNT = "210987654321"


def test_a_policy_of_another_service_gets_the_statement() -> None:
    answer = diagnosed(passing_role("RunInstances", allow("ec2:*", "*")))
    assert "names only ec2, but no iam action" in answer.verdict.summary
    assert '"iam:PassedToService": "ec2.amazonaws.com"' in str(answer.fixes[0].change)


def test_a_permission_set_is_changed_in_identity_center() -> None:
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Deploy_0a1b2c3d4e5f6a7b/jo"
    action = "elasticloadbalancing:DescribeTargetHealth"
    answer = diagnosed(f"{policy(allow(['ecs:*', 'ecr:*'], '*'))}\n{no_identity(action, '*', caller)}")
    assert "the permission set Deploy, in IAM Identity Center" in str(answer.fixes[0].change)
    assert '"Resource": "*"' in str(answer.fixes[0].change)


def test_not_action_stays_as_it_is() -> None:
    everything_else = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    answer = diagnosed(passing_role("CreateStateMachine", everything_else))
    assert "Leave the NotAction" in str(answer.fixes[0].change)
    assert '"iam:PassedToService": "states.amazonaws.com"' in str(answer.fixes[0].change)


def test_a_boundary_called_by_its_name_grants_nothing() -> None:
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
    both = (
        '{"permission boundary": {"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"},\n'
        ' "identity policy": {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::in/*"}}'
    )
    answer = diagnosed(f"{both}\n{no_identity('sqs:SendMessage', queue)}")
    assert "names only s3, but no sqs action" in answer.verdict.summary


def test_a_profile_of_bedrock_needs_its_model_too() -> None:
    profile = f"arn:aws:bedrock:us-west-2:{ACCOUNT}:inference-profile/global.anthropic.claude-x-v1:0"
    model = "arn:aws:bedrock:us-west-2::foundation-model/global.anthropic.claude-x-v1:0"
    answer = diagnosed(f"{no_identity('bedrock:InvokeModel', profile)}\n# role policy: bedrock:InvokeModel on {model}")
    assert "arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0" in str(answer.fixes[0].change)
    assert profile in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("action", "resource", "statement", "said"),
    [
        (
            "dynamodb:PartiQLSelect",
            f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t",
            allow(["dynamodb:Query", "dynamodb:ExecuteStatement"], "*"),
            "Write dynamodb:PartiQLSelect in statement 1",
        ),
        (
            "s3:ListBucket",
            "arn:aws:s3:::b",
            allow(["s3:ListObjectsV2", "s3:HeadObject"], "*"),
            "Write s3:ListBucket and s3:GetObject in statement 1",
        ),
        (
            "glue:GetTable",
            f"arn:aws:glue:eu-west-1:{ACCOUNT}:catalog",
            allow("athena:*", "*"),
            "Also name the ARN of the database and table in its Resource",
        ),
        ("glue:GetTags", f"arn:aws:glue:eu-west-1:{ACCOUNT}:job/j", allow("athena:*", "*"), 'job/j"}.'),
    ],
)
def test_a_fix_allows_what_this_call_needs(action: str, resource: str, statement: dict[str, Any], said: str) -> None:
    fix = diagnosed(f"{no_identity(action, resource)}\n{policy(statement)}").fixes[0]
    assert said in f"{fix.title} {fix.change}"


def test_an_endpoint_s_policy_is_read_though_it_names_principals() -> None:
    document = policy(allow("s3:GetObject", "arn:aws:s3:::data/*", Principal="*"))
    refusal = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/a/b is not authorized to perform: s3:GetObject on resource: "
        '"arn:aws:s3:::mirror-of-rpms/x" because no VPC endpoint policy allows the s3:GetObject action'
    )
    answer = diagnosed(f"vpc endpoint policy:\n{document}\n{refusal}")
    assert answer.verdict.cause == "vpce.resource-mismatch"
    assert '"Principal": "*"' in str(answer.fixes[0].change)
    lacking = refusal.replace("s3:GetObject", "s3:ListBucket")
    answer = diagnosed(f"vpc endpoint policy:\n{policy(allow('s3:GetObject', '*', Principal='*'))}\n{lacking}")
    assert answer.verdict.cause == "vpce.no-action"
    assert answer.fixes and "s3:ListBucket" in str(answer.fixes[0].change)


def test_a_call_may_have_meant_the_only_resource_of_the_statement() -> None:
    roles = [f"arn:aws:iam::210987654321:role/nodes-{color}" for color in ("green", "blue")]
    text = no_identity("iam:PassRole", roles[1]) + "\n"
    (fix, *_) = diagnosed(text + policy(allow("iam:PassRole", roles[0]))).fixes
    assert f"If the call was meant for {roles[0]}, correct the call" in str(fix.change)
    (fix, *_) = diagnosed(text + policy(allow("iam:PassRole", "arn:aws:iam::210987654321:role/x-*"))).fixes
    assert "correct the call" not in str(fix.change)


def test_an_action_is_added_to_the_statement_that_names_the_caller_under_a_condition() -> None:
    provider = "arn:aws:iam::111122223333:saml-provider/corp"
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    answer = diagnosed(f"AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML\n{policy(trust)}")
    assert answer.fixes[0].title == "Let statement 1 allow sts:AssumeRoleWithSAML"


PHONE = 'A phone number has no ARN: only "*" matches it'


@pytest.mark.parametrize(
    ("action", "on", "written"),
    [
        ("SNS:Publish", "+436601234567", allow("sns:Publish", f"arn:aws:sns:eu-west-1:{ACCOUNT}:*")),
        ("sns:Publish", "+1555*****12", allow(["sns:Publish"], f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts")),
        ("sns:Publish", "+33600000000", allow("sqs:SendMessage", "*")),
    ],
)
def test_a_message_to_a_phone_number_is_allowed_on_every_resource(
    action: str, on: str, written: dict[str, object]
) -> None:
    (fix,) = diagnosed(f"{no_identity(action, on)}\n{policy(written)}").fixes
    assert '"Action": "sns:Publish", "Resource": "*"' in str(fix.change) and PHONE in str(fix.change)


@pytest.mark.parametrize(
    ("action", "on"),
    [("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"), ("sns:OptInPhoneNumber", "+436601234567")],
)
def test_a_topic_and_another_action_are_no_message_to_a_phone_number(action: str, on: str) -> None:
    (fix,) = diagnosed(
        f"{no_identity(action, on)}\n{policy(allow(action, f'arn:aws:sns:us-west-2:{ACCOUNT}:*'))}"
    ).fixes
    assert PHONE not in str(fix.change)


KMS = f"arn:aws:kms:eu-west-1:{ACCOUNT}"


@pytest.mark.parametrize(
    ("role", "service"),
    [
        ("EMR_DefaultRole_V2", "elasticmapreduce.amazonaws.com"),
        ("service-role/codebuild-shop-service-role", "codebuild.amazonaws.com"),
        ("ecsTaskExecutionRole", "ecs-tasks.amazonaws.com"),
        ("emr-own", ""),
    ],
)
def test_a_role_that_aws_creates_for_a_service_is_passed_to_that_service(role: str, service: str) -> None:
    on = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    statement = allow("iam:PassRole", PASSED, Condition={"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}})
    change = str(diagnosed(f"{no_identity('iam:PassRole', on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {{"StringEquals": {{"iam:PassedToService": "{service}"}}}}' in change) is bool(service)
    assert ("ec2.amazonaws.com*" in change) is not bool(service)


@pytest.mark.parametrize(
    ("without", "on_purpose"),
    [
        (["iam:*", "kms:ScheduleKeyDeletion"], True),
        (["KMS:scheduleKeyDeletion"], True),
        ("kms:ScheduleKeyDeletion", True),
        (["kms:*"], False),
        (["kms:Schedule*"], False),
    ],
)
def test_an_action_that_not_action_names_was_left_out_on_purpose(without: Any, on_purpose: bool) -> None:
    action = "kms:ScheduleKeyDeletion"
    document = json.dumps({"Statement": [{"Effect": "Allow", "NotAction": without, "Resource": "*"}]})
    (fix,) = diagnosed(f"{no_identity(action, f'{KMS}:key/1')}\n{document}").fixes
    assert ("most likely on purpose" in str(fix.change)) is on_purpose
    assert ("if it was not left out on purpose" in fix.title) is on_purpose


@pytest.mark.parametrize(
    ("resource", "had", "asked"),
    [
        ("dynamodb:DescribeTable {}dynamodb:eu-west-1:111122223333:table/app-CoordinatorState", "table/app", False),
        ("glue:GetDatabase {}glue:eu-west-1:111122223333:database/default", "database/wap", False),
        ("dynamodb:DescribeTable {}dynamodb:eu-west-1:111122223333:table/apps", "table/app", True),
    ],
)
def test_a_resource_that_a_client_looks_up_by_itself_is_no_mistake(resource: str, had: str, asked: bool) -> None:
    action, arn = resource.format("arn:aws:").split(" ")
    text = (
        f"User: arn:aws:iam::111122223333:user/etl is not authorized to perform: {action} on resource: {arn} because "
        f'no identity-based policy allows the {action} action (spark)\n{{"Effect": "Allow", "Action": "{action}", '
        f'"Resource": "{arn.rpartition(":")[0]}:{had}"}}'
    )
    changes = str(diagnosed(text).fixes)
    assert ("If the call was meant for" in changes) is asked
