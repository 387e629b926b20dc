"""Action and resource patterns."""

from __future__ import annotations

import pytest

from iam.policy.decision import Outcome
from iam.policy.evaluate import evaluate
from iam.policy.match import covers, differing_part, overlap
from iam.policy.unknown_keys import possible
from tests.support.accounts.policies import OBJECT, Context, identity, policy, request, statement
from tests.support.timing import within_yards

ACTIONS = [
    ("s3:GetObject", "s3:GetObject", True),
    ("S3:getobject", "s3:GetObject", True),
    ("s3:GetObject", "S3:GETOBJECT", True),
    ("s3:Get*", "s3:GetObject", True),
    ("s3:*Object", "s3:GetObject", True),
    ("s3:Get?bject", "s3:GetObject", True),
    ("s3:Get?Object", "s3:GetObject", False),
    ("s3:*", "s3:GetObject", True),
    ("*", "s3:GetObject", True),
    ("*:*", "s3:GetObject", True),
    ("*:GetObject", "s3:GetObject", False),
    ("s*:GetObject", "s3:GetObject", False),
    ("s3:GetObject", "s3:GetObjectAcl", False),
    ("s3:Get.bject", "s3:GetObject", False),
]


@pytest.mark.parametrize(("pattern", "action", "expected"), ACTIONS)
def test_action(pattern: str, action: str, expected: bool) -> None:
    assert evaluate(request(action=action), identity(policy(statement(Action=pattern)))).allowed is expected
    assert evaluate(request(action=action), identity(policy(statement(NotAction=pattern)))).allowed is not expected


QUEUE = "arn:aws:sqs:us-east-1:111122223333:jobs"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:resize"
TOPIC = "arn:aws:sns:us-east-1:111122223333:MyTopic:u1"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/Orders"
RESOURCES = [
    ("*", QUEUE, True),
    ("**", QUEUE, True),
    (QUEUE, QUEUE, True),
    # Before the resource part case does not matter, in it it does.
    ("ARN:AWS:SQS:US-EAST-1:111122223333:jobs", QUEUE, True),
    ("arn:aws:sqs:us-east-1:111122223333:Jobs", QUEUE, False),
    ("arn:aws:sqs:us-east-1:111122223333:*", QUEUE, True),
    ("arn:aws:sqs:us-east-1:1111*", QUEUE, True),
    ("ARN:AWS:SQS:US-E*", QUEUE, True),
    ("arn:aws:sqs:*", QUEUE, True),
    ("arn:aws:s3:*", QUEUE, False),
    ("arn:*", QUEUE, True),
    ("arn:aws:sqs:us-*1:111122223333:jobs", QUEUE, True),
    ("arn:aws:sqs:us-????-1:111122223333:jobs", QUEUE, True),
    ("arn:aws:sqs:us-east-1:111122223333?jobs", QUEUE, False),
    ("arn:aws:sqs:us-east-?:111122223333:j*s", QUEUE, True),
    # A star inside a segment stays in it; at a segment's end it may reach over colons.
    ("arn:aws:s*1:111122223333:jobs", QUEUE, False),
    ("arn:aws:sqs:*:jobs", QUEUE, True),
    # "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon
    # boundaries" (IAM User Guide, "IAM JSON policy elements: Resource"); names beyond it keep their case.
    ("arn:aws:sns:*:MyTopic:*", TOPIC, True),
    ("arn:aws:sns:*:MYTOPIC:*", TOPIC, False),
    ("arn:aws:sns:*:mytopic:*", TOPIC, False),
    ("ARN:AWS:SNS:*:MyTopic:*", TOPIC, True),
    ("arn:aws:sns:*:111122223333:MyTopic:*", TOPIC, True),
    ("arn:*:MyTopic:u1", TOPIC, True),
    ("arn:aws:*:US-EAST-1:111122223333:MyTopic:u1", TOPIC, True),
    ("arn:aws:dynamodb:*:table/Orders", TABLE, True),
    ("arn:aws:dynamodb:*:table/O*s", TABLE, True),
    ("arn:aws:dynamodb:*:table/orders", TABLE, False),
    ("arn:aws:dynamodb:*:table/Orders/index/*", f"{TABLE}/index/Day", True),
    ("arn:aws:dynamodb:*:*:table/Orders", TABLE, True),
    ("arn:aws:lambda:*:*:function:*", FUNCTION, True),
    ("arn:aws:lambda:*:function:resize", FUNCTION, True),
    ("arn:aws:lambda:*:function:resizes", FUNCTION, False),
    ("arn:aws:lambda:us-east-1:111122223333:f*e", FUNCTION, True),
    ("arn:aws:lambda:us-east-1:111122223333:function?resize", FUNCTION, True),
    ("arn:aws:s3:::logs/*", OBJECT, True),
    ("arn:aws:s3:::logs/*/x.gz", OBJECT, True),
    ("arn:aws:s3:::logs/*.gz", OBJECT, True),
    ("arn:aws:s3:::logs", OBJECT, False),
    ("arn:aws:s3:::logs/app/x?gz", OBJECT, True),
    ("arn:aws:s3:::logs/app/[x].gz", OBJECT, False),
    ("arn:aws:s3:::logs/app/x.gz\n", OBJECT, False),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/line\nbreak", True),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", True),
]


@pytest.mark.parametrize(("pattern", "resource", "expected"), RESOURCES)
def test_resource(pattern: str, resource: str, expected: bool) -> None:
    asked = request(resource=resource)
    assert evaluate(asked, identity(policy(statement(Resource=pattern)))).allowed is expected
    assert evaluate(asked, identity(policy(statement(NotResource=pattern)))).allowed is not expected


TAG = "arn:aws:s3:::b/${aws:PrincipalTag/team}"
VARIABLES: list[tuple[str, str, Context, bool]] = [
    (TAG, "arn:aws:s3:::b/k", {"aws:PrincipalTag/team": "k"}, True),
    (TAG, "arn:aws:s3:::b/k", {"aws:principaltag/TEAM": "k"}, True),
    (TAG, "arn:aws:s3:::b/k", {"aws:PrincipalTag/team": "K"}, False),
    (TAG, "arn:aws:s3:::b/k", {"aws:PrincipalTag/team": "*"}, False),
    (TAG, "arn:aws:s3:::b/k", {"aws:PrincipalTag/team": ["k", "l"]}, False),
    (TAG, "arn:aws:s3:::b/k", {}, False),
    (TAG, "arn:aws:s3:::b/${aws:PrincipalTag/team}", {}, False),
    (TAG + "/*", "arn:aws:s3:::b/k/x", {"aws:PrincipalTag/team": "k"}, True),
    ("arn:aws:s3:::b/${aws:PrincipalTag/team, 'k'}", "arn:aws:s3:::b/k", {}, True),
    ("arn:aws:s3:::b/${aws:PrincipalTag/team, 'k'}", "arn:aws:s3:::b/k", {"aws:PrincipalTag/team": "z"}, False),
    ("arn:aws:s3:::b/${aws:PrincipalTag/team, '*'}", "arn:aws:s3:::b/k", {}, False),
    ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::jo/x", {}, True),
    ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/k", {}, False),
    ("arn:aws:s3:::b/${$}{x}", "arn:aws:s3:::b/${x}", {}, True),
    ("arn:aws:s3:::b/$k", "arn:aws:s3:::b/$k", {}, True),
    ("arn:aws:sqs:${aws:RequestedRegion}:*:jobs", QUEUE, {"aws:RequestedRegion": "us-east-1"}, True),
]


@pytest.mark.parametrize(("pattern", "resource", "context", "expected"), VARIABLES)
def test_variables_in_resources(pattern: str, resource: str, context: Context, expected: bool) -> None:
    asked = request(resource=resource, context=context)
    assert evaluate(asked, identity(policy(statement(Resource=pattern)))).allowed is expected
    assert evaluate(asked, identity(policy(statement(NotResource=pattern)))).allowed is not expected


def test_variables_in_resources_of_older_documents_are_plain_text() -> None:
    old = policy(statement(Resource=TAG), version="2008-10-17")
    assert not evaluate(
        request(resource="arn:aws:s3:::b/k", context={"aws:PrincipalTag/team": "k"}), identity(old)
    ).allowed
    assert evaluate(request(resource=TAG), identity(old)).allowed


OVERLAPS = [
    ("arn:aws:s3:::b/k", "arn:aws:s3:::b/*", True, False),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*", True, True),
    ("arn:aws:s3:::b/x*", "arn:aws:s3:::b/*", True, False),
    ("arn:aws:s3:::*", "arn:aws:s3:::b/*", True, True),
    ("arn:aws:s3:::c/*", "arn:aws:s3:::b/*", False, False),
    ("arn:aws:s3:::b/?", "arn:aws:s3:::b/?", True, True),
    ("arn:aws:s3:::b/?", "arn:aws:s3:::b/*", True, False),
    ("arn:aws:s3:::b/a*c", "arn:aws:s3:::b/*b*", True, False),
    ("arn:aws:s3:::b/k", "*", True, False),
    ("ARN:aws:S3:::b/k", "arn:aws:s3:::b/*", True, False),
    ("ARN:aws:S3:::b/*", "arn:aws:s3:::b/k*", True, True),
    ("arn:aws:s3:::B/*", "arn:aws:s3:::b/*", False, False),
    # A star that ends a segment reaches over colons here too, and names beyond it keep their case.
    ("arn:aws:sns:*:MyTopic:*", "arn:aws:sns:us-east-1:111122223333:MyTopic:*", True, True),
    ("arn:aws:sns:*:MYTOPIC:*", "arn:aws:sns:us-east-1:111122223333:MyTopic:*", False, False),
    ("arn:aws:dynamodb:*:table/Orders*", "arn:aws:dynamodb:us-east-1:111122223333:table/Orders/*", True, True),
    ("arn:aws:dynamodb:*:table/O*", "arn:aws:dynamodb:us-east-1:*:table/Orders", True, True),
    ("arn:aws:dynamodb:*:table/orders", "arn:aws:dynamodb:us-east-1:111122223333:table/O*", False, False),
    ("arn:aws:lambda:us-*-1:1:function:f", "arn:aws:lambda:*:function:f", True, False),
    ("arn:aws:s3:::b/?*", "arn:aws:s3:::b/*?", True, True),
    ("arn:aws:s3:::b/*a", "arn:aws:s3:::b/*aa", True, True),
    ("arn:aws:s3:::b/a*a", "arn:aws:s3:::b/a*", True, False),
]


@pytest.mark.parametrize(("pattern", "wanted", "meets", "contains"), OVERLAPS)
def test_wildcards_in_the_requested_resource(pattern: str, wanted: str, meets: bool, contains: bool) -> None:
    """An Allow must reach one of the resources that the request stands for, and no Deny any that an Allow covers."""
    assert overlap(pattern, wanted) is meets
    assert covers(pattern, wanted) is contains
    asked = request(resource=wanted)
    allowing, denying = policy(statement(Resource=pattern)), policy(statement("Deny", Resource=pattern), statement())
    assert evaluate(asked, identity(allowing)).allowed is meets
    decision = evaluate(asked, identity(denying))
    everything = wanted == "*"  # of whatever there is, one resource that is not denied is enough
    assert decision.allowed is (not meets or (everything and not contains))
    assert (decision.otherwise is Outcome.ALLOWED) is (meets and not contains and not everything)
    in_part = possible(asked, identity(denying))
    assert (in_part.allowed, in_part.certain and in_part.allowed) == (not contains, decision.allowed)
    sparing, denying_others = (
        policy(statement(NotResource=pattern)),
        policy(statement("Deny", NotResource=pattern), statement()),
    )
    assert evaluate(asked, identity(sparing)).allowed is not contains
    assert evaluate(asked, identity(denying_others)).allowed is contains
    found = possible(asked, identity(denying_others))
    assert (found.allowed, found.certain and found.allowed) == (meets, contains)
    assert [one.in_part for one in found.unless] == ([True] if meets and not contains else [])


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("ec2:DescribeRegions", "*", True),
        ("ec2:DescribeRegions", "arn:aws:ec2:*:*:*", False),
        # Amazon S3 User Guide, "Controlling access to a bucket with user policies".
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", True),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::b", False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*/*", False),
        ("s3:GetAccountPublicAccessBlock", "arn:aws:s3:::*", False),
    ],
)
def test_actions_without_resources_are_named_by_a_star_or_by_all_buckets(
    action: str, resource: str, allowed: bool
) -> None:
    asked = request(action=action, resource="*")
    assert evaluate(asked, identity(policy(statement(Resource=resource)))).allowed is allowed


@pytest.mark.parametrize(
    ("pattern", "arn", "part"),
    [
        ("arn:aws:sqs:eu-west-1:111122223333:jobs", QUEUE, "region"),
        ("arn:aws:sqs:us-east-1:444455556666:jobs", QUEUE, "account"),
        ("arn:aws-cn:sqs:us-east-1:111122223333:jobs", QUEUE, "partition"),
        ("arn:aws:sns:us-east-1:111122223333:jobs", QUEUE, "service"),
        ("arn:aws:sqs:us-east-1:111122223333:job", QUEUE, "resource"),
        ("arn:aws:sqs:eu-*:444455556666:jobs", QUEUE, None),
        ("arn:aws:sqs:*", QUEUE, None),
    ],
)
def test_which_part_of_an_arn_differs(pattern: str, arn: str, part: str | None) -> None:
    assert differing_part(pattern, arn) == part


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:s3:::b/" + "a*" * 500 + "b",
        "arn:aws:s3:::b/" + "?*" * 500 + "b",
        "arn:" + "*:".join("awsxyz") + "*b*b*b",
    ],
)
def test_no_pattern_is_slow(pattern: str) -> None:
    asked = request(resource="arn:aws:s3:::b/" + "a:" * 5000)
    with within_yards(200):
        assert not evaluate(asked, identity(policy(statement(Resource=pattern)))).allowed
        assert not evaluate(
            request(action="s3:" + "a" * 5000), identity(policy(statement(Action="s3:" + "a*" * 500 + "b")))
        ).allowed
        conditioned = policy(statement(Condition={"StringLike": {"x:k": "a*" * 500 + "b"}}))
        assert not evaluate(request(context={"x:k": "a" * 5000}), identity(conditioned)).allowed
