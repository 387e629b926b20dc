"""Services that cannot assume a role say so in sentences of their own; a key's state has its codes."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial

ROLE = "arn:aws:iam::111122223333:role/deploy"


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (f"InvalidRoleException: AWS CodeDeploy does not have the permissions required to assume the role {ROLE}.",
         "codedeploy"),
        (f"Code:InvalidInputException, Message:CodeBuild is not authorized to perform: sts:AssumeRole on {ROLE}",
         "codebuild"),
        (f"CodeBuild is not allowed to assume it: the role {ROLE}.", "codebuild"),
        (f"StatusMessage: Access denied while assuming the role {ROLE}", "servicecatalog"),
    ],
)  # fmt: skip
def test_the_service_that_cannot_assume_the_role_is_named(text: str, service: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.claims_trust, failure.service, failure.resource) == (True, service, ROLE)


@pytest.mark.parametrize(
    "text",
    [
        f"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: {ROLE}",
        f"AWS CodeDeploy has the permissions required to assume the role {ROLE}.",
        "Unable to determine if instance profile 'aws-elasticbeanstalk-ec2-role' exists, assuming that it exists.",
        "CodeBuild could not read the role, assuming it is there.",
    ],
)
def test_a_caller_that_is_refused_is_no_such_service(text: str) -> None:
    assert not any(isinstance(each, Denial) and each.claims_trust for each in read_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (KmsInvalidStateException) when calling the StartExecution operation: not in valid state",
        "An error occurred (EncryptionKeyDisabledException) when calling the GetBlob operation: it is disabled.",
        "An error occurred (EncryptionKeyUnavailableException) when calling the GetBlob operation: not available.",
    ],
)
def test_a_key_in_another_state_refuses_no_permission(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause == "not-iam"
