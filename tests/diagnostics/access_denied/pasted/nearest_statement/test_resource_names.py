"""Why the closest statement does not name the resource or the principal: a part, a name, a letter case, a partition."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

ACCOUNT = "210987654321"


def test_an_arn_of_another_partition_is_written_anew() -> None:
    caller = "arn:aws-us-gov:sts::401111222233:assumed-role/g/s"
    text = no_identity("s3:GetObject", "arn:aws-us-gov:s3:::gov-b/x", caller)
    answer = diagnosed(f"{text}\n{policy(allow('s3:GetObject', 'arn:aws:s3:::gov-b/*'))}")
    assert [fix.title for fix in answer.fixes] == ["Write arn:aws-us-gov: in statement 1"]


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


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_every_statement_of_another_partition_is_corrected(partition: str) -> None:
    arn = f"arn:{partition}:s3:::media"
    caller = f"arn:{partition}:iam::111122223333:user/sync"
    shown = policy(allow("s3:ListBucket", "arn:aws:s3:::media"), allow("s3:GetObject", "arn:aws:s3:::media/*"))
    answer = diagnosed(f"{no_identity('s3:ListBucket', arn, caller)}\npolicy:\n{shown}")
    assert f"match nothing in {partition}. Make the same correction in statement 2." in str(answer.fixes[0].change)


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


@pytest.mark.parametrize("variable", ["${var.bucket}", "${aws_s3_bucket.media.id}", "${local.name}"])
def test_a_variable_in_an_arn_of_another_partition_is_kept(variable: str) -> None:
    caller = "arn:aws-cn:sts::111122223333:assumed-role/push/ci"
    shown = policy(allow("s3:PutObject", f"arn:aws:s3:::{variable}/*"))
    answer = diagnosed(f"{no_identity('s3:PutObject', 'arn:aws-cn:s3:::media/x', caller)}\npolicy:\n{shown}")
    assert answer.fixes[0].title == "Write arn:aws-cn: in statement 1"
    assert "data.aws_partition.current.partition" in str(answer.fixes[0].change)


@pytest.mark.parametrize(("key", "said"), [("dynamodb:LeadingKeys", True), ("dynamodb:Attributes", False)])
def test_a_condition_on_the_partition_key_tests_that_of_the_index(key: str, said: bool) -> None:
    table = "arn:aws:dynamodb:us-east-1:210987654321:table/Notes"
    condition = {"ForAllValues:StringEquals": {key: ["${cognito-identity.amazonaws.com:sub}"]}}
    shown = policy(allow("dynamodb:Query", table, Condition=condition))
    answer = diagnosed(f"{no_identity('dynamodb:Query', f'{table}/index/byTag')}\npolicy:\n{shown}")
    assert ("tests the index's partition key" in answer.verdict.summary) is said


OWNER = "300400500600"


@pytest.mark.parametrize(
    ("asked", "shared"),
    [
        (f"arn:aws:ec2:eu-west-1:{OWNER}:subnet/subnet-0a1b2c3d4e5f60718", True),
        (f"arn:aws:ec2:us-east-2:{OWNER}:security-group/sg-0a1b2c3d4e5f60718", True),
        (f"arn:aws:ec2:eu-west-1:{OWNER}:key-pair/deploy", False),
    ],
)
def test_a_resource_of_ec2_in_another_account_is_a_shared_one(asked: str, shared: bool) -> None:
    kind = asked.split(":")[5].split("/")[0]
    named = policy(allow("ec2:RunInstances", f"arn:aws:ec2:*:{ACCOUNT}:{kind}/*"))
    answer = diagnosed(f"{no_identity('ec2:RunInstances', asked)}\n{named}")
    assert (f"belongs to account {OWNER}" in answer.verdict.summary) is shared
    assert (answer.fixes[0].title == f"Allow the action on the {kind} of account {OWNER}, too") is shared


def tagged(action: str, resource: str = "*") -> str:
    condition = {"StringEquals": {"aws:ResourceTag/team": "web"}}
    return f"{no_identity(action, resource)}\n{policy(allow(action, '*', Condition=condition))}"


@pytest.mark.parametrize(
    "action", ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances", "ecs:ListClusters"]
)
def test_a_list_has_no_tag_of_a_resource(action: str) -> None:
    answer = diagnosed(tagged(action))
    assert "this action is on no particular resource" in answer.verdict.summary
    assert answer.fixes[0].title == f"Allow {action} in a statement without that condition"


def test_an_action_on_a_resource_may_have_its_tag() -> None:
    group = f"arn:aws:autoscaling:eu-west-1:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/web"
    assert "on no particular resource" not in diagnosed(tagged("autoscaling:SetDesiredCapacity", group)).verdict.summary


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("s3:ListBucket", "arn:aws:s3:::lake"),
        ("dynamodb:Query", TABLE),
        ("s3:GetBucketLocation", "arn:aws-cn:s3:::lake"),
    ],
)
def test_a_slash_at_the_end_of_an_arn_is_to_be_removed(action: str, asked: str) -> None:
    answer = diagnosed(f"{no_identity(action, asked)}\n{policy(allow(action, f'{asked}/'))}")
    assert answer.fixes[0].title == f"Remove the slash at the end of {asked}/ in statement 1"


def test_a_folder_is_no_slash_too_many() -> None:
    denied = no_identity("s3:GetObject", "arn:aws:s3:::lake/a/b")
    answer = diagnosed(f"{denied}\n{policy(allow('s3:GetObject', 'arn:aws:s3:::lake/a/'))}")
    assert "slash" not in str(answer.fixes)


def test_the_catalog_of_glue_has_no_name_that_could_be_missing() -> None:
    glue = f"arn:aws:glue:eu-west-1:{ACCOUNT}"
    text = no_identity("glue:GetDatabase", f"{glue}:catalog/partner")
    answer = diagnosed(f"{text}\n{policy(allow('glue:GetDatabase', f'{glue}:catalog'))}")
    assert "is empty" not in answer.verdict.summary
    assert "The variable for this name" not in str(answer.fixes)
