"""``rolescope use`` against a plain moto by HTTP: AWS's wire format, and nothing that the demo knows besides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from iam.credentials.profile_file import profile_change
from tests.support.accounts.over_http import plain_moto
from tests.support.driving.warm import run_warm
from tui.cli import main

WHO = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    ],
}
PARTITIONS = {"us-east-1": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"}
AS_APP = "arn:aws:sts::123456789012:assumed-role/app/moto"  # without the role's path


@pytest.fixture
def region() -> str:
    """In which the account is, and with that its partition."""
    return "us-east-1"


@pytest.fixture
def moto(home: Path, monkeypatch: pytest.MonkeyPatch, region: str) -> Iterator[str]:
    """Its URL; it has a role ``app``."""
    with plain_moto() as url:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        keys = {"AWS_ACCESS_KEY_ID": "AKIAPLAINMOTO0000000", "AWS_SECRET_ACCESS_KEY": "plain"}
        regions = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
        for name, value in {**keys, **regions, "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}.items():
            monkeypatch.setenv(name, value)
        boto3.client("iam", endpoint_url=url).create_role(
            RoleName="app",
            Path="/team/",
            AssumeRolePolicyDocument=json.dumps(TRUST).replace("arn:aws:", f"arn:{PARTITIONS[region]}:"),
        )
        yield url


@pytest.fixture
def printed(moto: str, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What ``rolescope use app …`` prints."""

    def run(*arguments: str) -> str:
        status = main(["use", "app", "--endpoint-url", moto, *arguments])
        out, err = capsys.readouterr()
        assert status == 0, err
        return out

    return run


def test_a_command_and_an_evaluated_export_run_as_the_role(moto: str, printed: Callable[..., str]) -> None:
    use = ["use", "app", "--endpoint-url", moto]
    ran = run_warm([*use, "--exec", "--", sys.executable, "-c", WHO], os.environ)
    assert ran.stdout.strip() == AS_APP, ran.stderr
    evaluated = subprocess.run(
        ["sh", "-c", f'{printed("--export")}\nexec "$0" -c "$1"', sys.executable, WHO],
        capture_output=True,
        text=True,
        check=False,
    )
    assert evaluated.stdout.strip() == AS_APP, evaluated.stderr


@pytest.mark.parametrize("shell", ["sh", "fish", "powershell", "env"])
def test_every_shell_is_given_a_session_of_the_role(moto: str, printed: Callable[..., str], shell: str) -> None:
    lines = printed("--export", "--shell", shell).splitlines()

    def value(name: str) -> str:
        line = next(line for line in lines if name in line)
        return line.partition(name)[2].strip(" ='")

    session = boto3.Session(value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), value("AWS_SESSION_TOKEN"))
    answer = session.client("sts", region_name="us-east-1", endpoint_url=moto).get_caller_identity()
    assert answer["Arn"] == AS_APP
    assert value("AWS_ENDPOINT_URL") == moto and value("AWS_REGION") == "us-east-1"
    ends = datetime.fromisoformat(value("AWS_CREDENTIAL_EXPIRATION"))
    assert timedelta(minutes=50) < ends - datetime.now(UTC) < timedelta(minutes=70)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_other_partitions_have_their_own_arns_and_regions(moto: str, printed: Callable[..., str], region: str) -> None:
    arn = f"arn:{PARTITIONS[region]}:iam::123456789012:role/team/app"
    ways, profile, exported = printed(), printed("--profile-snippet"), printed("--export", "--shell", "env")
    assert f"aws sts assume-role --role-arn {arn} --role-session-name moto --region {region}" in ways
    assert f"role_arn = {arn}\n" in profile and f"region = {region}" in profile
    assert f"AWS_REGION={region}\n" in exported
    assert "arn:aws:" not in ways + profile and "us-east-1" not in ways + profile + exported


def test_boto3_in_another_process_takes_the_profile_and_the_credential_process(
    moto: str, printed: Callable[..., str], home: Path
) -> None:
    profile_change("app", printed("--profile-snippet")).write()
    asked = f"{sys.executable} -m tui.cli use app --endpoint-url {moto} --credential-process"
    profile_change("made", f"credential_process = {asked}\nregion = us-east-1").write()
    # Profiles that are asked for by name; the environment variables are the source alone.
    who = "import boto3\nfor name in ('app', 'made'):\n    "
    who += "print(boto3.Session(profile_name=name).client('sts').get_caller_identity()['Arn'])"
    shown = subprocess.run(
        [sys.executable, "-c", who],
        env={**os.environ, "AWS_ENDPOINT_URL": moto},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout.split() == [AS_APP, AS_APP], shown.stderr
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"aws_session_token" not in written and b"FQoGZXIv" not in written


def test_a_profile_that_would_ask_itself_is_stopped(
    moto: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLESCOPE_ASKING", "app base")  # the profile base may be made from another of ours
    assert main(["use", "app", "--endpoint-url", moto, "--credential-process"]) == 0
    capsys.readouterr()
    assert main(["use", "app", "--endpoint-url", moto, "--credential-process"]) == 3
    output = capsys.readouterr()
    assert "add --profile SOURCE" in output.err and not output.out
