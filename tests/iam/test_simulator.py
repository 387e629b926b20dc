"""AWS's simulator: what is asked, both shapes of its answer, its refusals, and the cross-check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request
from iam.simulator import (
    SimulationFailure,
    SimulationRequest,
    SimulationResult,
    cross_check,
)
from iam.sources.aws.session import Aws, Patience
from iam.sources.aws.simulator import AwsSimulator, context_entries

ROLE = "arn:aws:iam::111122223333:role/app/api"


@pytest.fixture
def aws() -> Aws:
    return Aws(boto3.Session(region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"))


@pytest.fixture
def stub(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.client("iam", patience=Patience.WITNESS)) as stubber:
        yield stubber


def ask(
    aws: Aws, action: str = "s3:GetObject", resource: str = "*", **more: Any
) -> SimulationResult | SimulationFailure:
    return AwsSimulator(aws).simulate(SimulationRequest(ROLE, action, resource, **more))


def answered(aws: Aws, stub: Stubber, *results: dict[str, Any], resource: str = "*") -> Any:
    stub.add_response("simulate_principal_policy", {"EvaluationResults": list(results), "IsTruncated": False})
    return ask(aws, resource=resource)


def test_the_answer_of_before_july_2026(aws: Aws, stub: Stubber) -> None:
    # One result for each resource.
    other = {"EvalActionName": "s3:GetObject", "EvalResourceName": "arn:aws:s3:::a/k", "EvalDecision": "allowed"}
    mine = {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": "arn:aws:s3:::b/k",
        "EvalDecision": "implicitDeny",
        "MissingContextValues": ["aws:SourceIp"],
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": False},
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True},
    }
    result = answered(aws, stub, other, mine, resource="arn:aws:s3:::b/k")
    assert result == SimulationResult(Outcome.IMPLICIT_DENY, ("aws:SourceIp",), False, True)


def test_the_answer_of_after_july_2026(aws: Aws, stub: Stubber) -> None:
    # One result an action, most restrictive on top; the decision for the resource is inside.
    result = answered(
        aws,
        stub,
        {
            "EvalActionName": "s3:GetObject",
            "EvalResourceName": "arn:aws:s3:::${BucketName}/${KeyName}",
            "EvalDecision": "explicitDeny",
            "MissingContextValues": ["aws:SourceVpc"],
            "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
            "ResourceSpecificResults": [
                {"EvalResourceName": "arn:aws:s3:::a/k", "EvalResourceDecision": "explicitDeny"},
                {
                    "EvalResourceName": "arn:aws:s3:::b/k",
                    "EvalResourceDecision": "allowed",
                    "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True},
                },
            ],
        },
        resource="arn:aws:s3:::b/k",
    )
    assert (result.outcome, result.missing_context) == (Outcome.ALLOWED, ())
    assert (result.allowed_by_organization, result.allowed_by_boundary) == (True, True)


def test_an_answer_that_does_not_answer_is_a_failure(aws: Aws, stub: Stubber) -> None:
    assert isinstance(answered(aws, stub), SimulationFailure)
    odd = {"EvalActionName": "s3:GetObject", "EvalDecision": "perhaps"}
    assert isinstance(answered(aws, stub, odd), SimulationFailure)


def test_the_question_is_typed_and_complete(aws: Aws, stub: Stubber) -> None:
    expected = {
        "PolicySourceArn": "arn:aws:iam::111122223333:user/ben",
        "ActionNames": ["sts:AssumeRole"],
        "ResourceArns": [ROLE],
        "ContextEntries": [
            {"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["10.0.0.1"], "ContextKeyType": "ip"},
            {"ContextKeyName": "AWS:MULTIFACTORAUTHPRESENT", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        ],
        "ResourcePolicy": "{}",
        "CallerArn": "arn:aws:iam::111122223333:user/ben",
        "PolicyExclusionList": [{"PolicyType": "scp"}],
    }
    result = {"EvalActionName": "STS:assumerole", "EvalResourceName": ROLE, "EvalDecision": "allowed"}
    stub.add_response("simulate_principal_policy", {"EvaluationResults": [result]}, expected)
    answer = AwsSimulator(aws).simulate(
        SimulationRequest(
            "arn:aws:iam::111122223333:user/ben",
            "sts:AssumeRole",
            ROLE,
            {"aws:SourceIp": ("10.0.0.1",), "AWS:MULTIFACTORAUTHPRESENT": ("true",)},
            resource_policy="{}",
            exclude=("scp",),
        )
    )
    assert isinstance(answer, SimulationResult) and answer.outcome is Outcome.ALLOWED


def test_lists_dates_and_numbers_have_their_types() -> None:
    entries = context_entries(
        {
            "aws:CurrentTime": ("2026-01-01T00:00:00Z",),
            "aws:EpochTime": ("1",),
            "aws:TagKeys": ("team",),
            "my:key": ("a", "b"),
            "aws:PrincipalTag/x": ("y",),
        }
    )
    assert [entry["ContextKeyType"] for entry in entries] == ["date", "numeric", "stringList", "stringList", "string"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("NoSuchEntity", "does not know"),
        ("PolicyEvaluation", "could not evaluate"),
        ("InvalidInput", "does not accept this request"),
        ("AccessDenied", "AWS denied iam:SimulatePrincipalPolicy"),
        ("ExpiredToken", "have expired"),
    ],
)
def test_refusals_are_sentences(aws: Aws, stub: Stubber, code: str, words: str) -> None:
    stub.add_client_error("simulate_principal_policy", code, "because of this")
    answer = ask(aws)
    assert isinstance(answer, SimulationFailure) and words in answer.why and "\n" not in answer.why


def test_a_question_that_boto_refuses_is_a_failure(aws: Aws) -> None:
    answer = ask(aws, action="x", resource="")  # shorter than the API takes
    assert isinstance(answer, SimulationFailure) and "does not accept this request" in answer.why


class Says:
    """A simulator with one answer, which remembers what it was asked."""

    def __init__(self, answer: SimulationResult | SimulationFailure) -> None:
        self.answer = answer
        self.asked: list[SimulationRequest] = []

    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure:
        self.asked.append(request)
        return self.answer


def named(action: str, **more: Any) -> NamedPolicy:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": [statement]}), "p")


REQUEST = Request("arn:aws:sts::111122223333:assumed-role/api/s", "s3:GetObject", "arn:aws:s3:::b/k", "111122223333")


def test_the_two_agree_on_what_both_know() -> None:
    simulator = Says(SimulationResult(Outcome.ALLOWED))
    policies = Policies(identity=(named("s3:*"),), session=(named("sqs:*"),))
    check = cross_check(REQUEST, policies, ROLE, simulator)
    # The session policy denies, which the simulator cannot know: that is no disagreement.
    assert check.local.outcome is Outcome.IMPLICIT_DENY and check.agree is True
    assert check.not_modelled == (Layer.SESSION,) and "session policy" in check.why
    assert simulator.asked[0].principal_arn == ROLE and simulator.asked[0].resource_policy is None


def test_a_difference_is_shown_with_its_likely_cause() -> None:
    denied = SimulationResult(Outcome.IMPLICIT_DENY, allowed_by_organization=False)
    policies = Policies(identity=(named("s3:*"),), unread=frozenset({Layer.SCP}))
    check = cross_check(REQUEST, policies, ROLE, Says(denied))
    assert check.agree is False and "organization" in check.why
    missing = SimulationResult(Outcome.IMPLICIT_DENY, missing_context=("aws:SourceIp",))
    assert "aws:SourceIp" in cross_check(REQUEST, policies, ROLE, Says(missing)).why


def test_a_simulator_that_is_not_there_or_refuses_leaves_one_witness() -> None:
    policies = Policies(identity=(named("s3:*"),))
    assert cross_check(REQUEST, policies, ROLE, None).agree is None
    check = cross_check(REQUEST, policies, ROLE, Says(SimulationFailure("Denied.")))
    assert check.agree is None and check.why == "Denied." and check.local.outcome is Outcome.ALLOWED


def test_a_user_takes_the_resource_policy_along() -> None:
    user = "arn:aws:iam::111122223333:user/ben"
    simulator = Says(SimulationResult(Outcome.ALLOWED))
    policies = Policies(resource=named("s3:*", Principal={"AWS": user}))
    check = cross_check(Request(user, "s3:GetObject", "arn:aws:s3:::b/k", "111122223333"), policies, user, simulator)
    assert check.agree is True and check.not_modelled == ()
    assert simulator.asked[0].resource_policy is not None
