"""``rolescope use``: what it prints, its exit status, and where the secrets go: nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.credentials.profile_file import profile_change
from tests.support.driving.warm import run_warm
from tui.cli import main

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ROLE = "platform-operator"


def run(arguments: list[str], environment: dict[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    return run_warm(["use", *arguments], environment, given)


Aws = tuple[list[str], dict[str, str]]
WHO = (
    "import boto3, os; print(boto3.client('sts').get_caller_identity()['Arn']); "
    "print('profile', os.environ.get('AWS_PROFILE'))"
)


def test_a_command_runs_as_the_role_and_its_exit_status_is_ours(aws: Aws, home: Path) -> None:
    account, environment = aws
    done = run([ROLE, *account, "--exec", "--", sys.executable, "-c", WHO + "; exit(7)"], environment)
    assert done.returncode == 7, done.stderr
    assert done.stdout.splitlines() == [
        "arn:aws:sts::111122223333:assumed-role/platform-operator/ben",
        "profile None",
    ]
    written = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in written if b"FwoGZXIvYXdzEDemo" in path.read_bytes()]


def test_exports_and_credential_process_are_what_boto3_takes(aws: Aws, home: Path) -> None:
    account, environment = aws
    exported = run([ROLE, *account, "--export", "--shell", "env"], environment)
    assert exported.returncode == 0, exported.stderr
    given = dict(line.split("=", 1) for line in exported.stdout.splitlines())
    inside = {"PATH": environment["PATH"], "HOME": str(home), **given}
    shown = subprocess.run([sys.executable, "-c", WHO], env=inside, capture_output=True, text=True, check=True)
    assert "assumed-role/platform-operator/ben" in shown.stdout
    process = run([ROLE, *account, "--credential-process"], environment)
    document = json.loads(process.stdout)
    assert document["Version"] == 1 and set(document) == {
        "Version",
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    }


def test_a_profile_that_was_written_is_what_boto3_takes(aws: Aws, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account, environment = aws
    lines = run([ROLE, *account, "--profile-snippet"], environment).stdout
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".aws/config"))
    profile_change(ROLE, lines).write()
    inside = {**environment, "AWS_PROFILE": ROLE, "AWS_ENDPOINT_URL": account[1]}
    # An explicit profile is asked for by name: the environment's keys are its source alone.
    who = WHO.replace("boto3.client", f"boto3.Session(profile_name={ROLE!r}).client")
    shown = subprocess.run([sys.executable, "-c", who], env=inside, capture_output=True, text=True, check=False)
    assert "assumed-role/platform-operator/ben" in shown.stdout, shown.stderr


def test_refused_without_a_call_and_denied_by_aws_are_exit_1(aws: Aws) -> None:
    account, environment = aws
    refused = run(["ds-notebook", *account, "--exec", "--", "true"], environment)
    assert refused.returncode == 1 and refused.stderr.startswith("You cannot: none of your policies")
    long = run([ROLE, *account, "--duration", "7200", "--export"], environment)
    assert long.returncode == 1 and "3600" in long.stderr and not long.stdout


def test_mfa_without_a_terminal_is_a_sentence_and_exit_3(aws: Aws) -> None:
    account, environment = aws
    asked = run(["break-glass-admin", *account, "--exec", "--", "true"], environment)
    assert asked.returncode == 3 and "--mfa-code" in asked.stderr and "Traceback" not in asked.stderr
    told = run(["break-glass-admin", *account, "--mfa-code", "123456", "--exec", "--", "true"], environment)
    assert told.returncode == 0, told.stderr


def test_without_credentials_a_sentence_and_exit_3(home: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}
    done = run([ROLE, "--exec", "--", "true"], environment)
    assert done.returncode == 3 and "No AWS credentials were found" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_after_another_over_via(aws: Aws, demo_world: World) -> None:
    from iam.demo.open import session

    account, environment = aws
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/human/platform-operator"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    session(demo_world).client("iam").create_role(RoleName="behind", AssumeRolePolicyDocument=trust)
    assert run(["behind", *account, "--exec", "--", "true"], environment).returncode == 1
    done = run(["behind", *account, "--via", ROLE, "--exec", "--", sys.executable, "-c", WHO], environment)
    assert "assumed-role/behind/ben" in done.stdout, done.stderr


@pytest.fixture
def as_ben(demo_reader_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo as ben, opened once for all tests."""
    reader = demo_reader_as("ben")
    monkeypatch.setattr("tui.commands.use.role.open_reader", lambda options: reader)
    monkeypatch.setattr("tui.commands.use.ways.open_account", lambda options: (list(reader.accounts())[-1], reader))


@pytest.mark.usefixtures("as_ben")
def test_secrets_are_not_printed_on_a_terminal_unless_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    for option in ("--export", "--credential-process"):
        assert main(["--demo", "use", ROLE, option]) == 2
        output = capsys.readouterr()
        assert "--yes-show-secrets" in output.err and not output.out
    assert main(["--demo", "use", ROLE, "--export", "--yes-show-secrets"]) == 0
    assert "export AWS_SECRET_ACCESS_KEY=" in capsys.readouterr().out


@pytest.mark.usefixtures("as_ben")
def test_the_list_of_ways_in_json_and_its_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["use", "break-glass-admin", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["caller"].endswith("user/ben") and document["chain"] == []
    (way,) = (way for way in document["ways"] if way["method"] == "AssumeRole")
    wanted = {"method", "principal", "statement", "sid", "works", "why", "needs", "command", "profile", "seconds"}
    assert wanted <= set(way)
    for arguments, status in ((["nobody"], 2), (["orders-api-lambda"], 1), ([ROLE, "--duration", "5"], 2)):
        assert main(["use", *arguments]) == status


@pytest.mark.usefixtures("as_ben")
def test_who_uses_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile guest]\nrole_arn = arn:aws:iam::111122223333:role/human/contractor-scoped\nsource_profile = ben\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert main(["--demo", "use", "contractor-scoped", "--sessions"]) in (0, 1)
    assert "Your AWS configuration uses it in the profile guest (role)." in capsys.readouterr().out
    main(["--demo", "use", "contractor-scoped", "--sessions", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["role"].endswith("/contractor-scoped") and {"sessions", "runs_as_it", "unread"} <= set(document)
    assert document["profiles"] == [{"name": "guest", "method": "role"}]


@pytest.mark.usefixtures("as_ben")
def test_the_answer_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    main(["use", "break-glass-admin"])
    assert capsys.readouterr().out.startswith(
        "You can, with this and an MFA code, unless an RCP or an SCP that could not be read denies it:\n  aws sts "
    )
    assert main(["use", "ds-notebook"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("You cannot assume the role directly, but you may reach it through ")
    assert lines[1].startswith("  rolescope use ds-notebook --via ")
    main(["use", "orders-api-lambda"])
    assert capsys.readouterr().out.startswith("You cannot assume the role: lambda.amazonaws.com can assume it.")
    assert main(["--demo", "use", ROLE, "--console"]) == 1, "nothing is sent to AWS"
    capsys.readouterr()
    assert main(["use", ROLE, "--profile-snippet"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"[profile {ROLE}]"
