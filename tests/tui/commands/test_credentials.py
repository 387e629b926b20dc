"""Profiles that need more than keys: an MFA code, a package; without a terminal a sentence and exit status 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.driving.warm import run_warm

Aws = tuple[list[str], dict[str, str]]
DEVICE = "arn:aws:iam::111122223333:mfa/ben"


@pytest.fixture
def with_profiles(aws: Aws, home: Path) -> dict[str, str]:
    """The environment of somebody whose profiles lead to the demo account over HTTP."""
    account, environment = aws
    (home / ".aws").mkdir()
    (home / ".aws/config").write_text(
        "[profile emergency]\nrole_arn = arn:aws:iam::111122223333:role/human/break-glass-admin\n"
        f"source_profile = ben\nmfa_serial = {DEVICE}\n"
        "[profile console]\nlogin_session = arn:aws:iam::111122223333:user/ben\n"
        "[profile sso]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
        "[profile pod]\nrole_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = /nowhere/token\n"
        "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n"
    )
    key, secret = environment.pop("AWS_ACCESS_KEY_ID"), environment.pop("AWS_SECRET_ACCESS_KEY")
    (home / ".aws/credentials").write_text(f"[ben]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
    return environment | {"AWS_ENDPOINT_URL": account[1]}


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("emergency", f"need an MFA code from {DEVICE}: give the code with --mfa-code CODE"),
        ("console", "-m pip install 'rolescope[login]'"),
        ("sso", "The SSO sign-in has expired, or there was none: run `aws sso login --profile sso`"),
        ("pod", "The credentials of profile pod need the file /nowhere/token, which cannot be read: No such file"),
        ("nowhere", "There is no profile nowhere in the AWS configuration"),
    ],
)
def test_what_is_missing_is_one_sentence_and_exit_status_3(
    with_profiles: dict[str, str], profile: str, says: str
) -> None:
    done = run_warm(["--profile", profile, "who-can", "s3:GetObject"], with_profiles)
    assert done.returncode == 3 and not done.stdout
    assert says in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_code_that_is_given_opens_the_profile(with_profiles: dict[str, str]) -> None:
    done = run_warm(["--profile", "emergency", "--mfa-code", "123456", "info"], with_profiles)
    assert done.returncode == 0, done.stderr
    assert "assumed-role/break-glass-admin/" in done.stdout and "expires" in done.stdout
    wrong = run_warm(["--profile", "emergency", "--mfa-code", "12345x", "info"], with_profiles)
    assert wrong.returncode == 2 and "six digits" in wrong.stderr
