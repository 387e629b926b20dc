"""Masked parts stay as they are, a subject that was cut out is none, and an event is read in any of its shapes."""

from __future__ import annotations

import datetime
import json
import textwrap

import pytest

from diagnostics.failure import Conflict, Denial
from diagnostics.text.read.parse import parse

WHO = "arn:aws:sts::111122223333:assumed-role/web/i-1"
EVENT = {
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "errorCode": "AccessDenied",
    "errorMessage": "Access Denied",
    "userIdentity": {"arn": WHO, "sessionContext": None},
    "readOnly": True,
}


def only(text: str) -> Denial:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    return failure


def test_a_mask_inside_sess_quotes_stays() -> None:
    denial = only(
        "User `arn:aws:sts::{id}:assumed-role/mail/app' is not authorized to perform `ses:SendEmail' on resource "
        "`arn:aws:ses:eu-west-1:{id}:identity/a@example.com'"
    )
    assert denial.principal == "arn:aws:sts::{id}:assumed-role/mail/app"
    assert denial.resource == "arn:aws:ses:eu-west-1:{id}:identity/a@example.com"


@pytest.mark.parametrize("mask", ["{id}", "<id>", "<my id>", "{my id}", "${AWS::AccountId}", "XXXXXXXXXXXX", "****"])
@pytest.mark.parametrize("end", ["", " because no identity-based policy allows the s3:GetObject action", "."])
def test_a_masked_part_stays_as_it_is(mask: str, end: str) -> None:
    denial = only(
        f"User: arn:aws:iam::{mask}:user/{mask} is not authorized to perform: s3:GetObject on resource: "
        f"arn:aws:s3:::{mask}/k/{mask}{end}"
    )
    assert (denial.principal, denial.resource) == (f"arn:aws:iam::{mask}:user/{mask}", f"arn:aws:s3:::{mask}/k/{mask}")


@pytest.mark.parametrize("mask", ["[account id]", "[account]"])
def test_a_mask_in_square_brackets(mask: str) -> None:
    denial = only(
        f"User: arn:aws:iam::{mask}:user/x is not authorized to perform: s3:GetObject on resource: "
        f"arn:aws:s3:::{mask}/k"
    )
    assert (denial.principal, denial.resource) == (f"arn:aws:iam::{mask}:user/x", f"arn:aws:s3:::{mask}/k")


@pytest.mark.parametrize(
    "label", ["AccessDenied: ", "AccessDeniedException: ", "User: ", "Message: ", "error: ClientError: "]
)
def test_a_subject_that_was_cut_out_is_none(label: str) -> None:
    denial = only(f"{label} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k")
    assert (denial.principal, denial.action, denial.resource) == (None, "s3:GetObject", "arn:aws:s3:::b/k")


@pytest.mark.parametrize(
    "verb", ["is not permitted to perform", "is not allowed to perform", "was not authorised to perform"]
)
def test_other_words_for_not_authorized(verb: str) -> None:
    denial = only(f"User: {WHO} {verb}: s3:GetObject on resource: arn:aws:s3:::b/k")
    assert (denial.principal, denial.action, denial.resource) == (WHO, "s3:GetObject", "arn:aws:s3:::b/k")


def test_the_quotes_of_ses() -> None:
    denial = only(
        "Access denied: User `arn:aws:iam::111122223333:user/mail' is not authorized to perform `ses:SendEmail' on "
        "resource `arn:aws:ses:us-east-1:111122223333:identity/a.example'"
    )
    assert denial.principal == "arn:aws:iam::111122223333:user/mail"
    assert denial.resource == "arn:aws:ses:us-east-1:111122223333:identity/a.example"


@pytest.mark.parametrize("colon", ["", ":"])
def test_a_user_of_a_redshift_database(colon: str) -> None:
    user = "arn:aws:redshift:us-east-1:111122223333:dbuser:wh/ada"
    denial = only(f"User{colon} {user} is not authorized to assume IAM Role arn:aws:iam::111122223333:role/load")
    assert (denial.principal, denial.action) == (user, "sts:AssumeRole")
    assert denial.resource == "arn:aws:iam::111122223333:role/load"


@pytest.mark.parametrize(
    "where",
    [
        "with an explicit deny in a service control policy",
        "because no service control policy allows the s3:GetObject action",
    ],
)
@pytest.mark.parametrize("colon", [":", ""])
def test_the_policys_arn_after_the_reason(where: str, colon: str) -> None:
    policy = "arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1"
    denial = only(
        f'User: {WHO} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" {where}, with policy '
        f"ARN{colon} {policy} (Service: Amazon S3; Status Code: 403)"
    )
    assert denial.policy_arn == policy
    assert denial.resource == "arn:aws:s3:::b/k"


def test_ecr_refuses_a_pull_and_other_registries_do_too() -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web"
    denial = only(
        f"Error response from daemon: pull access denied for {image}, repository does not exist or may require "
        "'docker login': denied: requested access to the resource is denied"
    )
    assert denial.resource == image
    (other,) = parse("Error response from daemon: pull access denied for shop/web, repository does not exist")
    assert not isinstance(other, Denial)


@pytest.mark.parametrize(
    ("text", "action", "resource", "service"),
    [
        (
            "Not authorized to get credentials of role arn:aws:iam::111122223333:role/load",
            "sts:AssumeRole",
            "arn:aws:iam::111122223333:role/load",
            "redshift",
        ),
        (
            "An error occurred (InvalidIdentityPoolConfigurationException) when calling the GetCredentialsForIdentity "
            "operation: Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            "sts:AssumeRoleWithWebIdentity",
            None,
            None,
        ),
        (
            "An error occurred (NotAuthorizedException) when calling the GetCredentialsForIdentity operation: "
            "Access to Identity 'us-east-1:1' is forbidden.",
            "cognito-identity:GetCredentialsForIdentity",
            None,
            None,
        ),
    ],
)
def test_wordings_of_single_services(text: str, action: str, resource: str | None, service: str | None) -> None:
    denial = only(text)
    assert (denial.action, denial.resource, denial.service) == (action, resource, service)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            {f"userIdentity.{key}": value for key, value in {"arn": WHO, "type": "AssumedRole"}.items()} | EVENT
        ),
        json.dumps({key: value for key, value in EVENT.items() if key != "userIdentity"} | {"userIdentity.arn": WHO}),
        json.dumps({f"detail.{key}": value for key, value in EVENT.items()}),
        repr(EVENT),
        repr([EVENT]),
        f"lambda got {EVENT!r}\nand stopped",
        repr({"Events": [{"EventTime": datetime.datetime(2026, 11, 24, 10), "CloudTrailEvent": json.dumps(EVENT)}]}),
    ],
)
def test_an_event_in_any_shape(text: str) -> None:
    denial = only(text)
    assert (denial.principal, denial.action, denial.operation) == (WHO, "s3:GetObject", "GetObject")


@pytest.mark.parametrize("mark", ["> ", "# ", "// ", ">> ", "* ", "  > "])
@pytest.mark.parametrize("width", [24, 40, 60])
def test_a_quoted_conflict(mark: str, width: int) -> None:

    text = "Error: creating IAM Role (tide): EntityAlreadyExists: Role with name tide already exists."
    (failure,) = parse("\n".join(mark + line for line in textwrap.wrap(text, width)))
    assert isinstance(failure, Conflict)
    assert (failure.entity_type, failure.name) == ("role", "tide")
