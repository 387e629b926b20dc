"""That only letter case differs is said where exactly that is true, over all values, operators and variables."""

from __future__ import annotations

from typing import Any

import pytest

from diagnostics.access_denied.letter_case import case_alone
from iam.policy.condition_keys import Presence
from iam.policy.document import Document
from iam.policy.explain import explain
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request

CALLER = "arn:aws:sts::111122223333:assumed-role/app/job"
OBJECT = "arn:aws:s3:::reports/2026/Sales.csv"


def differs_by_case_alone(statement: dict[str, Any], context: dict[str, Any], resource: str = OBJECT) -> bool:
    document = Document.from_value(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **statement}]}
    )
    given = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in context.items()}
    request = Request(CALLER, "s3:GetObject", resource, context=given)
    found = explain(request, Policies(identity=(NamedPolicy(document),)))
    assert not found.allowed
    return case_alone(found.near_misses[0], request, lambda _: Presence.ALWAYS)


def where(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Resource": "*", "Condition": {operator: {key: list(values)}}}


TEAM = "aws:PrincipalTag/team"


@pytest.mark.parametrize(
    ("statement", "context", "alone"),
    [
        ({"Resource": "arn:aws:s3:::reports/2026/sales.csv"}, {}, True),
        ({"Resource": "arn:aws:s3:::reports/2026/sales*"}, {}, True),
        ({"Resource": "arn:aws:s3:::reports/2025/sales.csv"}, {}, False),
        ({"Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::reports/2026/SALES.csv"]}, {}, True),
        ({"NotResource": OBJECT}, {}, False),
        # The resource differs by case, and a condition fails too.
        (
            {
                "Resource": "arn:aws:s3:::reports/2026/sales.csv",
                "Condition": {"StringEquals": {TEAM: "payments"}},
            },
            {TEAM: "billing"},
            False,
        ),
        (where("StringEquals", TEAM, "Payments"), {TEAM: "payments"}, True),
        (where("StringEquals", TEAM, "Payments"), {TEAM: "billing"}, False),
        # A star is a letter to StringEquals.
        (where("StringEquals", TEAM, "Pay*"), {TEAM: "payments"}, False),
        (where("StringLike", TEAM, "Pay*"), {TEAM: "payments"}, True),
        (where("StringEqualsIgnoreCase", TEAM, "Billing"), {TEAM: "payments"}, False),
        (where("StringNotEquals", TEAM, "payments"), {TEAM: "payments"}, False),
        # One of two values differs by case, the other altogether.
        (where("ForAllValues:StringEquals", "aws:TagKeys", "Owner"), {"aws:TagKeys": ["owner", "cost"]}, False),
        (where("ForAllValues:StringEquals", "aws:TagKeys", "Owner", "Cost"), {"aws:TagKeys": ["owner", "cost"]}, True),
        (where("ForAnyValue:StringEquals", "aws:TagKeys", "Owner"), {"aws:TagKeys": ["owner", "cost"]}, True),
        # Two conditions fail, and one of them by more than case.
        (
            {"Resource": "*", "Condition": {"StringEquals": {TEAM: "Payments", "aws:PrincipalTag/env": "prod"}}},
            {TEAM: "payments", "aws:PrincipalTag/env": "dev"},
            False,
        ),
        # A variable hides the value.
        (
            where("StringEquals", "s3:ExistingObjectTag/team", "${aws:PrincipalTag/team}"),
            {TEAM: "Payments", "s3:ExistingObjectTag/team": "payments"},
            True,
        ),
        (
            where("StringEquals", "s3:ExistingObjectTag/team", "${aws:PrincipalTag/team}"),
            {TEAM: "Billing", "s3:ExistingObjectTag/team": "payments"},
            False,
        ),
        ({"Resource": "arn:aws:s3:::reports/2026/${aws:PrincipalTag/team}.csv"}, {TEAM: "sales"}, True),
        (where("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/App"), {
            "aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}, True),
        # A date keeps its letters, and is not what differs.
        (
            {
                "Resource": "*",
                "Condition": {
                    "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
                    "StringEquals": {TEAM: "Payments"},
                },
            },
            {TEAM: "payments", "aws:CurrentTime": "2026-01-01T00:00:00Z"},
            True,
        ),
        (
            {
                "Resource": "*",
                "Condition": {
                    "DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
                    "StringEquals": {TEAM: "Payments"},
                },
            },
            {TEAM: "payments", "aws:CurrentTime": "2026-01-01T00:00:00Z"},
            False,
        ),
        # What is unknown may differ by more.
        (
            {"Resource": "*", "Condition": {"StringEquals": {TEAM: "Payments", "aws:SourceVpc": "vpc-1"}}},
            {TEAM: "payments"},
            False,
        ),
        ({"Resource": OBJECT, "Action": "s3:PutObject"}, {}, False),
    ],
)  # fmt: skip
def test_letter_case_alone(statement: dict[str, Any], context: dict[str, Any], alone: bool) -> None:
    assert differs_by_case_alone(statement, context) is alone


FIELDS = {
    Layer.IDENTITY: "identity",
    Layer.RESOURCE: "resource",
    Layer.BOUNDARY: "boundary",
    Layer.SESSION: "session",
    Layer.SCP: "scps",
    Layer.VPC_ENDPOINT: "vpc_endpoint",
}


@pytest.mark.parametrize("layer", FIELDS)
def test_each_layer_is_evaluated_as_it_is_kept(layer: Layer) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/2026/sales.csv"}
    if layer in (Layer.RESOURCE, Layer.VPC_ENDPOINT):
        statement["Principal"] = "*"
    policy = NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": [statement]}))
    kept: Any = policy if layer is Layer.RESOURCE else ((policy,),) if layer is Layer.SCP else (policy,)
    request = Request(CALLER, "s3:GetObject", OBJECT)
    found = explain(request, Policies(**{FIELDS[layer]: kept}))
    near = next(miss for miss in found.near_misses if miss.layer is layer)
    assert case_alone(near, request, lambda _: Presence.NEVER)
