"""A Region or an account that the text shows twice decides which of a sentence's causes comes first."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MODEL = (
    "An error occurred (ValidationException) when calling the CreateModel operation: Could not access model data at "
    "s3://models/9/model.tar.gz. Please ensure that the role exists and that the object is located in eu-west-1.\n"
)
LOCATION = "aws s3api get-bucket-location --bucket models"
ACTION = (
    "The service role or action role doesn't have the permissions required to access the Amazon S3 bucket named "
    "artifacts-1. Update the IAM role permissions.\n"
)
DEPLOY = "action Deploy: roleArn arn:aws:iam::927461035588:role/deploy\npipeline in {}\n"
ORGANIZATION = (
    "$ aws organizations create-account --email a@example.org --account-name lab --profile platform\n"
    "An error occurred (AccessDeniedException) when calling the CreateAccount operation: You don't have permissions to "
    "access this resource.\n$ aws sts get-caller-identity --profile platform\n"
    '{{ "Account": "640288173395", "Arn": "arn:aws:sts::640288173395:assumed-role/AWSReservedSSO_AdministratorAccess_'
    'aa11bb22cc33dd44/me" }}\n$ aws organizations describe-organization --query Organization.MasterAccountId\n"{}"\n'
)


def first(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{MODEL}{LOCATION} -> "eu-central-1"', "The text shows the bucket in eu-central-1"),
        (f'{MODEL}$ {LOCATION}\n{{ "LocationConstraint": "us-west-2" }}', "The text shows the bucket in us-west-2"),
        (f"{ACTION}{DEPLOY.format('140826593377')}", "The action's role is of account 927461035588"),
    ],
)
def test_two_places_that_differ_decide(text: str, said: str) -> None:
    assert first(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{MODEL}{LOCATION} -> "eu-west-1"', "SageMaker cannot read the model data"),
        (MODEL, "SageMaker cannot read the model data"),
        (f"{ACTION}{DEPLOY.format('927461035588')}", "The role of this action, or else"),
        (ACTION, "The role of this action, or else"),
    ],
)
def test_one_place_or_none_decides_nothing(text: str, said: str) -> None:
    assert first(text).startswith(said)


@pytest.mark.parametrize(("management", "elsewhere"), [("775901264480", True), ("640288173395", False)])
def test_causes_in_the_callers_policies_are_left_out_for_a_call_of_another_account(
    management: str, elsewhere: bool
) -> None:
    looks = collect_offline(read_text(ORGANIZATION.format(management))[0]).first_look
    assert any("AdministratorAccess" in each.cause for each in looks) is not elsewhere
