"""A failure that only follows from another one: a registry without a token, a resource taken for missing, a dry run."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from tests.support.denials.pasted import refused_call

REPOSITORY = "arn:aws:ecr:eu-west-1:444455556666:repository/base/jdk"
EXISTS = (
    "An error occurred ({}) when calling the {} operation: The repository with name '{}' already exists in the "
    "registry\n"
)
TAGS = refused_call("{}", "ec2:CreateTags", "arn:aws:ec2:eu-west-1:444455556666:{}/*")
DRY = (
    "An error occurred (DryRunOperation) when calling the {} operation: Request would have succeeded, but DryRun flag "
    "is set."
)
HOST = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/web"
PUSH = (
    f"\nError: Cannot perform an interactive login from a non TTY device\n+ docker push {HOST}:1\n"
    f"The push refers to repository [{HOST}]\nno basic auth credentials\n"
)


def caused_by(text: str) -> list[str]:
    return [each.sequel.caused_by if each.sequel else "" for each in read_text(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (refused_call("GetAuthorizationToken", "ecr:GetAuthorizationToken") + PUSH, ["", "ecr:GetAuthorizationToken"]),
        (refused_call("DescribeImages", "ecr:DescribeImages") + PUSH, ["", ""]),
        (
            EXISTS.format("RepositoryAlreadyExistsException", "CreateRepository", "base/jdk")
            + refused_call("DescribeRepositories", "ecr:DescribeRepositories", REPOSITORY),
            ["", "ecr:DescribeRepositories"],
        ),
        (
            EXISTS.format("RepositoryAlreadyExistsException", "CreateRepository", "base/go")
            + refused_call("DescribeRepositories", "ecr:DescribeRepositories", REPOSITORY),
            ["", ""],
        ),
        (
            EXISTS.format("RepositoryAlreadyExistsException", "CreateRepository", "base/jdk")
            + refused_call("PutImage", "ecr:PutImage", REPOSITORY),
            ["", ""],
        ),
    ],
)
def test_a_consequence_names_the_refused_call_that_caused_it(text: str, expected: list[str]) -> None:
    assert caused_by(text) == expected


@pytest.mark.parametrize(
    ("between", "left_out"),
    [
        ("ec2.create_volume(Size=8, DryRun=True)", "TagSpecifications"),
        ("now without anything, as a dry run", "the tags"),
        ("ec2.create_volume(Size=8, TagSpecifications=SAME, DryRun=True)", ""),
    ],
)
def test_a_dry_run_without_the_tags_does_not_allow_them(between: str, left_out: str) -> None:
    denied = TAGS.format("CreateVolume", "volume").replace("{}", "volume")
    (failure, *_) = read_text(
        f"ec2.create_volume(Size=8, TagSpecifications=SAME)\n{denied}\n{between}\n{DRY.format('CreateVolume')}\n"
    )
    assert failure.sequel is not None and failure.sequel.dry
    assert failure.sequel.left_out == left_out
    assert bool(failure.sequel.succeeded) is not bool(left_out)
