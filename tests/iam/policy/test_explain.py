"""Near misses: which statement came nearest, which element failed, and the sentence that says so."""

from __future__ import annotations

import pytest

from iam.policy.decision import ConditionFailure, Decision, Fault
from iam.policy.explain import explain, explain_layer, explicit_denials
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import Policies
from tests.support.accounts.policies import (
    ACCOUNT,
    ALLOW_ALL,
    ALLOW_OTHER,
    EVERYONE,
    ROOT,
    TARGET,
    USER,
    Context,
    Values,
    identity,
    policy,
    request,
    statement,
)

TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
REGION: Values = {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}
TAGGED: Values = {"StringEquals": {"aws:ResourceTag/project": "${aws:PrincipalTag/project}"}}

CASES: list[tuple[Values, str, str, Context, Fault, str, str]] = [
    # statement, action, resource, context, fault, element, sentence
    (
        {"Action": ["s3:GetObject", "s3:ListBucket"]},
        "s3:PutObject",
        "arn:aws:s3:::b/k",
        {},
        Fault.NO_ACTION,
        "Action",
        "names s3:GetObject and s3:ListBucket, not s3:PutObject",
    ),
    (
        {"NotAction": ["iam:*", "sts:*"]},
        "iam:GetRole",
        TARGET,
        {},
        Fault.NO_ACTION,
        "NotAction",
        "allows everything except iam:* and sts:*, and iam:GetRole is among those",
    ),
    (
        {"Action": "dynamodb:Query", "Resource": TABLE},
        "dynamodb:Query",
        f"{TABLE}/index/by-date",
        {},
        Fault.RESOURCE_MISMATCH,
        "Resource",
        f"names {TABLE}, not {TABLE}/index/by-date",
    ),
    (
        {"Resource": TABLE},
        "dynamodb:Query",
        TABLE.replace("us-east-1", "eu-west-1"),
        {},
        Fault.RESOURCE_MISMATCH,
        "Resource",
        f"names {TABLE}, not {TABLE.replace('us-east-1', 'eu-west-1')}: the region differs",
    ),
    (
        {"NotResource": "arn:aws:s3:::secret/*"},
        "s3:GetObject",
        "arn:aws:s3:::secret/k",
        {},
        Fault.RESOURCE_MISMATCH,
        "NotResource",
        "allows everything except arn:aws:s3:::secret/*, and arn:aws:s3:::secret/k is among those",
    ),
    (
        {"Condition": REGION},
        "ec2:RunInstances",
        "*",
        {"aws:RequestedRegion": "ap-south-1"},
        Fault.CONDITION_UNMET,
        "Condition",
        "needs aws:RequestedRegion to be us-east-1 or eu-west-1, and it is ap-south-1",
    ),
    (
        {"Condition": REGION},
        "ec2:RunInstances",
        "*",
        {},
        Fault.CONDITION_UNKNOWN,
        "Condition",
        "needs aws:RequestedRegion to be us-east-1 or eu-west-1, and no value of this key is known here",
    ),
    (
        {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, **REGION}},
        "ec2:RunInstances",
        "*",
        {"aws:RequestedRegion": "ap-south-1"},
        Fault.CONDITION_UNMET,
        "Condition",
        "needs aws:RequestedRegion to be us-east-1 or eu-west-1, and it is ap-south-1",
    ),
    (
        {"Condition": TAGGED},
        "ec2:StartInstances",
        "*",
        {"aws:ResourceTag/project": "ferry"},
        Fault.UNRESOLVED_VARIABLE,
        "Condition",
        "compares aws:ResourceTag/project with ${aws:PrincipalTag/project}, which has no value here",
    ),
    (
        {"Condition": TAGGED},
        "ec2:StartInstances",
        "*",
        {"aws:ResourceTag/project": "ferry", "aws:PrincipalTag/project": "tug"},
        Fault.CONDITION_UNMET,
        "Condition",
        "needs aws:ResourceTag/project to be tug, and it is ferry",
    ),
    (
        {"Resource": "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"},
        "s3:GetObject",
        "arn:aws:s3:::home/data/x",
        {},
        Fault.UNRESOLVED_VARIABLE,
        "Resource",
        "names a resource with ${aws:PrincipalTag/team}, which has no value here",
    ),
    (
        {"Resource": "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"},
        "s3:GetObject",
        "arn:aws:s3:::elsewhere/data/x",
        {},
        Fault.RESOURCE_MISMATCH,
        "Resource",
        "names arn:aws:s3:::home/${aws:PrincipalTag/team}/*, not arn:aws:s3:::elsewhere/data/x",
    ),
    (
        {"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "900"}}},
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        {"aws:MultiFactorAuthAge": "4000"},
        Fault.CONDITION_UNMET,
        "Condition",
        "needs aws:MultiFactorAuthAge to be less than 900, and it is 4000",
    ),
    (
        {"Condition": {"Null": {"aws:SourceVpce": "false"}}},
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        {},
        Fault.CONDITION_UNKNOWN,
        "Condition",
        "needs aws:SourceVpce to be present, and no value of this key is known here",
    ),
]


@pytest.mark.parametrize(("elements", "action", "resource", "context", "fault", "element", "sentence"), CASES)
def test_near_miss(
    elements: Values, action: str, resource: str, context: Context, fault: Fault, element: str, sentence: str
) -> None:
    asked = request(action=action, resource=resource, context=context)
    decision = explain(asked, identity(policy(statement(Sid="Only", **elements))))
    assert not decision.allowed
    (miss,) = decision.near_misses
    assert (miss.layer, miss.statement, miss.sid) == (Layer.IDENTITY, 0, "Only")
    assert (miss.fault, miss.element) == (fault, element)
    assert miss.sentence == sentence


def test_principal_mismatch_of_a_trust_policy() -> None:
    trust = policy(statement(Action="sts:AssumeRole", Resource=None, Principal={"Service": "ec2.amazonaws.com"}))
    (miss,) = explain(request("lambda.amazonaws.com", "sts:AssumeRole", TARGET), Policies(resource=trust)).near_misses
    assert (miss.layer, miss.fault, miss.element) == (Layer.RESOURCE, Fault.PRINCIPAL_MISMATCH, "Principal")
    assert (miss.wanted, miss.had) == (("ec2.amazonaws.com",), "lambda.amazonaws.com")
    assert miss.sentence == "names ec2.amazonaws.com, not lambda.amazonaws.com"


def test_a_trust_in_the_account_is_missed_by_its_conditions() -> None:
    trust = policy(
        statement(
            Action="sts:AssumeRole",
            Resource=None,
            Principal={"AWS": ROOT},
            Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        )
    )
    decision = explain(request(USER, "sts:AssumeRole", TARGET), identity(ALLOW_ALL, resource=trust))
    assert decision.decided_by is Layer.RESOURCE
    (miss,) = decision.near_misses
    assert miss.fault is Fault.CONDITION_UNKNOWN
    assert miss.conditions == (ConditionFailure("Bool", "aws:MultiFactorAuthPresent", ("true",), None),)


def test_naming_the_account_is_no_fault_of_the_resource_policy() -> None:
    resource = policy(statement(Principal={"AWS": ROOT}))
    decision = explain(request(), Policies(resource=resource))
    assert decision.decided_by is Layer.IDENTITY
    assert decision.near_misses == ()


def test_the_nearest_come_first_and_the_deciding_layer_before_others() -> None:
    near = policy(
        statement(Sid="OtherService", Action="ec2:*"),
        statement(Sid="OtherAction", Action="s3:GetObject", Resource="arn:aws:s3:::b/*"),
        statement(Sid="OtherResource", Action="s3:PutObject", Resource="arn:aws:s3:::c/*"),
        statement(Sid="Condition", Action="s3:Put*", Resource="arn:aws:s3:::b/*", Condition=REGION),
        statement("Deny", Sid="Deny", Action="ec2:*"),
    )
    asked = request(action="s3:PutObject", resource="arn:aws:s3:::b/k")
    policies = identity(near, resource=policy(statement(Principal={"AWS": "111122223344"})))
    decision = explain(asked, policies)
    assert [miss.sid for miss in decision.near_misses[:4]] == [
        "Condition",
        "OtherResource",
        "OtherAction",
        "OtherService",
    ]
    assert [miss.layer for miss in decision.near_misses] == [Layer.IDENTITY] * 4 + [Layer.RESOURCE]
    assert [miss.distance for miss in decision.near_misses[:4]] == sorted(
        miss.distance for miss in decision.near_misses[:4]
    )


def test_only_the_level_that_fails_is_explained() -> None:
    decision = explain(request(), identity(ALLOW_ALL, scps=((ALLOW_ALL,), (ALLOW_OTHER,))))
    assert decision.decided_by is Layer.SCP
    assert [(miss.layer, miss.level) for miss in decision.near_misses] == [(Layer.SCP, 1)]


def test_what_is_allowed_has_no_near_misses() -> None:
    assert explain(request(), identity(ALLOW_ALL, ALLOW_OTHER)).near_misses == ()


def test_each_layer_can_be_explained_by_itself() -> None:
    policies = identity(ALLOW_ALL, boundary=(ALLOW_OTHER,), resource=EVERYONE)
    assert explain_layer(request(), policies, Layer.BOUNDARY).near_misses[0].fault is Fault.NO_ACTION
    assert explain_layer(request(), policies, Layer.IDENTITY).result is LayerResult.ALLOWED
    assert explain_layer(request(), policies, Layer.SESSION).result is LayerResult.NOT_APPLICABLE


DENIALS: list[tuple[Values, str]] = [
    ({"Action": "s3:*"}, "denies s3:GetObject (s3:*) on every resource"),
    ({"Action": ["ec2:*", "s3:GetObject"]}, "denies s3:GetObject on every resource"),
    ({"NotAction": ["iam:*"]}, "denies every action except iam:* on every resource"),
    ({"NotResource": "arn:aws:s3:::harbor-*"}, "denies s3:GetObject on everything except arn:aws:s3:::harbor-*"),
    (
        {"Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}},
        "denies s3:GetObject on every resource when aws:RequestedRegion is not us-east-1 (here ap-south-1)",
    ),
    (
        {"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
        "denies s3:GetObject on every resource when aws:MultiFactorAuthPresent is false (here no value is known)",
    ),
    (
        {"Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/home}"}}},
        "denies s3:GetObject on every resource when aws:RequestedRegion is not ${aws:PrincipalTag/home}"
        " (here ap-south-1, and ${aws:PrincipalTag/home} has no value)",
    ),
    (
        {"Condition": {"StringLike": {"aws:RequestedRegion": "ap-*"}, "Null": {"x:y": "true"}}},
        "denies s3:GetObject on every resource when aws:RequestedRegion matches ap-* (here ap-south-1)"
        " and x:y is absent (here no value is known)",
    ),
]


@pytest.mark.parametrize(("elements", "sentence"), DENIALS)
def test_why_a_deny_matches(elements: Values, sentence: str) -> None:
    asked = request(context={"aws:RequestedRegion": "ap-south-1"})
    policies = identity(ALLOW_ALL, policy(statement("Deny", Sid="No", **elements)))
    (denial,) = explicit_denials(asked, policies)
    assert (denial.layer, denial.sid, denial.sentence) == (Layer.IDENTITY, "No", sentence)
    assert explain_layer(asked, policies, Layer.IDENTITY).denials == (denial,)


def test_hostile_values_are_shortened_in_number_not_interpreted() -> None:
    wanted = [f"[red]{number}\x1b[0m" for number in range(50)]
    conditioned = policy(statement(Condition={"StringEquals": {"x:k": wanted}}))
    (miss,) = explain(request(context={"x:k": "z"}), identity(conditioned)).near_misses
    assert miss.sentence.startswith("needs x:k to be [red]0\x1b[0m, [red]1\x1b[0m, [red]2\x1b[0m and 47 more")
    assert len(miss.wanted) == 50


def test_explaining_never_changes_the_decision() -> None:
    for elements, action, resource, context, *_ in CASES:
        asked = request(action=action, resource=resource, context=context)
        decision: Decision = explain(asked, identity(policy(statement(**elements))))
        assert decision.outcome.value == "implicitDeny"
