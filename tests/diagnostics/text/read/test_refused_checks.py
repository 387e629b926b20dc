"""A refused look whether a thing exists leads to its creation, which fails because it exists."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial

CALLER = "arn:aws:sts::111122223333:assumed-role/ci/run"


def _denied(action: str, resource: str) -> str:
    operation = action.partition(":")[2]
    return (
        f"An error occurred (AccessDeniedException) when calling the {operation} operation: User: {CALLER} is not "
        f"authorized to perform: {action} on resource: {resource} with an explicit deny in a resource-based policy"
    )


def _exists(code: str, operation: str, said: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {said}"


@pytest.mark.parametrize(
    "text",
    [
        _exists("RepositoryAlreadyExistsException", "CreateRepository", "The repository with name 'base/jdk' already "
                "exists in the registry with id '111122223333'")
        + "\n" + _denied("ecr:DescribeRepositories", "arn:aws:ecr:eu-west-1:111122223333:repository/base/jdk"),
        _denied("logs:DescribeLogGroups", "arn:aws:logs:eu-west-1:111122223333:log-group:/app/orders")
        + "\n" + _exists("ResourceAlreadyExistsException", "CreateLogGroup",
                         "The specified log group log-group:/app/orders already exists"),
        _exists("ResourceExistsException", "CreateSecret", "The operation failed because the secret prod/token "
                "already exists.")
        + "\n" + _denied("secretsmanager:GetSecretValue",
                         "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/token"),
    ],
)  # fmt: skip
def test_the_refused_look_comes_first(text: str) -> None:
    first, second = read_text(text)
    assert isinstance(first, Denial)
    assert second.sequel is not None
    assert second.sequel.caused_by == first.action


@pytest.mark.parametrize(
    "text",
    [
        _denied("ecr:DescribeRepositories", "arn:aws:ecr:eu-west-1:111122223333:repository/other/app") + "\n"
        + _exists("RepositoryAlreadyExistsException", "CreateRepository", "The repository with name 'base/jdk' "
                  "already exists in the registry"),
        _denied("ecr:PutLifecyclePolicy", "arn:aws:ecr:eu-west-1:111122223333:repository/base/jdk") + "\n"
        + _exists("RepositoryAlreadyExistsException", "CreateRepository", "The repository with name 'base/jdk' "
                  "already exists in the registry"),
    ],
)  # fmt: skip
def test_a_refusal_of_another_thing_or_of_a_change_is_no_such_look(text: str) -> None:
    assert not any(each.sequel and each.sequel.caused_by for each in read_text(text))


def test_a_row_with_the_end_of_the_callers_arn_is_the_same_refusal_as_its_message() -> None:
    row = "eventName errorCode userIdentity\nGetTopicAttributes  AccessDenied  assumed-role/ci/run\n"
    topic = "arn:aws:sns:eu-west-1:111122223333:alerts"
    assert len(read_text(f"{row}   errorMessage: {_denied('sns:GetTopicAttributes', topic)}")) == 1
    assert (
        len(read_text(f"{row}   errorMessage: {_denied('sns:GetTopicAttributes', topic).replace('ci/', 'cd/')}")) == 2
    )
