"""Failures that are neither a denial nor a name conflict."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.diagnosis import Confidence
from tests.support.accounts import alder
from tests.support.denials.invented import Read, diagnosis_of, jwt, read


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", alder.snapshot())


def cli(code: str, operation: str, message: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


@pytest.mark.parametrize(
    ("text", "words", "sure"),
    [
        (cli("ExpiredToken", "ListBuckets", "The provided token has expired."), "expired", True),
        (cli("RequestTimeTooSkewed", "ListBuckets", "The difference between the times is too large."), "clock", True),
        (
            cli("InvalidClientTokenId", "GetUser", "The security token included in the request is invalid."),
            "access key",
            False,  # for one of several reasons
        ),
        ('Unable to locate credentials. You can configure credentials by running "aws configure".', "No usable", True),
        ("The SSO session associated with this profile has expired or is otherwise invalid.", "Identity Center", True),
    ],
)
def test_credentials(text: str, words: str, sure: bool, account: Read) -> None:
    found = diagnosis_of(text, account)
    assert found.verdict.cause == "credentials.invalid"
    assert found.verdict.confidence is (Confidence.CERTAIN if sure else Confidence.LIKELY)
    assert words in found.verdict.summary
    assert found.fixes[0].kind.value == "command"


def test_a_provider_that_the_account_lacks(account: Read) -> None:
    text = cli(
        "InvalidIdentityToken",
        "AssumeRoleWithWebIdentity",
        "No OpenIDConnect provider found in your account for https://oidc.eks.eu-central-1.amazonaws.com/id/ABC",
    )
    found = diagnosis_of(text, account)
    assert found.verdict.cause == "trust.provider-missing"
    assert "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC" in found.fixes[0].text


def test_an_instance_without_a_profile(account: Read) -> None:
    text = "EC2RoleRequestError: no EC2 instance role found, i-0ffffffffffffff01: InstanceProfileNotFound"
    found = diagnosis_of(text, account)
    assert found.verdict.cause == "instance-profile.missing"
    assert "i-0ffffffffffffff01" in found.fixes[0].text


def test_an_instance_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["Rolescope"].pop("Instances", None)
    text = "EC2RoleRequestError: no EC2 instance role found, i-0ffffffffffffff01: InstanceProfileNotFound"
    found = diagnosis_of(text, read(tmp_path / "alder.json", content))
    assert found.verdict.confidence is not Confidence.CERTAIN
    assert any("i-0ffffffffffffff01: cannot be read from here" in step.summary for step in found.steps)


def test_a_profile_that_is_not_there(account: Read) -> None:
    text = cli(
        "InvalidParameterValue",
        "RunInstances",
        f"Value (arn:aws:iam::{alder.ID}:instance-profile/vault-red) for parameter iamInstanceProfile.arn is invalid. "
        "Invalid IAM Instance Profile ARN",
    )
    found = diagnosis_of(text, account)
    assert found.verdict.cause == "instance-profile.missing"
    assert "vault-red" in found.fixes[0].text


def test_a_session_longer_than_the_role_allows(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["Rolescope"]["Roles"] = {"auditor": {"MaxSessionDuration": 7200}}
    account = read(tmp_path / "alder.json", content)
    text = cli(
        "ValidationError",
        "AssumeRole",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
    found = diagnosis_of(text, account, role="auditor")
    assert found.verdict.cause == "session.duration"
    assert "--duration-seconds 7200" in found.fixes[0].text
    chained = diagnosis_of(
        text.replace(
            "the MaxSessionDuration set for this role", "the 1 hour session limit for roles assumed by role chaining"
        ),
        account,
    )
    assert "--duration-seconds 3600" in chained.fixes[0].text


def test_what_is_not_iams(account: Read) -> None:
    found = diagnosis_of(
        "mysql: ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.3' (using password: YES)", account
    )
    assert found.verdict.cause == "not-iam"


def test_throttling_is_no_refusal(account: Read) -> None:
    found = diagnosis_of(cli("Throttling", "ListRoles", "Rate exceeded"), account)
    assert found.verdict.cause == "not-iam"
    assert "adaptive" in found.fixes[0].text


def test_a_token_by_itself_asks_which_role_takes_it(account: Read) -> None:
    token = jwt(
        iss=f"https://{alder.GITLAB}",
        sub="project_path:clinic/portal:ref_type:tag:ref:v1",
        aud=f"https://{alder.GITLAB}",
    )
    found = diagnosis_of(token, account)
    assert found.verdict.cause == "trust.condition-unmet"
    assert "gitlab-deploy" in " ".join(step.summary for step in found.steps)


def test_nothing_recognized_is_said_to_be_nothing(account: Read) -> None:
    found = diagnosis_of("all is well", account)
    assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
