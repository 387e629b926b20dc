"""The profiles of the AWS configuration: how each gets its credentials, and whether they have ended."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iam.account import Role
from iam.credentials.profiles import (
    ProfilesError,
    configured_profiles,
    last_profiles,
    profiles_using,
    remember_profiles,
)
from iam.credentials.sso import SignInError, begin
from tests.support.accounts.sso_server import CODE, LINK, TOKEN, sso_server

NOW = datetime.now(UTC)


def test_each_profile_says_how_and_whose(aws_home: Path) -> None:
    found = {profile.name: profile for profile in configured_profiles()}
    assert {name: (str(each.method), each.account, each.role, each.ended(NOW)) for name, each in found.items()} == {
        "default": ("unknown", None, None, False),
        "acme": ("SSO", "111122223333", "Admin", True),
        "acme-prod": ("role", "999988887777", "deployer", True),
        "circle": ("role", "999988887777", "a", False),
        "console": ("aws login", "111122223333", "ben", False),
        "half": ("SSO", "111122223333", "Admin", False),
        "anywhere": ("a program", "111122223333", "worker", False),
        "made": ("a program", None, None, False),
        "old-session": ("keys", None, None, True),
    }
    assert found["acme-prod"].source == "acme" and found["acme-prod"].mfa and found["acme-prod"].sso is not None
    assert found["default"].region == "eu-west-1"
    assert "canary" not in repr(found)


def test_the_profiles_that_use_a_role(aws_home: Path) -> None:
    reserved = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_"
    cases = {
        "arn:aws:iam::999988887777:role/ops/deployer": ["acme-prod"],
        "arn:aws:iam::111122223333:role/ops/deployer": [],
        "arn:aws-cn:iam::999988887777:role/a": ["circle"],
        "arn:aws:iam::111122223333:role/ben": [],
        "arn:aws:iam::111122223333:role/app/worker": ["anywhere"],
        "arn:aws:iam::111122223333:role/Admin": [],
        f"{reserved}Admin_0123456789abcdef": ["acme", "half"],
        f"{reserved}Other_0123456789abcdef": [],
    }
    for arn, names in cases.items():
        assert [each.name for each in profiles_using(Role(arn.rpartition("/")[2], arn)).value or ()] == names, arn
    (aws_home / ".aws/config").write_text("[profile a\nno equals sign\n")
    assert "cannot be read" in profiles_using(Role("a", "arn:aws:iam::111122223333:role/a")).why


def test_a_configuration_that_cannot_be_read_is_one_sentence(aws_home: Path) -> None:
    (aws_home / ".aws/config").write_text("[profile a\nno equals sign\n")
    with pytest.raises(ProfilesError, match=r"cannot be read"):
        configured_profiles()
    (aws_home / ".aws/config").write_text("x" * 1_100_000)
    with pytest.raises(ProfilesError, match="larger than a megabyte"):
        configured_profiles()


def test_a_sign_in_shows_link_and_code_and_is_kept_as_the_aws_cli_keeps_it(
    aws_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (acme,) = (profile for profile in configured_profiles() if profile.name == "acme")
    assert acme.sso is not None
    with sso_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
        server.errors = ["AuthorizationPendingException", "SlowDownException"]
        device = begin(acme.sso)
        assert (device.link, device.code) == (LINK, CODE) and "canary" not in repr(device)
        pauses: list[float] = []
        assert device.wait(lambda seconds: bool(pauses.append(seconds)))  # type: ignore[func-returns-value]
        assert pauses == [1, 1, 6]
        for error, says in (("AccessDeniedException", "refused in the browser"), ("ExpiredTokenException", "in time")):
            server.errors = [error]
            with pytest.raises(SignInError, match=says):
                begin(acme.sso).wait(lambda seconds: False)
        assert not begin(acme.sso).wait(lambda seconds: True), "given up"
    found = {profile.name: profile for profile in configured_profiles()}
    assert not found["acme"].ended(NOW) and not found["acme-prod"].ended(NOW) and found["acme"].renews
    (kept,) = (aws_home / ".aws/sso/cache").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600

    import boto3

    token = boto3.Session(profile_name="acme")._session.get_auth_token()
    assert token.get_frozen_token().token == TOKEN, "the SDK takes it"


@pytest.mark.parametrize("path", ["/client/register", "/device_authorization", "/token"])
def test_a_captive_portal_signs_nobody_in(aws_home: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (acme,) = (profile for profile in configured_profiles() if profile.name == "acme")
    assert acme.sso is not None
    with sso_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
        server.portal = path
        with pytest.raises(SignInError, match="did not come from IAM Identity Center"):
            begin(acme.sso).wait(lambda seconds: False)
    assert not list((aws_home / ".aws/sso/cache").glob("*"))


def test_a_code_that_nobody_confirms_ends_though_the_server_does_not_say_so(
    aws_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (acme,) = (profile for profile in configured_profiles() if profile.name == "acme")
    assert acme.sso is not None
    with sso_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
        server.errors = ["AuthorizationPendingException", "SlowDownException"] * 100
        with pytest.raises(SignInError, match="in time"):
            begin(acme.sso).wait(lambda seconds: False)
        assert len(server.errors) > 150


def test_what_answers_no_sign_in_is_one_sentence(aws_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (acme,) = (profile for profile in configured_profiles() if profile.name == "acme")
    assert acme.sso is not None
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:9")
    with pytest.raises(SignInError, match="could not be reached"):
        begin(acme.sso)


def test_the_last_profiles_are_remembered_the_latest_first(aws_home: Path) -> None:
    assert last_profiles() == ()
    remember_profiles(("acme", *map(str, range(20)), "acme"))
    remember_profiles(("made",))
    assert last_profiles()[:3] == ("made", "acme", "19") and len(last_profiles()) == 10


def test_the_list_of_the_last_profiles_is_the_owners_alone(aws_home: Path) -> None:
    before = os.umask(0)
    try:
        remember_profiles(["acme", "acme-prod"])
    finally:
        os.umask(before)
    (kept,) = (path for path in aws_home.rglob("last-profiles"))
    assert kept.stat().st_mode & 0o777 == 0o600 and last_profiles()[:1] == ("acme-prod",)
