"""``rolescope permissions``: what it prints is what suffices, tried on the demo account, which denies all the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.changes.apply import CallStatus
from iam.own_permissions import depths, policy
from iam.sources.aws.calls import LoggedOutcome
from iam.sources.aws.read_calls import Depth
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.gate.let_through import roll_back
from tui.arguments.set_up import DEPTHS
from tui.cli import main

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ACCOUNT = "111122223333"
ROLE = "orders-api-lambda"
Output = pytest.CaptureFixture[str]
Opened = Callable[[Depth], "AwsReader"]


def test_the_command_line_offers_every_depth() -> None:
    assert list(Depth) == list(DEPTHS)


def test_the_policy_is_for_the_callers_account(capsys: Output) -> None:
    assert main(["permissions", "browse", "--demo"]) == 0
    assert json.loads(capsys.readouterr().out) == policy(Depth.BROWSE, account=ACCOUNT)


def test_without_credentials_the_account_is_told(capsys: Output) -> None:
    asked = ["permissions", "use", "--only", "--account", "444455556666", "--partition", "aws-cn", "--roles", "/web/*"]
    assert main(asked) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["Statement"][0]["Resource"] == "arn:aws-cn:iam::444455556666:role/web/*"
    assert main(["permissions", "use", "--account", "4444"]) == 2
    assert main(["permissions", "use", "--account", "444455556666", "--roles", 'x"${y}']) == 2


def test_without_credentials_a_policy_for_any_account_is_printed_unless_it_would_reach_other_accounts(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iam.sources.aws.reader.AwsReader.has_credentials", lambda self: False)
    assert main(["permissions", "diagnose"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == policy(*depths(Depth.DIAGNOSE), account="*")
    assert "--account NUMBER" in printed.err
    assert main(["permissions", "use"]) == 2
    assert "--account NUMBER" in capsys.readouterr().err


def test_a_policy_that_is_too_long_for_a_managed_one_says_so(capsys: Output) -> None:
    assert main(["permissions", "change", "--account", ACCOUNT]) == 0
    assert "--only" in capsys.readouterr().err
    assert main(["permissions", "change", "--account", ACCOUNT, "--format", "terraform"]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert re.findall(r'"rolescope-(\w+)"', out) == list(depths(Depth.CHANGE))


def test_whose_trails_are_read_has_to_be_said(capsys: Output) -> None:
    asked = ["permissions", "trail", "--only", "--account", ACCOUNT]
    assert main(asked) == 2
    assert main([*asked, "--buckets", "trail-*"]) == 0
    out = capsys.readouterr().out
    assert '"arn:aws:s3:::trail-*/*"' in out and "s3:::*" not in out


@pytest.fixture
def opened(
    demo_world: World, demo_session: Callable[..., boto3.Session], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Opened]:
    """Have ``--demo`` be read by a role that may do what one depth needs, and nothing else."""
    from iam.demo.aws.sessions import session_for
    from iam.demo.open import DemoReader, serve

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    admin = demo_session().client("iam")

    def role_for(depth: Depth) -> AwsReader:
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
            ],
        }
        admin.create_role(RoleName="rolescope", AssumeRolePolicyDocument=json.dumps(trust))
        document = policy(*depths(depth), account=ACCOUNT)
        admin.put_role_policy(RoleName="rolescope", PolicyName="own", PolicyDocument=json.dumps(document))
        given = (
            demo_session()
            .client("sts")
            .assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/rolescope", RoleSessionName="me")["Credentials"]
        )

        def reader(**_: Any) -> AwsReader:
            session = session_for(
                serve(demo_world),
                access_key=given["AccessKeyId"],
                secret=given["SecretAccessKey"],
                token=given["SessionToken"],
                region="us-east-1",
            )
            from iam.demo.account.facts import NOW, REGIONS

            made.append(DemoReader(session, world=demo_world, kind="demo", clock=lambda: NOW, regions=REGIONS))
            return made[-1]

        monkeypatch.setattr("iam.demo.open.open_demo", reader)
        return reader()

    made: list[AwsReader] = []
    yield role_for
    denied = {
        call.name
        for each in made
        for call in each.aws.log.calls()
        # Key policies, and the demo's organization, deny whatever our policies say.
        if call.outcome is LoggedOutcome.DENIED and "no identity-based policy" in call.message
    }
    assert denied == set()


def test_browsing(opened: Opened, capsys: Output) -> None:
    opened(Depth.BROWSE)
    assert main(["role", ROLE, "--demo"]) == 0
    assert main(["use", ROLE, "--sessions", "--demo"]) == 0
    assert main(["use", ROLE, "--demo"]) in (0, 1)


def test_diagnosing_and_keeping(opened: Opened, capsys: Output, tmp_path: Path) -> None:
    opened(Depth.DIAGNOSE)
    for text in (*(each.text for each in FAILURES[::8]), *(each.text for each in CONFLICTS[::3])):
        main(["diagnose", "--demo", text])
    assert main(["diagnose", "--demo", "--recent"]) == 0
    for command in (["review"], ["right-size", ROLE], ["who-can", "s3:GetObject"], ["adopt", ROLE]):
        assert main([*command, "--demo"]) == 0, capsys.readouterr()
    assert main(["snapshot", "--demo", str(tmp_path / "snapshot.json")]) == 0


def test_asking_trails(opened: Opened, capsys: Output) -> None:
    opened(Depth.TRAIL)
    asked = ["--athena", "--run-query", "--demo"]
    assert main(["diagnose", "--recent", *asked]) == 0, capsys.readouterr()
    assert main(["right-size", ROLE, *asked]) in (0, 1), capsys.readouterr()


def test_using(opened: Opened, capsys: Output) -> None:
    opened(Depth.USE)
    assert main(["use", "platform-operator", "--credential-process", "--demo"]) in (0, 1)


def test_creating_and_taking_it_back(opened: Opened, capsys: Output, tmp_path: Path) -> None:
    reader = opened(Depth.CREATE)
    main(["create", "--example", "ec2"])
    spec = tmp_path / "spec.json"
    spec.write_text(capsys.readouterr().out)
    assert main(["create", str(spec), "--demo", "--check"]) in (0, 1)
    capsys.readouterr()
    assert main(["create", str(spec), "--demo", "--apply", "--json"]) == 0
    identifier = json.loads(capsys.readouterr().out)["plan"]["id"]
    (path,) = tmp_path.rglob(f"*{identifier}*")
    *_, last = roll_back(path, reader, writable=True)
    assert last.status is CallStatus.DONE, last.sentence


def test_changing(opened: Opened, capsys: Output) -> None:
    opened(Depth.CHANGE)
    for change in (
        ["tag", "team=web"],
        ["session", "7200"],
        ["disable"],
        ["enable"],
        ["boundary", "aws:ReadOnlyAccess"],
    ):
        assert main(["change", ROLE, *change, "--apply", "--confirm", ROLE, "--demo"]) == 0, capsys.readouterr()
    attach = ["report-worker-ec2", "instance", "i-0a1", "--confirm", "i-0a1"]
    assert main(["change", *attach, "--apply", "--demo"]) == 0, capsys.readouterr()
