"""A role that is not where the call looks: not created by a StackSet, or with a path that the ARN lacks."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

DENIED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
    "arn:aws:sts::111122223333:assumed-role/scanner/s1 is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::444455556666:role/audit\n"
)
BY_STACK_SET = "The role audit comes from a service-managed StackSet. "
NOT_THERE = "does not deploy to the organization's management account"


@pytest.mark.parametrize(
    "rest",
    [
        f"{BY_STACK_SET}All other accounts work, only the management account (444455556666) fails.",
        f"444455556666 is our payer account. {BY_STACK_SET}",
        f'{BY_STACK_SET}\n$ aws organizations describe-organization\n"MasterAccountId": "444455556666",',
    ],
)
def test_a_stack_set_leaves_the_management_account_out(rest: str) -> None:
    assert NOT_THERE in answer_to(DENIED + rest)


@pytest.mark.parametrize(
    "rest",
    [
        f"{BY_STACK_SET}444455556666 is a member account; the management account is 111122223333.",
        "The management account (444455556666) fails. The role audit was created by hand.",
    ],
)
def test_another_account_or_another_way_is_not_that_case(rest: str) -> None:
    assert NOT_THERE not in answer_to(DENIED + rest)


ASSUMES = (
    "CLIENT_ERROR - User: {0} is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::111122223333:role/{1}"
)
BATCH = "batch.amazonaws.com"


@pytest.mark.parametrize(
    ("service", "role"),
    [(BATCH, "AWSServiceRoleForBatch"), ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling")],
)
def test_a_service_linked_roles_arn_has_a_path(service: str, role: str) -> None:
    assert f"pass arn:aws:iam::111122223333:role/aws-service-role/{service}/{role}" in answer_to(
        ASSUMES.format(service, role)
    )


@pytest.mark.parametrize("role", ["batch-service", f"aws-service-role/{BATCH}/AWSServiceRoleForBatch"])
def test_a_role_of_ones_own_or_with_its_path_lacks_none(role: str) -> None:
    assert "lacks the role's path" not in answer_to(ASSUMES.format(BATCH, role))


@pytest.mark.parametrize("name", ["aws-elasticbeanstalk-ec2-role", "web.profile"])
def test_an_environment_names_a_profile_that_does_not_exist(name: str) -> None:
    launch = "Authorization for the LaunchTemplate failed: You are not authorized to use launch template: lt-0c8e"
    missing = f"The instance profile {name} associated with the environment does not exist."
    assert f"There is no instance profile {name}" in answer_to(f"ERROR: {launch}\nERROR: {missing}")
    assert "There is no instance profile" not in answer_to(f"ERROR: {launch}\nThe instance profile {name} exists.")
