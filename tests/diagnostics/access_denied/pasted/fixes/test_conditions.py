"""What to do about a condition that is not met, or whose value is unknown."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.fixes.unknown_condition import remedy_of_allow
from tests.support.denials.pasted import PASSED, allow, diagnosed, no_identity, policy, refused

ACCOUNT = "210987654321"


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


@pytest.mark.parametrize(
    ("prefix", "folder"), [("home/ro/*", "home/ro/"), ("reports/", "reports/"), ("${aws:username}/*", "")]
)
def test_a_folder_is_listed_directly_in_the_console(prefix: str, folder: str) -> None:
    statement = allow("s3:ListBucket", "arn:aws:s3:::logs", Condition={"StringLike": {"s3:prefix": [prefix]}})
    answer = diagnosed(f"{no_identity('s3:ListBucket', 'arn:aws:s3:::logs')}\n{policy(statement)}")
    assert (f"/buckets/logs?prefix={folder} instead" in str(answer.fixes[0].change)) is bool(folder)


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
        Principal={"AWS": [PASSED]},
        Condition={"StringEquals": {"s3express:SessionMode": "ReadOnly"}},
    )
    text = "Error: Failed to create S3 client: Forbidden: Access Denied (s3express:CreateSession)\nbucket policy:\n"
    answer = diagnosed(f"{text}{policy(document)}")
    assert answer.verdict.cause == "resource.condition-unmet"
    assert "it is ReadWrite" in answer.verdict.summary


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
    assert (
        answer.fixes[0].title
        == "Find out which ecs:cluster is correct, and use that value in the request and in the policy"
    )


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


@pytest.mark.parametrize(
    ("operator", "key", "title", "text"),
    [
        ("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", "Let statement 1 accept",
         "add its value to the condition in addition to A"),
        ("StringEquals", "route53:ChangeResourceRecordSetsActions", "Let statement 1 accept",
         "add its value to the condition in addition to A"),
        ("ForAllValues:StringEquals", "dynamodb:Attributes", "Meet the condition",
         "If the program cannot change its value, add that value to the condition in addition to A"),
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
    assert f"instead of {wanted}" in str(fix.change)


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


def test_the_service_of_a_service_linked_role_is_not_changed_in_the_call() -> None:
    service = "opensearchservice.amazonaws.com"
    role = f"arn:aws:iam::210987654321:role/aws-service-role/{service}/AWSServiceRoleForAmazonOpenSearchService"
    condition = {"StringEquals": {"iam:AWSServiceName": "es.amazonaws.com"}}
    shown = policy(allow("iam:CreateServiceLinkedRole", "*", Condition=condition))
    command = f"$ aws iam create-service-linked-role --aws-service-name {service}\n"
    answer = diagnosed(f"{command}{no_identity('iam:CreateServiceLinkedRole', role)}\npolicy:\n{shown}")
    assert f"Add {service} to the values of iam:AWSServiceName" in str(answer.fixes[0].change)
