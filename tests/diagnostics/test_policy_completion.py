"""Where somebody types in a policy, and what is suggested there."""

from __future__ import annotations

import pytest

from diagnostics.policy_completion import PolicyNames, TypedPlace, typed_place
from iam.creation.statements.action_table import action_table

S = '{"Version": "2012-10-17", "Statement": [{'


@pytest.mark.parametrize(
    ("before", "path", "text", "is_key"),
    [
        ('{"', (), "", True),
        ('{"Sta', (), "Sta", True),
        (S + '"Eff', ("Statement",), "Eff", True),
        (S + '"Effect": "A', ("Statement", "Effect"), "A", False),
        (S + '"Action": ["s3:GetObject", "s3:Put', ("Statement", "Action"), "s3:Put", False),
        (S + '"Action": "s3:*", "', ("Statement",), "", True),
        (S + '"Condition": {"Str', ("Statement", "Condition"), "Str", True),
        (S + '"Condition": {"Bool": {"aws:', ("Statement", "Condition", "Bool"), "aws:", True),
        (S + '"Condition": {"Bool": {"aws:x": ["t', ("Statement", "Condition", "Bool", "aws:x"), "t", False),
        (S + '"Action": "x"}, {"Resource": "arn:', ("Statement", "Resource"), "arn:", False),
        (S + '"Sid": "a \\" { b", "Res', ("Statement",), "Res", True),
    ],
)
def test_the_place_of_the_cursor(before: str, path: tuple[str, ...], text: str, is_key: bool) -> None:
    assert typed_place(before) == TypedPlace(path, text, is_key)


@pytest.mark.parametrize("before", ["", "{", '{"Version": ', '{"a": "b"', "}}]]", '"\\', S + '"Action": ["s3:*"'])
def test_outside_a_string_there_is_none_and_broken_text_is_read_on(before: str) -> None:
    found = typed_place(before)
    assert found is None or before == '"\\'


ROLE = "arn:aws:iam::111122223333:role/app/orders"
NAMES = {
    "role": (ROLE,),
    "arn:s3": ("arn:aws:s3:::harbor-assets/*",),
    "principal": (ROLE,),
    "service": ("lambda.amazonaws.com",),
    "region": ("eu-west-1", "us-east-1"),
}


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ('"Action": "s3:getobjecta', "s3:GetObjectAcl"),
        ('"Action": ["dynamodb:batchg', "dynamodb:BatchGetItem"),
        ('"NotAction": "sts:assumeroleW', "sts:AssumeRoleWithSAML"),
        ('"Resource": "harbor', "arn:aws:s3:::harbor-assets/*"),
        ('"Resource": "arn:aws:iam::111122223333:role/app', ROLE),
        ('"Principal": {"Service": "lam', "lambda.amazonaws.com"),
        ('"Principal": {"AWS": "arn', ROLE),
        ('"Principal": {"Fed', "Federated"),
        ('"Condition": {"StringLikeI', "StringLikeIfExists"),
        ('"Condition": {"StringEquals": {"aws:requestedr', "aws:RequestedRegion"),
        ('"Condition": {"StringEquals": {"s3:prefi', "s3:prefix"),
        ('"Condition": {"StringEquals": {"aws:RequestedRegion": ["eu', "eu-west-1"),
        ('"Effect": "d', "Deny"),
        ('"NotRes', "NotResource"),
    ],
)
def test_what_is_suggested(before: str, first: str) -> None:
    place = typed_place(S + before)
    assert place is not None
    assert PolicyNames(action_table(), NAMES).candidates(place)[0] == first


@pytest.mark.parametrize(
    "before", ['"Sid": "any', '"Action": "', '"Resource": "', '"Effect": "Deny', '"Action": "zz:zz']
)
def test_where_nothing_is_suggested(before: str) -> None:
    place = typed_place(S + before)
    assert place is not None and not PolicyNames(action_table(), NAMES).candidates(place)
