"""What to change in a pasted policy, or in the request, where a condition or two things are not met."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.access_denied.pasted.fixes.unknown_condition import remedy_of_allow
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy, refused

ACCOUNT = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"


def passing(operation: str, *statements: dict[str, object]) -> str:
    called = f"An error occurred (AccessDenied) when calling the {operation} operation: "
    return called + no_identity("iam:PassRole", ROLE) + "\n" + policy(*statements)


def launching(tag: str) -> str:
    return (
        "aws ec2 run-instances --image-id ami-0d3f00baadc0ffee1 "
        f"--tag-specifications 'ResourceType=instance,Tags=[{tag}]'\n"
    )


def to_service(service: str, resource: str = ROLE) -> dict[str, object]:
    return allow("iam:PassRole", resource, Condition={"StringEquals": {"iam:PassedToService": service}})


@pytest.mark.parametrize(
    ("operation", "written", "receives"),
    [
        ("RegisterTaskDefinition", "ecs.amazonaws.com", "ecs-tasks.amazonaws.com"),
        ("CreateFunction", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com"),
        ("CreateStateMachine", "lambda.amazonaws.com", "states.amazonaws.com"),
        ("CreateTrainingJob", "lambda.amazonaws.com", "sagemaker.amazonaws.com"),
    ],
)
def test_the_service_that_receives_a_role_is_known(operation: str, written: str, receives: str) -> None:
    answer = diagnosed(passing(operation, to_service(written)))
    assert answer.verdict.cause == "identity.condition-unmet"
    assert f"and it is {receives}" in answer.verdict.summary
    assert answer.fixes[0].title == f"Add {receives} to iam:PassedToService in statement 1"


@pytest.mark.parametrize(
    ("before", "receives"),
    [
        ("##[error]Failed to register task definition in ECS: ", "ecs-tasks.amazonaws.com"),
        ("Could not create Lambda function: ", "lambda.amazonaws.com"),
        ("error updating CodeBuild project web: ", "codebuild.amazonaws.com"),
        ("The task failed: ", ""),
        ("while creating Lambda function or registering the task definition: ", ""),
    ],
)
def test_the_words_before_the_message_name_the_service_that_receives_a_role(before: str, receives: str) -> None:
    answer = diagnosed(f"{before}{no_identity('iam:PassRole', ROLE)}\n{policy(to_service('batch.amazonaws.com'))}")
    said = f"and it is {receives}" if receives else "only where iam:PassedToService is batch.amazonaws.com"
    assert said in answer.verdict.summary


def test_two_faults_of_a_statement_are_both_said_and_fixed_at_once() -> None:
    answer = diagnosed(
        passing("CreateFunction", to_service("glue.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:role/x/y-*"))
    )
    assert "role/x/y-*, not" in answer.verdict.summary
    assert "it is lambda.amazonaws.com" in answer.verdict.summary
    assert '"iam:PassedToService": "lambda.amazonaws.com"' in str(answer.fixes[0].change)
    assert ROLE in str(answer.fixes[0].change)


def test_a_policy_of_another_service_gets_the_statement() -> None:
    answer = diagnosed(passing("RunInstances", allow("ec2:*", "*")))
    assert "names only ec2, and no iam action" in answer.verdict.summary
    assert '"iam:PassedToService": "ec2.amazonaws.com"' in str(answer.fixes[0].change)


def test_a_tag_in_another_spelling_is_set_as_the_policy_has_it() -> None:
    command = launching("{Key=costcentre,Value=4410}")
    statement = allow("ec2:RunInstances", "*", Condition={"StringEquals": {"aws:RequestTag/CostCenter": "4410"}})
    instance = f"arn:aws:ec2:eu-north-1:{ACCOUNT}:instance/*"
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', instance)}\n{policy(statement)}")
    assert "sends aws:RequestTag/costcentre in its place" in answer.verdict.summary
    assert "Key=CostCenter,Value=4410" in str(answer.fixes[0].change)


QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"


@pytest.mark.parametrize(
    ("action", "on", "condition", "how"),
    [
        (
            "sqs:SendMessage",
            QUEUE,
            {"StringEquals": {"aws:PrincipalTag/team": "red"}},
            "Look at the tag team of the role",
        ),
        (
            "sqs:SendMessage",
            QUEUE,
            {"StringEquals": {"aws:ResourceTag/env": "dev"}},
            "Look at the tag env of the resource",
        ),
        (
            "sqs:SendMessage",
            QUEUE,
            {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
            "Make the call inside the endpoint's VPC",
        ),
    ],
)
def test_a_condition_of_unknown_value_says_where_to_look(
    action: str, on: str, condition: dict[str, object], how: str
) -> None:
    answer = diagnosed(f"{no_identity(action, on)}\n{policy(allow(action, on, Condition=condition))}")
    assert answer.verdict.cause == "identity.condition-unknown"
    assert how in str(answer.fixes[0].change)
    assert not answer.first_look


def test_a_prefix_that_a_command_does_not_have() -> None:
    statement = allow("s3:ListBucket", "arn:aws:s3:::logs", Condition={"StringLike": {"s3:prefix": ["home/ro/*"]}})
    command = "aws s3 ls s3://logs/\n"
    answer = diagnosed(f"{command}{no_identity('s3:ListBucket', 'arn:aws:s3:::logs')}\n{policy(statement)}")
    assert answer.verdict.cause == "identity.condition-unmet"


def test_an_action_on_every_resource_is_judged_though_the_text_names_none() -> None:
    statement = allow("cloudwatch:PutMetricData", "*", Condition={"StringEquals": {"cloudwatch:namespace": "App"}})
    text = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/mon/p is not authorized to perform: cloudwatch:PutMetricData "
        "because no identity-based policy allows the cloudwatch:PutMetricData action"
    )
    command = "aws cloudwatch put-metric-data --namespace app --metric-name n --value 1"
    answer = diagnosed(f"{command}\n{text}\n{policy(statement)}")
    assert answer.verdict.cause == "identity.condition-unmet"
    assert "Change --namespace to App." in str(answer.fixes[0].change)


def test_a_pair_of_an_option_is_written_whole() -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    statement = allow("kms:Decrypt", key, Condition={"StringEquals": {"kms:EncryptionContext:app": "web"}})
    command = "aws kms decrypt --key-id alias/app --ciphertext-blob fileb://c --encryption-context app=api"
    answer = diagnosed(f"{command}\n{no_identity('kms:Decrypt', key)}\n{policy(statement)}")
    assert "Write app=web in --encryption-context." in str(answer.fixes[0].change)


def test_an_arn_of_another_partition_is_written_anew() -> None:
    caller = "arn:aws-us-gov:sts::401111222233:assumed-role/g/s"
    text = no_identity("s3:GetObject", "arn:aws-us-gov:s3:::gov-b/x", caller)
    answer = diagnosed(f"{text}\n{policy(allow('s3:GetObject', 'arn:aws:s3:::gov-b/*'))}")
    assert [fix.title for fix in answer.fixes] == ["Write arn:aws-us-gov: in statement 1"]


def test_a_permission_set_is_changed_in_identity_center() -> None:
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Deploy_0a1b2c3d4e5f6a7b/jo"
    action = "elasticloadbalancing:DescribeTargetHealth"
    answer = diagnosed(f"{policy(allow(['ecs:*', 'ecr:*'], '*'))}\n{no_identity(action, '*', caller)}")
    assert "the permission set Deploy, in IAM Identity Center" in str(answer.fixes[0].change)
    assert '"Resource": "*"' in str(answer.fixes[0].change)


def test_not_action_stays_as_it_is() -> None:
    everything_else = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    answer = diagnosed(passing("CreateStateMachine", everything_else))
    assert "Leave the NotAction" in str(answer.fixes[0].change)
    assert '"iam:PassedToService": "states.amazonaws.com"' in str(answer.fixes[0].change)


NEVER = {
    "another service's tag": (
        "eks:DescribeNodegroup",
        f"arn:aws:eks:eu-west-1:{ACCOUNT}:nodegroup/dev/a/9",
        "autoscaling:ResourceTag/owner",
        "aws:ResourceTag/owner",
    ),
    "another action's key": (
        "s3:GetObject",
        "arn:aws:s3:::ledger/a",
        "s3:prefix",
        "without the condition on s3:prefix",
    ),
}


@pytest.mark.parametrize(("action", "resource", "key", "fix"), NEVER.values(), ids=NEVER)
def test_a_key_that_the_request_never_has_is_said(action: str, resource: str, key: str, fix: str) -> None:
    statement = allow(action, "*", Condition={"StringEquals": {key: "x"}})
    answer = diagnosed(f"{no_identity(action, resource)}\n{policy(statement)}")
    assert answer.verdict.cause == "identity.condition-unmet"
    assert "the request does not have it" in answer.verdict.summary
    assert fix in str(answer.fixes[0].change)
    assert not answer.first_look


def test_a_key_of_the_session_may_be_there() -> None:
    statement = allow("s3:GetObject", "*", Condition={"StringEquals": {"ec2:SourceInstanceARN": "x"}})
    answer = diagnosed(f"{no_identity('s3:GetObject', 'arn:aws:s3:::ledger/a')}\n{policy(statement)}")
    assert answer.verdict.cause == "identity.condition-unknown"


def test_a_refused_session_of_s3_express_is_for_writing_unless_it_asks_otherwise() -> None:
    bucket = f"arn:aws:s3express:eu-west-1:{ACCOUNT}:bucket/a--euw1-az1--x-s3"
    statement = allow("s3express:CreateSession", "*", Condition={"StringEquals": {"s3express:SessionMode": "ReadOnly"}})
    answer = diagnosed(f"{no_identity('s3express:CreateSession', bucket)}\n{policy(statement)}")
    assert "it is ReadWrite" in answer.verdict.summary
    asked = (
        f"aws s3api create-session --bucket a --session-mode ReadOnly\n{no_identity('s3express:CreateSession', bucket)}"
    )
    assert "ReadWrite" not in diagnosed(f"{asked}\n{policy(statement)}").verdict.summary


def test_a_session_of_a_caller_without_a_name_is_held_against_the_bucket_s_policy() -> None:
    document = allow(
        "s3express:CreateSession",
        f"arn:aws:s3express:eu-west-1:{ACCOUNT}:bucket/a--euw1-az1--x-s3",
        Principal={"AWS": [ROLE]},
        Condition={"StringEquals": {"s3express:SessionMode": "ReadOnly"}},
    )
    text = "Error: Failed to create S3 client: Forbidden: Access Denied (s3express:CreateSession)\nbucket policy:\n"
    answer = diagnosed(f"{text}{policy(document)}")
    assert answer.verdict.cause == "resource.condition-unmet"
    assert "it is ReadWrite" in answer.verdict.summary


def test_the_command_of_the_text_says_which_service_receives_the_role() -> None:
    text = f"{no_identity('iam:PassRole', ROLE)}\n{policy(to_service('lambda.amazonaws.com'))}"
    answer = diagnosed(f"{text}\ncmd: aws sagemaker create-training-job --training-job-name a")
    assert "and it is sagemaker.amazonaws.com" in answer.verdict.summary


def test_a_boundary_called_by_its_name_grants_nothing() -> None:
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
    both = (
        '{"permission boundary": {"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"},\n'
        ' "identity policy": {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::in/*"}}'
    )
    answer = diagnosed(f"{both}\n{no_identity('sqs:SendMessage', queue)}")
    assert "names only s3, and no sqs action" in answer.verdict.summary


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


LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/f"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:pay/stripe"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"


@pytest.mark.parametrize(
    ("action", "named", "asked", "added"),
    [
        ("logs:CreateLogStream", LOGS, f"{LOGS}:log-stream:x", f"{LOGS}:*"),
        ("secretsmanager:GetSecretValue", SECRET, f"{SECRET}-Ab12Cd", f"{SECRET}-??????"),
        ("dynamodb:Query", TABLE, f"{TABLE}/index/by-date", f"{TABLE}/index/*"),
        ("s3:GetObject", "arn:aws:s3:::lake", "arn:aws:s3:::lake/a", "arn:aws:s3:::lake/*"),
    ],
)
def test_what_belongs_to_a_resource_is_added_to_the_statement(action: str, named: str, asked: str, added: str) -> None:
    answer = diagnosed(f"{no_identity(action, asked)}\n{policy(allow(action, named))}")
    assert answer.fixes[0].title == f"Add {added} to statement 1"


def test_a_value_of_the_command_is_changed_there() -> None:
    statement = allow("rds:CreateDBInstance", "*", Condition={"StringEquals": {"rds:DatabaseClass": "db.t3.micro"}})
    text = no_identity("rds:CreateDBInstance", f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:t1")
    command = "aws rds create-db-instance --db-instance-identifier t1 --db-instance-class db.r6g.large"
    answer = diagnosed(f"{command}\n{text}\n{policy(statement)}")
    assert "it is db.r6g.large" in answer.verdict.summary
    assert "Change --db-instance-class to db.t3.micro." in str(answer.fixes[0].change)


def test_the_cluster_of_a_service_is_known_by_its_arn() -> None:
    cluster = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/prd"
    statement = allow("ecs:UpdateService", "*", Condition={"ArnEquals": {"ecs:cluster": cluster}})
    service = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/prod/web"
    answer = diagnosed(f"{no_identity('ecs:UpdateService', service)}\n{policy(statement)}")
    assert answer.verdict.cause == "identity.condition-unmet"
    assert answer.fixes[0].title == "Find out which ecs:cluster is correct, and use it in the request and the policy"


def test_a_condition_on_mfa_is_not_taken_away() -> None:
    user, role = f"arn:aws:iam::{ACCOUNT}:user/bo", f"arn:aws:iam::{ACCOUNT}:role/ops"
    trust = policy(
        {
            "Effect": "Allow",
            "Principal": {"AWS": user},
            "Action": "sts:AssumeRole",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        }
    )
    command = f"aws sts assume-role --role-arn {role} --role-session-name x\n"
    refusal = f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}"
    answer = diagnosed(f"{command}{refusal}\ntrust policy: {trust}")
    assert "sends no MFA code" in answer.verdict.summary
    assert [fix.title for fix in answer.fixes] == ["Make a request that statement 1 allows"]
    assert "--token-code" in str(answer.fixes[0].change)


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


def test_a_principal_in_another_spelling_is_asked_for_first() -> None:
    document = policy(
        allow("s3:GetObject", "arn:aws:s3:::data/*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/Worker"})
    )
    refusal = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/b is not authorized to perform: s3:GetObject on resource: "
        '"arn:aws:s3:::data/x" because no resource-based policy allows the s3:GetObject action'
    )
    answer = diagnosed(f"bucket policy:\n{document}\n{refusal}")
    assert "Compare role/Worker with role/worker" in answer.verdict.summary
    assert answer.fixes[0].title.startswith("Find out which letter case is correct")


def test_tags_of_a_launch_are_those_of_the_type_of_resource() -> None:
    command = launching("{Key=Team,Value=a}")
    statement = allow("ec2:RunInstances", "*", Condition={"StringEquals": {"aws:RequestTag/Team": "a"}})
    volume = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/*"
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', volume)}\n{policy(statement)}")
    assert "ResourceType=volume,Tags=[{Key=Team,Value=a}]" in str(answer.fixes[0].change)
    two = allow(
        "ec2:RunInstances", "*", Condition={"StringEquals": {f"aws:RequestTag/{tag}": "a" for tag in ("Team", "Env")}}
    )
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', volume)}\n{policy(two)}")
    assert "Tags=[{Key=Team,Value=a},{Key=Env,Value=a}]" in str(answer.fixes[0].change)
    both = command.replace("}]'", "}]' 'ResourceType=volume,Tags=[{Key=Team,Value=a}]'")
    allowed = diagnosed(f"{both}{no_identity('ec2:RunInstances', volume)}\n{policy(statement)}")
    assert "ResourceType" not in str(allowed.fixes)


def test_a_call_may_have_meant_the_only_resource_of_the_statement() -> None:
    roles = [f"arn:aws:iam::210987654321:role/nodes-{color}" for color in ("green", "blue")]
    text = no_identity("iam:PassRole", roles[1]) + "\n"
    (fix, *_) = diagnosed(text + policy(allow("iam:PassRole", roles[0]))).fixes
    assert f"If the call was meant for {roles[0]}, correct the call" in str(fix.change)
    (fix, *_) = diagnosed(text + policy(allow("iam:PassRole", "arn:aws:iam::210987654321:role/x-*"))).fixes
    assert "correct the call" not in str(fix.change)


@pytest.mark.parametrize(
    ("operator", "key", "title", "text"),
    [
        ("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", "Let statement 1 accept",
         "accept its value in addition to A"),
        ("StringEquals", "route53:ChangeResourceRecordSetsActions", "Let statement 1 accept",
         "accept its value in addition to A"),
        ("ForAllValues:StringEquals", "dynamodb:Attributes", "Meet the condition",
         "If the program cannot, let the condition accept the program's value in addition to A"),
        ("StringEquals", "aws:RequestedRegion", "Meet the condition", "Call A (--region A)."),
    ],
)  # fmt: skip
def test_a_condition_that_the_program_cannot_meet_can_be_changed(
    operator: str, key: str, title: str, text: str
) -> None:
    fix = remedy_of_allow("statement 1", key, ["A"], "the policy in the text")
    assert (title in fix.title, text in str(fix.change)) == (True, True)
    zone = "arn:aws:route53:::hostedzone/Z07"
    condition: dict[str, object] = {operator: {key: ["A"]}}
    refusal = no_identity("route53:ChangeResourceRecordSets", zone)
    written = allow("route53:ChangeResourceRecordSets", zone, Condition=condition)
    if key.startswith("route53:"):
        assert diagnosed(f"{refusal}\n{policy(written)}").fixes[0].title == fix.title


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_every_statement_of_another_partition_is_corrected(partition: str) -> None:
    arn = f"arn:{partition}:s3:::media"
    caller = f"arn:{partition}:iam::111122223333:user/sync"
    shown = policy(allow("s3:ListBucket", "arn:aws:s3:::media"), allow("s3:GetObject", "arn:aws:s3:::media/*"))
    answer = diagnosed(f"{no_identity('s3:ListBucket', arn, caller)}\npolicy:\n{shown}")
    assert f"match nothing in {partition}. Write it in statement 2, too." in str(answer.fixes[0].change)


def test_a_statement_of_the_right_partition_stays() -> None:
    caller = "arn:aws-cn:iam::111122223333:user/sync"
    shown = policy(allow("s3:ListBucket", "arn:aws:s3:::media"), allow("s3:GetObject", "arn:aws-cn:s3:::media/*"))
    answer = diagnosed(f"{no_identity('s3:ListBucket', 'arn:aws-cn:s3:::media', caller)}\npolicy:\n{shown}")
    assert "too." not in str(answer.fixes[0].change)


HANAKO = "arn:aws:iam::111122223333:user/hanako"


@pytest.mark.parametrize("action", ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"])
def test_a_device_that_must_be_called_like_its_user_is_named_so(action: str) -> None:
    own = ["arn:aws:iam::*:mfa/${aws:username}", "arn:aws:iam::*:user/${aws:username}"]
    refusal = no_identity(action, "arn:aws:iam::111122223333:mfa/my-phone", HANAKO)
    fix = diagnosed(f"{refusal}\ngroup policy:\n{policy(allow(action, own))}").fixes[0]
    assert fix.title == "Name the device hanako, or allow any name"
    assert "arn:aws:iam::111122223333:mfa/*" in str(fix.change)


def test_another_user_s_device_is_not_renamed() -> None:
    refusal = no_identity("iam:DeactivateMFADevice", "arn:aws:iam::111122223333:user/kenji", HANAKO)
    shown = policy(allow("iam:DeactivateMFADevice", "arn:aws:iam::*:user/${aws:username}"))
    assert "Name the device" not in diagnosed(f"{refusal}\npolicy:\n{shown}").fixes[0].title


@pytest.mark.parametrize(
    ("key", "wanted", "told"),
    [
        ("aws:PrincipalOrgID", "o-8dz0k3m1qa", "o-8dzok3m1qa"),
        ("aws:SourceVpce", "vpce-0aa11bb22cc33dd44", "vpce-0aa11bb22cc33dd45"),
        ("aws:SourceVpc", "vpc-0aa11bb2", "vpc-0aa11bc2"),
    ],
)
def test_a_value_that_differs_in_one_character_is_replaced(key: str, wanted: str, told: str) -> None:
    statement = allow("sqs:SendMessage", "*", Principal="*", Condition={"StringEquals": {key: wanted}})
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    refusal = refused("sqs:SendMessage", queue, "because no resource-based policy allows the sqs:SendMessage action")
    fix = diagnosed(f"{refusal}\nqueue policy:\n{policy(statement)}\nour own is {told}").fixes[0]
    assert fix.title.startswith("Find out which ") and wanted in fix.title and told in fix.title
    assert f"in place of {wanted}" in str(fix.change)


SESSION = "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_Staff_1c9a7e5b3d804f62/lotte"


@pytest.mark.parametrize(
    ("caller", "title"),
    [
        (SESSION, "Replace ${aws:username} in statement 1"),
        ("arn:aws:sts::210987654321:assumed-role/staff/lotte", "Replace ${aws:username} in statement 1"),
        ("arn:aws:iam::210987654321:user/lotte", ""),
    ],
)
def test_a_session_has_no_user_name(caller: str, title: str) -> None:
    shown = policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"))
    answer = diagnosed(f"{no_identity('s3:GetObject', 'arn:aws:s3:::home/lotte/a.txt', caller)}\n{shown}")
    assert [fix.title for fix in answer.fixes if "username" in fix.title] == ([title] if title else [])


@pytest.mark.parametrize("variable", ["${var.bucket}", "${aws_s3_bucket.media.id}", "${local.name}"])
def test_a_variable_in_an_arn_of_another_partition_is_kept(variable: str) -> None:
    caller = "arn:aws-cn:sts::111122223333:assumed-role/push/ci"
    shown = policy(allow("s3:PutObject", f"arn:aws:s3:::{variable}/*"))
    answer = diagnosed(f"{no_identity('s3:PutObject', 'arn:aws-cn:s3:::media/x', caller)}\npolicy:\n{shown}")
    assert answer.fixes[0].title == "Write arn:aws-cn: in statement 1"
    assert "data.aws_partition.current.partition" in str(answer.fixes[0].change)


def test_the_service_of_a_service_linked_role_is_not_changed_in_the_call() -> None:
    service = "opensearchservice.amazonaws.com"
    role = f"arn:aws:iam::210987654321:role/aws-service-role/{service}/AWSServiceRoleForAmazonOpenSearchService"
    condition = {"StringEquals": {"iam:AWSServiceName": "es.amazonaws.com"}}
    shown = policy(allow("iam:CreateServiceLinkedRole", "*", Condition=condition))
    command = f"$ aws iam create-service-linked-role --aws-service-name {service}\n"
    answer = diagnosed(f"{command}{no_identity('iam:CreateServiceLinkedRole', role)}\npolicy:\n{shown}")
    assert f"Add {service} to the values of iam:AWSServiceName" in str(answer.fixes[0].change)


@pytest.mark.parametrize(("key", "said"), [("dynamodb:LeadingKeys", True), ("dynamodb:Attributes", False)])
def test_a_condition_on_the_partition_key_tests_that_of_the_index(key: str, said: bool) -> None:
    table = "arn:aws:dynamodb:us-east-1:210987654321:table/Notes"
    condition = {"ForAllValues:StringEquals": {key: ["${cognito-identity.amazonaws.com:sub}"]}}
    shown = policy(allow("dynamodb:Query", table, Condition=condition))
    answer = diagnosed(f"{no_identity('dynamodb:Query', f'{table}/index/byTag')}\npolicy:\n{shown}")
    assert ("tests the index's partition key" in answer.verdict.summary) is said


@pytest.mark.parametrize(
    ("role", "receives"),
    [("glue-runtime", "glue.amazonaws.com"), ("mediaconvert_jobs", "mediaconvert.amazonaws.com"), ("runtime", None)],
)
def test_an_operation_of_several_services_passes_the_role_to_the_named_one(role: str, receives: str | None) -> None:
    on = f"arn:aws:iam::111122223333:role/{role}"
    called = f"An error occurred (AccessDenied) when calling the CreateJob operation: {no_identity('iam:PassRole', on)}"
    answer = diagnosed(f"{called}\n{policy(to_service('lambda.amazonaws.com', on))}")
    assert (f"and it is {receives}" in answer.verdict.summary) is (receives is not None)


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


@pytest.mark.parametrize(
    ("action", "on", "every"),
    [
        ("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0d715a485281ffc45", "instance/*"),
        ("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0d715a485281ffc45", "volume/*"),
    ],
)
def test_what_exists_already_is_tagged_by_a_statement_of_its_own(action: str, on: str, every: str) -> None:
    test = {"ec2:CreateAction": "RunInstances", "aws:RequestTag/team": "web"}
    answer = diagnosed(f"{no_identity(action, on)}\n{policy(allow(action, '*', Condition={'StringEquals': test}))}")
    change = str(answer.fixes[0].change)
    assert every in change and '"aws:ResourceTag/team": "web"' in change
    assert "Keep statement 1" in change and "CreateAction" not in change


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


SSE = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
KMS = f"arn:aws:kms:eu-west-1:{ACCOUNT}"
JOBS, MAILS = (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}" for name in ("jobs", "mails"))


@pytest.mark.parametrize(
    ("action", "on", "named", "condition", "kept"),
    [
        ("s3:PutObject", "arn:aws:s3:::feeds/new/a", "arn:aws:s3:::feeds/old/*", SSE, True),
        ("sqs:SendMessage", JOBS, MAILS, TEAM, True),
        ("iam:PassRole", ROLE, f"{ROLE[:-6]}web", {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}, True),
        ("s3:ListBucket", "arn:aws:s3:::feeds", "arn:aws:s3:::feeds/*", SSE, False),
        ("sqs:SendMessage", JOBS, MAILS, None, False),
        ("kms:Decrypt", f"{KMS}:key/1", f"{KMS}:alias/a", TEAM, False),
    ],
)  # fmt: skip
def test_a_statement_for_another_resource_keeps_the_condition(
    action: str, on: str, named: str, condition: dict[str, object] | None, kept: bool
) -> None:
    statement = allow(action, named, **({"Condition": condition} if condition else {}))
    change = str(diagnosed(f"{no_identity(action, on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {json.dumps(condition)}' in change) is kept
    assert ("The new statement has the same condition as statement 1" in change) is kept
    assert ("write that service in iam:PassedToService" in change) is (action == "iam:PassRole")


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
    statement = allow("iam:PassRole", ROLE, Condition={"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}})
    change = str(diagnosed(f"{no_identity('iam:PassRole', on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {{"StringEquals": {{"iam:PassedToService": "{service}"}}}}' in change) is bool(service)
    assert ("ec2.amazonaws.com*" in change) is not bool(service)


def test_a_key_that_the_request_does_not_meet_is_no_condition_of_the_statement_to_add() -> None:
    answer = diagnosed(passing("CreateFunction", to_service("glue.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:role/x/y")))
    assert '"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}' in str(
        answer.fixes[0].change
    )


TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
TENANT = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]}}
SECURE = {"Bool": {"aws:SecureTransport": "true"}}


@pytest.mark.parametrize(
    ("action", "on", "named", "condition", "kept"),
    [
        ("dynamodb:BatchWriteItem", TABLE, "dynamodb:PutItem", TENANT, TENANT),
        ("sqs:SendMessage", JOBS, "sqs:GetQueueUrl", TEAM, TEAM),
        ("s3:GetObject", "arn:aws:s3:::feeds/a", "s3:PutObject", SECURE, SECURE),
        ("s3:GetObject", "arn:aws:s3:::feeds/a", "s3:PutObject", SSE, None),
        ("sqs:SendMessage", JOBS, "sqs:GetQueueUrl", {"StringEquals": {"aws:RequestTag/team": "web"}}, None),
    ],
)
def test_a_statement_for_another_action_keeps_what_its_requests_have(
    action: str, on: str, named: str, condition: dict[str, object], kept: dict[str, object] | None
) -> None:
    statement = allow(named, on if "s3" not in on else "arn:aws:s3:::feeds/*", Condition=condition)
    change = str(diagnosed(f"{no_identity(action, on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {json.dumps(kept)}' in change) is (kept is not None)
    assert ('"Condition"' in change) is (kept is not None)


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
