"""A word of the sentence is never taken for a name: names come from where a sentence, or an ARN, has them."""

from __future__ import annotations

import pytest

from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.read.parse import parse

GLUE = "is not authorized to perform: glue:GetTable on resource: arn:aws:glue:us-east-1:111122223333:table/a/b"


@pytest.mark.parametrize(
    ("text", "principal"),
    [
        (f"Requester {GLUE}", None),
        (f"requester {GLUE}", None),
        (f"The caller {GLUE}", None),
        (f"This function {GLUE}", None),
        (f"Access denied because the job {GLUE}", None),
        (f"currently {GLUE}", None),
        (f"ben.hale {GLUE}", "ben.hale"),
        (f"MyFunction {GLUE}", "MyFunction"),
        (f"User ben {GLUE}", "ben"),
        (f'"ben" {GLUE}', "ben"),
        (f"User: ben {GLUE}", "ben"),
        (f"etl-nightly {GLUE}", "etl-nightly"),
        (f"arn:aws:iam::111122223333:user/ben {GLUE}", "arn:aws:iam::111122223333:user/ben"),
        (
            "Resource does not exist or requester is not authorized to access requested permissions. (Service: "
            "AWSLakeFormation; Status Code: 400; Error Code: AccessDeniedException)",
            None,
        ),
    ],
)
def test_who_called(text: str, principal: str | None) -> None:
    failure = parse(text)[0]
    assert isinstance(failure, Denial)
    assert failure.principal == principal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Invalid IAM Instance Profile name (Service: Ec2, Status Code: 400, Request ID: 1)", None),
        ("Invalid IAM Instance Profile name (Service: AmazonEC2; Status Code: 400)", None),
        ("Invalid IAM Instance Profile ARN (RequestId: 7d)", None),
        ("The instance profile must exist: Invalid IAM Instance Profile name", None),
        ("Invalid IAM Instance Profile name (web-1)", "web-1"),
        ('Invalid IAM Instance Profile "web"', "web"),
        ("Instance Profile web does not contain a role", "web"),
        ("Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", "web"),
        ("arn:aws:iam::111122223333:instance-profile/team/web has no associated IAM Roles", "web"),
    ],
)
def test_an_instance_profile(text: str, name: str | None) -> None:
    failure = parse(text)[0]
    assert isinstance(failure, OtherFailure)
    assert failure.name == name
