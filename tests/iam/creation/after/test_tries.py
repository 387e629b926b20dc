"""A new role is waited for, and tried with what it was made for and with what it must not do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iam.account import InlinePolicy, Role
from iam.creation.after.calls import DELAYS, CallResult, call_reads
from iam.creation.after.tries import MOST_TRIES, TryRequest, try_requests
from iam.creation.after.try_role import WAITS, TriesEnd, TryEvent, TryResult, Waiting, try_role
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.creation.statements.action_table import action_table
from iam.credentials.assume import Assumed, AssumeTry
from iam.credentials.assume_request import AssumeRequest
from iam.credentials.role_session import assume
from iam.demo.open import reader as open_reader
from iam.policy.document import Document
from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


class Slow:
    """A reader that AWS shows the new role to only after some looks."""

    def __init__(self, reader: AwsReader, looks: int) -> None:
        self.reader, self.looks = reader, looks

    def __getattr__(self, name: str) -> object:
        return getattr(self.reader, name)

    def role(self, name: str) -> Reading[Role]:
        if self.looks:
            self.looks -= 1
            return Reading("iam:GetRole", note="The role with name x cannot be found.")
        return self.reader.role(name)


@pytest.mark.parametrize("looks", [0, 2, 99])
def test_the_role_is_waited_for(demo_reader: AwsReader, looks: int) -> None:
    account = list(demo_reader.accounts())[-1]
    held = account.role("orders-ecs-execution")
    assert held is not None and held.trust is not None
    spec = RoleSpec(held.name, held.trust, held.path, attached=tuple(each.arn for each in held.attached or ()))
    told: list[TryEvent] = []
    waited: list[float] = []

    def pause(seconds: float) -> bool:
        waited.extend([seconds] if seconds else [])
        return False

    slow: AwsReader = Slow(demo_reader, looks)  # type: ignore[assignment]  # a reader in all but its class
    try_role(spec, (), AccountFacts.of(account), account, slow, told.append, pause)
    assert waited == list(WAITS[:looks])
    assert sum(isinstance(each, Waiting) and "does not show the role yet" in each.sentence for each in told) == len(
        waited
    )
    end = told[-1]
    assert isinstance(end, TriesEnd)
    if looks == 99:
        assert "IAM does not show the role yet" in end.missing
        assert not [each for each in told if isinstance(each, TryResult | AssumeTry)]
        return
    assert not end.missing
    assumed = told[-2]
    assert isinstance(assumed, AssumeTry)
    assert assumed.outcome is Assumed.NOT_TRIED


def tried_with(demo_reader: AwsReader, *statements: Mapping[str, object]) -> list[TryRequest]:
    """The tries of a role with one inline policy."""
    account = list(demo_reader.accounts())[-1]
    held = account.roles[0]
    assert held.trust is not None
    document = Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    spec = replace(RoleSpec("x", held.trust), inline=(InlinePolicy("one", document),))
    return list(try_requests(spec, (), AccountFacts.of(account), account, demo_reader).tries)


def test_what_a_role_is_tried_with(demo_reader: AwsReader) -> None:
    def allow(*actions: str, resource: str = "*") -> dict[str, object]:
        return {"Effect": "Allow", "Action": list(actions), "Resource": resource}

    def actions(*statements: Mapping[str, object]) -> list[tuple[str, bool]]:
        return [(each.action, each.allowed) for each in tried_with(demo_reader, *statements)]

    assert actions(allow("s3:Get*", "s3:List*")) == [
        ("s3:ListAllMyBuckets", True),
        ("s3:ListBucket", True),
        ("s3:PutObject", False),
    ]
    assert actions(allow("*")) == [("s3:ListAllMyBuckets", True), ("iam:CreateUser", True)]
    assert actions(allow("sqs:*")) == [("sqs:ListQueues", True), ("iam:CreateUser", False)]
    # What a Deny leaves of an Allow is not guessed: what it names itself is tried.
    denied = {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*"}
    assert actions(allow("s3:*"), denied) == [("s3:ListBucket", False)]


def test_what_a_statement_names_is_tried_on_the_resource_that_it_is_for(demo_reader: AwsReader) -> None:
    bucket, objects = "arn:aws:s3:::harbor-assets", "arn:aws:s3:::harbor-assets/*"
    read = {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": [bucket, objects]}
    example = f"{bucket}/example"
    assert tried_with(demo_reader, read) == [
        TryRequest("s3:ListBucket", bucket, {}, True),
        TryRequest("s3:GetObject", example, {}, True),
        TryRequest("s3:PutObject", example, {}, False),
    ]
    # What may be written is not what it must not do.
    write = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": objects}
    assert tried_with(demo_reader, write)[1:] != [TryRequest("s3:PutObject", example, {}, False)]
    assert [each.allowed for each in tried_with(demo_reader, write)] == [True, False]
    # A Deny beside it is a promise as well, and conditions are met by values of theirs.
    keys = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringLike": {"aws:PrincipalTag/team": "fer*"}}
    deny = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": objects}
    assert tried_with(demo_reader, {**read, "Condition": keys}, deny)[1:] == [
        TryRequest(
            "s3:GetObject",
            example,
            {"aws:MultiFactorAuthPresent": ("true",), "aws:PrincipalTag/team": ("ferexample",)},
            True,
        ),
        TryRequest("s3:DeleteObject", example, {}, False),
    ]
    # Where no value can be thought of that meets a condition, nothing is promised.
    never = {**read, "Condition": {"NumericGreaterThan": {"s3:max-keys": "5"}}}
    assert [each.action for each in tried_with(demo_reader, never)] == ["iam:CreateUser"]


def test_what_is_too_much_to_be_tried_is_counted(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    held = account.roles[0]
    assert held.trust is not None
    names = [name for name in action_table().of_service("ec2") if "Describe" in name][:40]
    document = Document(json.dumps({"Statement": [{"Effect": "Allow", "Action": names, "Resource": "*"}]}))
    spec = replace(RoleSpec("x", held.trust), inline=(InlinePolicy("one", document),))
    found = try_requests(spec, (), AccountFacts.of(account), account, demo_reader)
    assert len(found.tries) < MOST_TRIES
    assert found.left_out == 41 - len(found.tries)


def made(session: Callable[..., boto3.Session], name: str, *attached: str) -> RoleSpec:
    """A role that its account may assume, made by another client."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = session().client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    for arn in attached:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    return RoleSpec(name, Document(document), attached=attached)


@pytest.mark.parametrize(
    ("policy", "command"),
    [("AmazonS3ReadOnlyAccess", "aws s3 ls"), ("AmazonDynamoDBReadOnlyAccess", "aws dynamodb list-")],
)
def test_what_it_may_list_is_called_where_the_caller_may_assume_it(
    demo_world: World, demo_session: Callable[..., boto3.Session], policy: str, command: str
) -> None:
    spec = made(demo_session, "lister", f"arn:aws:iam::aws:policy/{policy}")
    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    told: list[TryEvent] = []
    try_role(spec, (), AccountFacts.of(account), account, reader, told.append, lambda _: False)
    calls = [each for each in told if isinstance(each, CallResult)]
    assert any(each.call.command.startswith(command) and each.good for each in calls), told
    assert all(each.call.request.allowed for each in calls)
    write = next(each for each in told if isinstance(each, TryResult) and not each.request.allowed)
    assert write.good
    assert "local engine" in write.who


def test_a_call_that_is_denied_is_waited_for_and_then_told_as_aws_says_it(
    demo_world: World, demo_session: Callable[..., boto3.Session]
) -> None:
    made(demo_session, "lister")
    reader = open_reader(demo_world)
    arn = "arn:aws:iam::111122223333:role/lister"
    session = assume(demo_session().client("sts"), arn, AssumeRequest("try", seconds=900))
    waits: list[float] = []

    def wait(seconds: float, _: str) -> bool:
        waits.append(seconds)
        return False

    lists = TryRequest("s3:ListAllMyBuckets", "*", {}, True)
    secret = TryRequest("secretsmanager:GetSecretValue", "*", {}, True)
    told = list(call_reads(session, reader.aws, [(lists, True), (secret, True), (lists, False)], wait))
    assert waits == list(DELAYS)
    assert [each.good for each in told] == [False, False]
    assert "AccessDenied" in told[0].error
    assert "ListBuckets" in told[0].error
