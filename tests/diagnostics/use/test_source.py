"""A profile for a role takes the credentials of its caller from where the caller has them, as botocore reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.utils import ContainerMetadataFetcher, InstanceMetadataFetcher

from diagnostics.use.source import credentials_words, source_of
from diagnostics.use.words import profile_lines
from iam.credentials.assume_request import AssumeRequest
from iam.credentials.profile_file import profile_change
from iam.sources.aws.session import Aws
from iam.sources.reader.caller_identity import CallerIdentity

ROLE = "arn:aws:iam::111122223333:role/app/deployer"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIACALLER", "AWS_SECRET_ACCESS_KEY": "x"}
TOKEN = {"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/pod", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}
AGENT = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"}
SSO = "sso_session = s\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
SESSION = "[sso-session s]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n"
GIVEN = {
    "AccessKeyId": "ASIACALLER",
    "SecretAccessKey": "x",
    "Token": "t",
    "Expiration": "2999-01-01T00:00:00Z",
    "RoleArn": ROLE,
}
PROCESS = "credential_process = rolescope-process\n"
WEB = "role_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = /token\n"
PROFILE = {"AWS_PROFILE": "mine"}
OURS = "env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE rolescope use "

# The caller's profile, environment, and whether it is chosen by --profile; botocore's method; what the profile says.
CALLERS: Mapping[str, tuple[str, dict[str, str], bool, str, str]] = {
    "keys": ("aws_access_key_id = AKIACALLER\naws_secret_access_key = x\n", {}, True, "config-file", "mine"),
    "sso": (SSO, PROFILE, False, "sso", "mine"),
    "a program": (PROCESS, PROFILE, False, "custom-process", "mine"),
    "a role": (f"role_arn = {ROLE}2\nsource_profile = keys\n", {}, True, "assume-role", "mine"),
    "a role of a machine": (
        f"role_arn = {ROLE}2\ncredential_source = Environment\n",
        KEYS,
        True,
        "assume-role",
        "mine",
    ),
    "a token's file": (WEB, PROFILE, False, "assume-role-with-web-identity", "mine"),
    "a token's file by name": (WEB, TOKEN, True, "assume-role-with-web-identity", "mine"),
    "the default": ("", {}, False, "config-file", "default"),
    "the environment": ("", KEYS, False, "env", "Environment"),
    "the environment before a profile": (PROCESS, {**KEYS, **PROFILE}, False, "env", "Environment"),
    "a pod's token": ("", TOKEN, False, "assume-role-with-web-identity", OURS),
    "a pod's token before a profile": (WEB, {**TOKEN, **PROFILE}, False, "assume-role-with-web-identity", OURS),
    "a pod identity": ("", AGENT, False, "container-role", "EcsContainer"),
    "an instance": ("region = eu-west-1\n", PROFILE, False, "iam-role", "Ec2InstanceMetadata"),
    "an old file": ("", {"AWS_CREDENTIAL_FILE": "old"}, False, "ec2-credentials-file", OURS),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*KEYS, *TOKEN, *AGENT, "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    process = {"Version": 1, "SessionToken": "t", **GIVEN}
    for name in ("rolescope", "rolescope-process"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{json.dumps(process)}'\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(ContainerMetadataFetcher, "retrieve_full_uri", lambda *_, **__: GIVEN)
    machine = {"role_name": "m", "access_key": "ASIACALLER", "secret_key": "x", "token": "t"}
    machine["expiry_time"] = GIVEN["Expiration"]
    monkeypatch.setattr(InstanceMetadataFetcher, "retrieve_iam_role_credentials", lambda _: machine)
    return tmp_path


def _identity(profile: str | None, monkeypatch: pytest.MonkeyPatch) -> Any:
    class Sts:
        def get_caller_identity(self) -> dict[str, str]:
            return {"Arn": "arn:aws:iam::111122223333:user/ben", "Account": "111122223333"}

    monkeypatch.setattr(Aws, "client", lambda *_, **__: Sts())
    # Not their keys, which AWS would have to give first.
    monkeypatch.setattr(Aws, "_credentials", lambda self: (self.session.get_credentials().method, None, None))
    return Aws(boto3.Session(profile_name=profile)).caller()


@pytest.mark.parametrize("name", CALLERS)
def test_the_profile_is_resolved_from_the_callers_own_credentials(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, environment, by_name, method, says = CALLERS[name]
    keys = "aws_access_key_id = AKIACALLER\naws_secret_access_key = x\n"
    default = f"[default]\n{keys}\n" if says == "default" else ""
    (home / "config").write_text(f"{default}{SESSION}\n[profile keys]\n{keys}\n[profile mine]\n{mine}")
    (home / "old").write_text("AWSAccessKeyId=AKIACALLER\nAWSSecretKey=x\n")
    for variable, value in environment.items():
        monkeypatch.setenv(variable, str(home / value) if variable == "AWS_CREDENTIAL_FILE" else value)

    identity = _identity("mine" if by_name else None, monkeypatch)
    assert identity.method == method
    source = source_of(identity)
    words = credentials_words(identity)
    assert (f", of profile {says}" in words) is (says in ("mine", "default"))
    assert ("none were taken from profile mine" in words) is ("AWS_PROFILE" in environment and says != "mine")
    lines = profile_lines(ROLE, AssumeRequest("ben"), mfa=False, source=source)
    expected = {"mine": "source_profile = mine", "default": "source_profile = default", OURS: OURS}
    assert expected.get(says, f"credential_source = {says}") in lines

    profile_change("deployer", lines).write()
    found = botocore.session.Session(profile="deployer").get_credentials()
    assert found is not None and found.method == ("custom-process" if says == OURS else "assume-role")
    if says == OURS:  # used with AWS_PROFILE it must not ask itself
        monkeypatch.setenv("AWS_PROFILE", "deployer")
        (home / "rolescope").write_text('#!/bin/sh\ntest -z "$AWS_PROFILE" && exec rolescope-process\n')
        found = botocore.session.Session(profile="deployer").get_credentials()
        assert found is not None and found.access_key == "ASIACALLER"


def test_a_sign_in_of_aws_login_is_a_source_too() -> None:
    """It takes an extra to be read: what is written is looked at alone."""
    identity = CallerIdentity("arn:aws:iam::111122223333:user/ben", "111122223333", method="login", source_profile="m")
    lines = profile_lines(ROLE, AssumeRequest("ben"), mfa=False, source=source_of(identity))
    assert "\nsource_profile = m\n" in lines
