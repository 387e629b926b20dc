"""The command that brings back what no plan changes."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from diagnostics.history.commands import commands_for
from iam.history.change import ABSENT, Entity, Kind, Known, Part, Place, State, Unknown

A = "210987654321"
OLD = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:Get*"}]}
TEXT = json.dumps(OLD, separators=(",", ":"))
SNS = {
    "Sid": "t1",
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": f"arn:aws:lambda:us-east-1:{A}:function:sorter",
    "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:sns:us-east-1:{A}:crates"}},
}
SET = "arn:aws:sso:::permissionSet/ssoins-1122334455667788/ps-00aa11bb22cc33dd"
SSO = f"--instance-arn arn:aws:sso:::instance/ssoins-1122334455667788 --permission-set-arn {SET}"


def policy(*statements: Any) -> Known:
    return Known(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def resource(arn: str) -> Place:
    return Place(Entity(Kind.RESOURCE, arn), Part.POLICY)


PUT = [
    ("arn:aws:s3:::crates", "s3api put-bucket-policy --bucket crates --policy"),
    (f"arn:aws:kms:eu-west-1:{A}:key/k1", f"kms put-key-policy --key-id arn:aws:kms:eu-west-1:{A}:key/k1"),
    (f"arn:aws-cn:sqs:cn-north-1:{A}:in", f"--queue-url https://sqs.cn-north-1.amazonaws.com.cn/{A}/in"),
    (f"arn:aws:sns:us-east-1:{A}:t", "sns set-topic-attributes"),
    (f"arn:aws:ecr:us-east-1:{A}:repository/a/b", f"--repository-name a/b --registry-id {A} --region us-east-1"),
    (f"arn:aws:secretsmanager:us-east-1:{A}:secret:s-AbCdEf", "secretsmanager put-resource-policy --secret-id"),
    (f"arn:aws:events:us-east-1:{A}:event-bus/orders", "events put-permission --event-bus-name orders"),
    (f"arn:aws:glue:us-east-1:{A}:catalog", "glue put-resource-policy --region us-east-1"),
]


@pytest.mark.parametrize(("arn", "words"), PUT)
def test_a_policy_is_put_back_as_it_was(arn: str, words: str) -> None:
    (command,) = commands_for(resource(arn), ABSENT, Known(TEXT))
    assert words in command
    given = [json.loads(word) for word in shlex.split(command) if word.startswith("{")]
    assert [json.loads(each["Policy"]) if "Policy" in each else each for each in given] == [OLD]


@pytest.mark.parametrize(
    ("place", "wanted", "words"),
    [
        (resource("arn:aws:s3:::crates"), ABSENT, ["aws s3api delete-bucket-policy --bucket crates"]),
        (
            Place(Entity(Kind.TARGET, "ou-1"), Part.ATTACHED, "p-1"),
            ABSENT,
            ["aws organizations detach-policy --policy-id p-1 --target-id ou-1"],
        ),
        (
            Place(Entity(Kind.PERMISSION_SET, SET), Part.INLINE),
            ABSENT,
            [
                f"aws sso-admin delete-inline-policy-from-permission-set {SSO}",
                f"aws sso-admin provision-permission-set {SSO} --target-type ALL_PROVISIONED_ACCOUNTS",
            ],
        ),
        # A key and a topic have a policy always; roles have plans; what is unknown is not put back.
        (resource(f"arn:aws:kms:eu-west-1:{A}:key/k1"), ABSENT, []),
        (resource(f"arn:aws:sns:us-east-1:{A}:t"), ABSENT, []),
        (Place(Entity(Kind.ROLE, "mover"), Part.INLINE, "one"), ABSENT, []),
        (resource("arn:aws:s3:::crates"), Unknown("hidden"), []),
        (resource("arn:aws:s3:::crates\x07"), ABSENT, []),
        (resource("arn:aws:s3:::crates/../x"), ABSENT, []),
    ],
)
def test_commands(place: Place, wanted: State, words: list[str]) -> None:
    assert list(commands_for(place, Known(TEXT), wanted)) == words


def test_an_account_is_moved_back() -> None:
    place = Place(Entity(Kind.TARGET, A), Part.UNIT)
    (command,) = commands_for(place, Known("ou-new"), Known("ou-old"))
    assert command.endswith(f"--account-id {A} --source-parent-id ou-new --destination-parent-id ou-old")


def test_statements_of_a_function_are_added_and_removed_one_by_one() -> None:
    function = resource(f"arn:aws:lambda:us-east-1:{A}:function:sorter:live")
    other = {**SNS, "Sid": "t2", "Condition": {}}
    removed, added = commands_for(function, policy(other), policy(SNS))
    assert "remove-permission" in removed and "--statement-id t2" in removed and "--qualifier live" in removed
    assert f"--principal sns.amazonaws.com --source-arn arn:aws:sns:us-east-1:{A}:crates" in added
    assert ":function:sorter --qualifier live" in added
    # What add-permission cannot write is not half written.
    for changed in ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, {"Effect": "Deny"}, {"Sid": None}):
        assert commands_for(function, policy(other), policy({**SNS, **changed})) == ()


def test_foreign_text_is_quoted() -> None:
    evil = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "'; touch x; '", "Effect": "Deny"}]})
    (command,) = commands_for(resource("arn:aws:s3:::crates"), ABSENT, Known(evil))
    assert json.loads(shlex.split(command)[-1]) == json.loads(evil)
