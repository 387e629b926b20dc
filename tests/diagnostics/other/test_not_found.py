"""What a call names and IAM does not have: NoSuchEntity."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.diagnose import read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.offline.run import explain
from tests.support.accounts import alder
from tests.support.denials.invented import Read, diagnosis_of, read

AWS = "arn:aws:iam::aws:policy"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", alder.snapshot())


def unattachable(arn: str) -> str:
    return (
        "An error occurred (NoSuchEntity) when calling the AttachRolePolicy operation: "
        f"Policy {arn} does not exist or is not attachable."
    )


def missing(kind: str, name: str) -> str:
    return (
        f"An error occurred (NoSuchEntity) when calling the Get operation: The {kind} with name {name} cannot be found."
    )


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (missing("role", "intake"), "role", "intake"),
        (missing("user", "a@b.c"), "user", "a@b.c"),
        ("Error: reading IAM Group: NoSuchEntity: The group with name ops cannot be found.", "group", "ops"),
        ("NoSuchEntity: Instance Profile web cannot be found.", "instance-profile", "web"),
        ("NoSuchEntity: Login Profile for User mo cannot be found.", "login-profile", "mo"),
        (unattachable(f"{AWS}/X"), "policy", f"{AWS}/X"),
        (unattachable("arn:aws-cn:iam::222233334444:policy/a/b"), "policy", "arn:aws-cn:iam::222233334444:policy/a/b"),
        (
            "NoSuchEntity: Scope ARN: arn:aws:iam::222233334444:policy/b does not exist or is not attachable.",
            "policy",
            "arn:aws:iam::222233334444:policy/b",
        ),
        (
            "NoSuchEntity: OpenIDConnect Provider not found for arn arn:aws:iam::222233334444:oidc-provider/a.b/c",
            "oidc-provider",
            "arn:aws:iam::222233334444:oidc-provider/a.b/c",
        ),
        (
            f"Error: attaching IAM Policy ({AWS}/X) to IAM Role (web): NoSuchEntity: The role with name web cannot be "
            "found.",
            "role",
            "web",
        ),
        (f"called by arn:aws:iam::222233334444:user/mo: {unattachable(f'{AWS}/X')}", "policy", f"{AWS}/X"),
        (missing("role policy", "inline"), None, None),
        ("software.amazon.awssdk.services.iam.model.NoSuchEntityException: (Service: Iam, 404)", None, None),
    ],
)
def test_what_is_missing_is_told_by_kind_and_name(text: str, kind: str | None, name: str | None) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_FOUND
    assert (failure.entity_type, failure.name) == (kind, name)
    assert list(explain(failure, {}))


def test_what_was_asked_for_before_another_failure_is_none() -> None:
    denied = "User: arn:aws:iam::222233334444:user/mo is not authorized to perform: iam:CreateRole on resource: *"
    (failure,) = read_text(f"{missing('role', 'intake')}\n{denied}")
    assert isinstance(failure, Denial)


@pytest.mark.parametrize(
    ("text", "cause", "confidence", "words"),
    [
        (missing("role", "intake-ap"), "principal.not-found", Confidence.CERTAIN, "Similar names: intake-api."),
        (missing("role", "zzzzzz"), "principal.not-found", Confidence.CERTAIN, "The account has no role zzzzzz."),
        (missing("role", "intake-api"), "principal.not-found", Confidence.LIKELY, "exists now"),
        (missing("role", "INTAKE-API"), "principal.not-found", Confidence.LIKELY, "exists now"),
        (
            unattachable(f"arn:aws:iam::{alder.ID}:policy/record-read"),
            "entity.not-found",
            Confidence.CERTAIN,
            "records-r",
        ),
        (
            unattachable(f"arn:aws:iam::{alder.ID}:policy/team/records-read"),
            "entity.not-found",
            Confidence.CERTAIN,
            "case-sensitive and include the path",
        ),
        (
            unattachable("arn:aws:iam::999900001111:policy/b"),
            "entity.not-found",
            Confidence.LIKELY,
            "another account",
        ),
        (
            unattachable(f"{AWS}/AWSLambdaBasicExecutionRole"),
            "entity.not-found",
            Confidence.CERTAIN,
            f"it has {AWS}/service-role/AWSLambdaBasicExecutionRole",
        ),
        (
            unattachable(f"{AWS.replace('aws:', 'aws-cn:', 1)}/ReadOnlyAccess"),
            "entity.not-found",
            Confidence.CERTAIN,
            f"it has {AWS}/ReadOnlyAccess",
        ),
        (unattachable(f"{AWS}/ReadOnlyAcces"), "entity.not-found", Confidence.LIKELY, "does not exist"),
        (
            unattachable(f"{AWS}/aws-service-role/AWSSupportServiceRolePolicy"),
            "entity.not-found",
            Confidence.LIKELY,
            "service-linked role",
        ),
        (missing("role policy", "inline"), "entity.not-found", Confidence.LIKELY, "inline cannot be found"),
    ],
)
def test_the_account_tells_whether_it_is_there(
    text: str, cause: str, confidence: Confidence, words: str, account: Read
) -> None:
    found = diagnosis_of(text, account)
    assert (found.verdict.cause, found.verdict.confidence) == (cause, confidence)
    assert words in found.verdict.summary


def test_roles_that_cannot_be_read_are_not_said_to_be_missing(tmp_path: Path) -> None:
    content = alder.snapshot()
    for part in ("UserDetailList", "GroupDetailList"):
        content.pop(part, None)
    found = diagnosis_of(missing("user", "mo"), read(tmp_path / "alder.json", content))
    assert found.verdict.confidence is Confidence.LIKELY
    assert "could not be checked" in found.verdict.summary


def test_the_near_name_is_the_fix(account: Read) -> None:
    found = diagnosis_of(unattachable(f"{AWS}/ReadOnlyAcces"), account)
    assert found.fixes[0].title == "Name ReadOnlyAccess instead"
