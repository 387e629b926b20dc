"""Statements from parts: what is said of each part, what they are completed with, and what they need besides."""

from __future__ import annotations

import pytest

from iam import service_reference
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements import names as statement_names
from iam.creation.statements.action_table import ActionTable, action_table
from iam.creation.statements.needed_actions import needed
from iam.creation.statements.parts import (
    Parts,
    StatementCondition,
    StatementPart,
    Weight,
    document,
    operators_for,
    remarks,
)
from iam.policy.lint import lint

FACTS = AccountFacts("111122223333", "aws", "eu-west-1", "o-abcdefghij")
BUCKET, OBJECTS = "arn:aws:s3:::harbor-assets", "arn:aws:s3:::harbor-assets/*"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
ROLE = "arn:aws:iam::111122223333:role/app/worker"


@pytest.fixture(scope="module")
def table() -> ActionTable:
    return action_table()


def parts(actions: str, *resources: str, effect: str = "Allow", **conditions: str) -> Parts:
    """Conditions as ``key__operator`` with ``:`` written as ``_``."""
    made = []
    for name, value in conditions.items():
        key, operator = name.replace("_", ":", 1).split("__")
        made.append(StatementCondition(key, operator, (value,)))
    return Parts(effect, tuple(actions.split()), resources, tuple(made))


FAULTS = [
    ("", (), StatementPart.ACTION, "Name an action"),
    ("s3:Ge", (OBJECTS,), StatementPart.ACTION, "actions start with s3:Ge, but none has exactly this name"),
    ("s3:GetObjcet", (OBJECTS,), StatementPart.ACTION, "Did you mean s3:GetObject?"),
    ("dynamobd:Query", (TABLE,), StatementPart.ACTION, "There is no service dynamobd. Did you mean dynamodb?"),
    ("GetObject", (OBJECTS,), StatementPart.ACTION, "Write an action as service:Name"),
    ("*", ("*",), StatementPart.ACTION, "more than one service"),
    ("s*:Get*", ("*",), StatementPart.ACTION, "more than one service"),
    ("s3:GetObject", (), StatementPart.RESOURCE, "Name the object or accesspointobject"),
    ("s3:GetObject", ("*",), StatementPart.RESOURCE, "can be limited to one object"),
    ("s3:*", ("*",), StatementPart.RESOURCE, "name it, for example arn:aws:s3:::BucketName"),
    (
        "s3:GetObject",
        (BUCKET,),
        StatementPart.RESOURCE,
        "None of the actions applies to this resource: the actions need object",
    ),
    (
        "s3:GetObject",
        ("harbor-assets",),
        StatementPart.RESOURCE,
        "Name a resource by its ARN, for example arn:aws:s3:::BucketName/ObjectName",
    ),
    (
        "s3:GetObject s3:ListBucket",
        (OBJECTS,),
        StatementPart.ACTION,
        "None of the resources applies to s3:ListBucket",
    ),
    ("s3:GetObject s3:ListAllMyBuckets", (OBJECTS,), StatementPart.ACTION, "give it a separate statement, with *"),
    ("dynamodb:GetItem", (f"{TABLE}/index/*",), StatementPart.RESOURCE, "the actions need table"),
    ("dynamodb:GetItem", (TABLE.removesuffix("orders"),), StatementPart.RESOURCE, "Add the name of the table"),
    ("dynamodb:GetItem", (BUCKET,), StatementPart.RESOURCE, "eu-west-1:111122223333:table/TableName"),
]


@pytest.mark.parametrize(("actions", "resources", "part", "words"), FAULTS)
def test_what_would_not_do_what_it_is_for_is_a_fault(
    table: ActionTable, actions: str, resources: tuple[str, ...], part: StatementPart, words: str
) -> None:
    found = [each for each in remarks(parts(actions, *resources), table, FACTS) if each.weight is Weight.FAULT]
    assert any(each.part is part and words in each.sentence for each in found), found


RIGHT = [
    parts("s3:GetObject", OBJECTS),
    parts("s3:GetObject s3:ListBucket", BUCKET, OBJECTS),
    parts("s3:Get*", OBJECTS),
    parts("S3:getobject", OBJECTS),
    parts("s3:ListAllMyBuckets", "*"),
    parts("s3:ListAllMyBuckets"),
    parts("dynamodb:Query dynamodb:GetItem", TABLE, f"{TABLE}/index/*"),
    parts("iam:PassRole", ROLE, iam_PassedToService__StringEquals="lambda.amazonaws.com"),
    parts("logs:CreateLogStream logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*"),
    parts("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:resize:*"),
    parts("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"),
    parts("ec2:StartInstances", "*", **{"aws_ResourceTag/team__StringEquals": "ferry"}),
    parts("s3:*", "*", effect="Deny"),
    parts("*", "*", effect="Deny", aws_SecureTransport__Bool="false"),
    parts("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????"),
    parts("apigateway:GET", "arn:aws:apigateway:eu-west-1::/somewhere/else"),
]


@pytest.mark.parametrize("statement", RIGHT, ids=lambda each: " ".join(each.actions))
def test_what_is_right_has_no_fault_and_no_error_of_lint(table: ActionTable, statement: Parts) -> None:
    assert not [each for each in remarks(statement, table, FACTS) if each.weight is Weight.FAULT]
    assert not [each for each in lint(document([statement], table), "identity") if each.severity == "ERROR"]


WARNINGS = [
    (parts("s3:Put*", BUCKET, OBJECTS), StatementPart.ACTION, "Write"),
    (parts("s3:GetObject", "arn:aws:s3:::*"), StatementPart.RESOURCE, "This matches every object"),
    (parts("s3:GetObject", "arn:aws:s3:::*/*"), StatementPart.RESOURCE, "This matches every object"),
    (parts("s3:List*", BUCKET, s3_prefix__StringLike="a/*"), StatementPart.KEY, "does not send s3:prefix"),
    (
        parts("s3:GetObject s3:ListBucket", BUCKET, OBJECTS, s3_prefix__StringNotLike="a/*"),
        StatementPart.KEY,
        "for that action the condition would have no effect",
    ),
]


@pytest.mark.parametrize(("statement", "part", "words"), WARNINGS)
def test_what_says_too_much_is_warned_of(table: ActionTable, statement: Parts, part: StatementPart, words: str) -> None:
    found = list(remarks(statement, table, FACTS))
    assert any(each.weight is Weight.WARNING and each.part is part and words in each.sentence for each in found), found
    assert not [each for each in found if each.weight is Weight.FAULT]


def test_wildcards_are_counted_by_level(table: ActionTable) -> None:
    (remark,) = (each for each in remarks(parts("s3:Get*", OBJECTS), table, FACTS) if each.part is StatementPart.ACTION)
    count = len(table.named(("s3:Get*",)))
    assert remark.sentence.startswith(f"{count} actions: {count} Read;") and remark.weight is Weight.NOTE


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (parts("s3:GetObject", OBJECTS, ec2_InstanceType__StringEquals="t3.micro"), "would never be true"),
        (parts("s3:GetObject", OBJECTS, ec2_InstanceType__StringNotEquals="t3.micro"), "would have no effect"),
        (
            parts("s3:GetObject s3:ListBucket", BUCKET, OBJECTS, s3_prefix__StringLike="a/*"),
            "s3:GetObject does not send s3:prefix, so for that action the condition would never be true",
        ),
        (parts("s3:GetObject", OBJECTS, **{"aws_ResourceTag/__StringEquals": "x"}), "Add a name to"),
    ],
)
def test_a_condition_that_the_action_does_not_tell_is_refused(table: ActionTable, statement: Parts, words: str) -> None:
    (fault,) = (each for each in remarks(statement, table, FACTS) if each.weight is Weight.FAULT)
    assert fault.part is StatementPart.KEY and words in fault.sentence


@pytest.mark.parametrize(
    ("key", "first", "holds"),
    [
        ("s3:prefix", "StringEquals", "StringLike"),
        ("aws:PrincipalArn", "ArnLike", "ArnEquals"),
        ("aws:SecureTransport", "Bool", "Null"),
        ("aws:SourceIp", "IpAddress", "NotIpAddress"),
        ("aws:MultiFactorAuthAge", "NumericEquals", "NumericLessThan"),
        ("aws:CurrentTime", "DateLessThan", "DateGreaterThan"),
        ("aws:TagKeys", "ForAnyValue:StringEquals", "ForAllValues:StringEquals"),
        ("aws:RequestTag/team", "StringEquals", "StringLike"),
    ],
)
def test_operators_follow_the_key(table: ActionTable, key: str, first: str, holds: str) -> None:
    found = operators_for(key, table)
    assert found[0] == first and holds in found
    assert any(each.startswith("ForAnyValue:") for each in found) is (key == "aws:TagKeys")


def test_actions_are_completed_by_service_and_by_any_part(table: ActionTable) -> None:
    assert "s3:" in table.names("s3") and table.describe("s3:") == "Amazon S3"
    assert set(table.names("s3:Ge")) == {name for name in table.known.names if name.startswith("s3:")}
    assert "iam:PassRole" in table.names("passrole") and "dynamodb:PutItem" in table.names("dynamo put")
    assert table.describe("s3:GetObject") == "Read: retrieve objects from Amazon S3"


def test_an_action_is_made_when_it_is_asked_for() -> None:
    """All 22,000 at once took ten megabytes of which a handful is ever looked at."""
    whole = action_table()
    table = ActionTable(whole.known, whole.sentences, whole.parts, whole.keys)
    assert table.named(("s3:GetObject", "s3:getobject")) == (table.action("S3:GetObject"),)
    assert len(table._made) == 1
    for name in ("iam:PassRole", "ec2:RunInstances", "s3:NoSuchAction"):
        assert table.action(name) == service_reference.action(name)


def test_resources_are_completed_from_the_kinds_and_from_what_is_known(table: ActionTable) -> None:
    known = {"s3": [BUCKET], "dynamodb": [TABLE], "iam": [ROLE]}

    def offers(*actions: str) -> dict[str, str]:
        found = statement_names.resources(table.named(actions), lambda service: known.get(service, ()), FACTS)
        return {each.text: each.note for each in found}

    assert next(iter(offers("s3:GetObject"))) == OBJECTS
    assert BUCKET not in offers("s3:GetObject") and BUCKET in offers("s3:ListBucket")
    queried = offers("dynamodb:Query")
    assert list(queried)[:2] == [TABLE, f"{TABLE}/index/*"]
    assert "add its table name" in queried["arn:aws:dynamodb:eu-west-1:111122223333:table/"]
    assert ROLE in offers("iam:PassRole") and not offers("s3:ListAllMyBuckets")


def test_keys_are_those_of_the_action_first_then_the_global_ones(table: ActionTable) -> None:
    names = [each.text for each in statement_names.keys(table.named(("s3:ListBucket",)), table)]
    assert names.index("s3:prefix") < names.index("aws:SourceIp") and "ec2:InstanceType" not in names
    assert statement_names.values("aws:SecureTransport", table, FACTS, lambda _: ()) == ("true", "false")
    assert statement_names.values("aws:PrincipalOrgID", table, FACTS, lambda _: ()) == ("o-abcdefghij",)
    own = {"tag": ["team=ferry", "env=x"]}
    assert statement_names.values("aws:ResourceTag/team", table, FACTS, lambda kind: own[kind]) == ("ferry",)


def test_passing_a_role_and_using_a_key_are_offered_once(table: ActionTable) -> None:
    create = parts("lambda:CreateFunction s3:GetObject", OBJECTS)
    found = list(needed([create], FACTS))
    assert [each.parts.actions for each in found] == [("iam:PassRole",), ("kms:Decrypt",)]
    assert found[0].parts.conditions == (
        StatementCondition("iam:PassedToService", "StringEquals", ("lambda.amazonaws.com",)),
    )
    assert found[1].parts.conditions[0].values == ("s3.eu-west-1.amazonaws.com",)
    assert not list(needed([create, *(each.parts for each in found)], FACTS))
    assert not list(needed([parts("s3:GetObject", OBJECTS, effect="Deny")], FACTS))


def test_what_is_needed_besides_exists(table: ActionTable) -> None:
    from iam.creation.statements.needed_actions import _KEYED
    from iam.passed_roles import PASSED_TO

    named = {*_KEYED, *PASSED_TO, *(action for needs in _KEYED.values() for action in needs)}
    assert not [name for name in named if table.action(name) is None]
