"""``rolescope create``: plans printed, exported, carried out and taken up again, by its words alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.accounts.over_http import served
from tests.support.driving.warm import run_warm
from tui.arguments.parser import build_parser
from tui.cli import main

if TYPE_CHECKING:
    from iam.demo.aws.world import World

SPEC: dict[str, Any] = {
    "name": "thumbnails",
    "path": "/app/",
    "trust": {"service": "ec2"},
    "permissions": [{"recipe": "read-bucket", "bucket": "harbor-assets"}],
    "attach": ["aws:AmazonSSMManagedInstanceCore"],
    "boundary": "DeveloperBoundary",
    "tags": {"team": "ferry"},
}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "rolescope" / "journal"


@pytest.fixture
def spec(tmp_path: Path) -> Callable[..., str]:
    def write(**more: Any) -> str:
        path = tmp_path / "spec.json"
        path.write_text(json.dumps({**SPEC, **more}))
        return str(path)

    return write


Output = pytest.CaptureFixture[str]


def test_the_plan_is_printed(spec: Callable[..., str], capsys: Output, state: Path) -> None:
    assert main(["create", spec(), "--demo"]) == 0
    text = capsys.readouterr().out
    for said in (
        "1 CreateRole",
        "undo: DeleteRole",
        "AddRoleToInstanceProfile",
        "Checked",
        "✓ The name thumbnails is free",
        "  denied: s3:PutObject on arn:aws:s3:::harbor-assets/example",
    ):
        assert said in text
    assert not state.exists()


def test_json(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["--demo", "create", spec(), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["state"] == "planned"
    assert [call["operation"] for call in document["calls"]] == [
        "CreateRole",
        "PutRolePolicy",
        "AttachRolePolicy",
        "CreateInstanceProfile",
        "AddRoleToInstanceProfile",
    ]
    assert {each["level"] for each in document["findings"]} == {"ok"}
    tries = {(each["action"], each["resource"]): each["expected"] for each in document["tries"]}
    assert tries["s3:GetObject", "arn:aws:s3:::harbor-assets/example"] == "allowed"
    assert tries["s3:PutObject", "arn:aws:s3:::harbor-assets/example"] == "denied"


@pytest.mark.parametrize("form", ["cli", "terraform", "cloudformation"])
def test_exports(spec: Callable[..., str], capsys: Output, form: str) -> None:
    assert main(["create", spec(), "--demo", "--as", form]) == 0
    answer = capsys.readouterr()
    assert answer.err == ""
    assert {"cli": "set -euo pipefail", "terraform": 'resource "aws_iam_role"', "cloudformation": "AWS::IAM::Role"}[
        form
    ] in answer.out
    if form == "cloudformation":
        assert yaml.safe_load(answer.out)["Resources"]


@pytest.mark.parametrize(
    "words",
    [
        ["create", "SPEC", "--demo", "--as", "carla", "--as", "terraform"],
        ["create", "SPEC", "--as", "terraform", "--demo", "--as", "carla"],
        ["--demo", "--as", "carla", "create", "SPEC", "--as", "terraform"],
    ],
)
def test_as_names_a_form_and_a_user(words: list[str]) -> None:
    options = build_parser().parse_args(words)
    assert (options.export, options.as_user, options.demo) == ("terraform", "carla", True)


def test_what_the_user_may_not_do_is_said_beside_the_form(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["--demo", "--as", "carla", "create", spec(), "--as", "terraform"]) == 0
    answer = capsys.readouterr()
    assert 'resource "aws_iam_role"' in answer.out
    assert "You are not allowed to perform iam:CreateRole" in answer.err


def test_several_roles_are_one_plan(tmp_path: Path, capsys: Output) -> None:
    task = "arn:aws:iam::111122223333:role/shop-task"
    reader = {"name": "shop-reader", "trust": {"account": "111122223333", "principals": task}}
    ci = {"name": "shop-ci", "trust": {"gitlab": {"group": "acme", "project": "shop", "branch": "main"}}}
    roles = [reader, {"name": "shop-task", "trust": {"service": "lamda"}}, ci]
    path = tmp_path / "roles.json"

    def run(*words: str) -> int:
        path.write_text(
            json.dumps(
                {"providers": [{"url": "https://gitlab.com", "audiences": ["https://gitlab.com"]}], "roles": roles}
            )
        )
        return main(["create", str(path), "--demo", *words])

    assert run() == 2
    assert "Role 2: The field trust, service: " in capsys.readouterr().err
    roles[1]["trust"] = {"service": "lambda"}
    assert run("--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {each["field"] for each in document["findings"] if each["level"] == "warning"} == {
        "shop-ci.permissions",
        "shop-ci.trust",
        "shop-reader.permissions",
        "shop-task.permissions",
    }
    made = [call["parameters"].get("RoleName") or call["operation"] for call in document["calls"]]
    assert made == ["CreateOpenIDConnectProvider", "shop-task", "shop-ci", "shop-reader"]


def test_apply_needs_no_write_on_the_demo(spec: Callable[..., str], capsys: Output, state: Path) -> None:
    assert main(["create", spec(), "--demo", "--apply"]) == 0
    text = capsys.readouterr().out
    assert "✓ 5/5 AddRoleToInstanceProfile" in text
    assert "everything is as planned" in text
    profile = "--iam-instance-profile Name=thumbnails"
    assert text.endswith(f"aws ec2 associate-iam-instance-profile --instance-id INSTANCE-ID {profile}\n")
    [journal] = state.iterdir()
    assert journal.stat().st_mode & 0o777 == 0o600


def test_apply_in_json(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["create", spec(), "--demo", "--apply", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["state"] == "applied"
    assert [each["status"] for each in document["outcomes"]] == ["done"] * 5 + ["verified"]
    assert document["next_steps"][0] == "Attach the instance profile to the instance:"


def test_what_would_fail_is_not_begun(spec: Callable[..., str], capsys: Output, state: Path) -> None:
    assert main(["create", spec(name="REPORTexporter"), "--demo", "--apply"]) == 1
    answer = capsys.readouterr()
    assert "ReportExporter" in answer.out
    assert "No calls were made" in answer.err
    assert not state.exists()


def test_alice_is_told_of_the_boundary(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["create", spec(boundary="", trust={"service": "lambda"}), "--demo", "--as", "alice", "--json"]) == 1
    findings = {each["code"]: each for each in json.loads(capsys.readouterr().out)["findings"]}
    assert findings["boundary.demanded"]["value"] == "arn:aws:iam::111122223333:policy/DeveloperBoundary"


def lets(**principal: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": principal, "Action": ACTION}}


ACTION, PROVIDER = "sts:AssumeRole", "arn:aws:iam::111122223333:oidc-provider"
LONG = [f"arn:aws:iam::{number:012}:root" for number in range(1, 60)]
READ = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "trust over 2,048": ({"trust": lets(AWS=LONG)}, "size.trust"),  # type: ignore[arg-type]
    "21 policies": ({"attach": [f"policy-{number}" for number in range(21)]}, "quota.attached"),
    "missing policy": ({"attach": ["aws:NoSuchPolicy"]}, "policy.missing"),
    "missing boundary": ({"boundary": "NoSuchBoundary"}, "policy.missing"),
    "missing provider": ({"trust": lets(Federated=f"{PROVIDER}/nobody.example.com")}, "provider.missing"),
    "missing principal": ({"trust": lets(AWS="arn:aws:iam::111122223333:role/nobody")}, "principal.missing"),
    "taken name": ({"name": "REPORTexporter"}, "name.taken"),
    "taken policy": ({"policies": [{"name": "LAKE-etl", "document": READ}]}, "policy.taken"),
    "taken profile": ({"instance_profile": "report-worker-profile"}, "profile.other-role"),
}


@pytest.mark.parametrize(
    ("what", "form"),
    [
        *((what, ["--json"]) for what in REFUSED),
        *(("taken name", form) for form in (["--check"], [], ["--check", "--json"], ["--as", "cli"])),
    ],
)
def test_every_error_of_the_check_is_in_the_exit_status(
    spec: Callable[..., str], capsys: Output, state: Path, what: str, form: list[str]
) -> None:
    more, code = REFUSED[what]
    assert main(["create", spec(**more), "--demo", *form]) == 1
    answer = capsys.readouterr()
    if "--json" in form:
        document = json.loads(answer.out)
        assert document["state"] == ("checked" if "--check" in form else "planned")
        assert code in {each["code"] for each in document["findings"] if each["level"] == "error"}
    else:
        assert "✗ " in answer.out + answer.err
    assert ("1 CreateRole" in answer.out or "1 CreatePolicy" in answer.out) == (form == [])
    assert not state.exists()


def test_check_prints_what_was_found(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["create", spec(), "--demo", "--check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "✓ The name thumbnails is free, in any case and path." in lines
    assert all(line.startswith("✓ ") for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "SPEC", "--demo", "--check", "--apply"], "leave out one of them"),
        (["create", "SPEC", "--demo", "--check", "--as", "cli"], "leave out"),
        (["create", "--demo"], "Name a SPEC"),
        (["create", "/nope", "--demo"], "No such file"),
        (["create", "SPEC", "--as", "yaml"], "use it with --demo"),
        (["create", "SPEC", "--demo", "--as", "cli", "--json"], "leave out"),
        (["create", "SPEC", "--demo", "--as", "cli", "--apply"], "leave out"),
        (["create", "--resume", "x"], "no plan x"),
        (["create", "SPEC", "--resume", "x"], "take the ID"),
        (["create", "--demo", "--roll-back", "x"], "demo account ends"),
    ],
)
def test_wrong_usage(spec: Callable[..., str], capsys: Output, words: list[str], said: str) -> None:
    path = spec()
    assert main([path if word == "SPEC" else word for word in words]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert said in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "x" * 65}, "65 characters"),
        ({"name": "a\u001b[2Jb"}, "U+001B"),
        ({"trust": {"service": "nope nope"}}, "lambda.amazonaws.com"),
        ({"trust": json.dumps({"Statement": []})}, "no statement"),
        ({"tags": {"Team": "a", "team": "b"}}, "same key"),
        ({"colour": "red"}, "no field"),
    ],
)
def test_a_spec_that_iam_would_refuse(
    spec: Callable[..., str], capsys: Output, more: dict[str, Any], said: str
) -> None:
    assert main(["create", spec(**more), "--demo"]) == 2
    answer = capsys.readouterr()
    assert said in answer.err
    assert "\x1b" not in answer.err


def test_every_fault_names_the_file_and_the_key(spec: Callable[..., str], capsys: Output) -> None:
    path = spec(name="a b", max_session_seconds=60, attach=["aws:"], permissions=[], inline={"p": {"Statement": []}})
    assert main(["create", path, "--demo"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        f"{path}, {key}" for key in ("name", "max_session_seconds", "attach")
    ]


def test_a_mistyped_key_is_answered_with_the_right_one(spec: Callable[..., str], capsys: Output) -> None:
    path = spec(discription="x")
    assert main(["create", path, "--demo"]) == 2
    assert capsys.readouterr().err == f"{path}: The spec has no field 'discription': did you mean description?\n"


def test_the_aws_cli_s_own_keys_are_taken(tmp_path: Path, capsys: Output) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    }
    skeleton = {
        "Path": "/app/",
        "RoleName": "thumbnails",
        "AssumeRolePolicyDocument": json.dumps(trust),
        "Description": "makes thumbnails",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": "arn:aws:iam::111122223333:policy/DeveloperBoundary",
        "Tags": [{"Key": "team", "Value": "ferry"}],
    }
    path = tmp_path / "skeleton.json"
    path.write_text(json.dumps(skeleton))
    assert main(["create", str(path), "--demo", "--json"]) == 0
    [call] = json.loads(capsys.readouterr().out)["calls"]
    assert call["parameters"] == skeleton
    path.write_text(json.dumps({**skeleton, "MaxSessionDuration": 1}))
    assert main(["create", str(path), "--demo"]) == 2
    assert capsys.readouterr().err.startswith(f"{path}, MaxSessionDuration: ")
    path.write_text(json.dumps({**skeleton, "MaxSessionDuration": "long"}))
    assert main(["create", str(path), "--demo"]) == 2
    assert "The field MaxSessionDuration must be" in capsys.readouterr().err
    path.write_text(json.dumps({**skeleton, "name": "other"}))
    assert main(["create", str(path), "--demo"]) == 2
    assert "mean the same" in capsys.readouterr().err


def test_bytes_that_are_no_text(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    assert main(["create", str(tmp_path / "x"), "--demo"]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_snapshot_gives_the_plan_and_takes_no_change(
    spec: Callable[..., str], capsys: Output, tmp_path: Path
) -> None:
    saved = str(tmp_path / "account.json")
    assert main(["snapshot", saved, "--demo"]) == 0
    assert main(["create", spec(), "--snapshot", saved, "--as", "cli"]) == 0
    assert "aws iam create-role" in capsys.readouterr().out
    assert main(["create", spec(), "--snapshot", saved, "--apply", "--write"]) == 2
    assert "snapshot" in capsys.readouterr().err


def test_an_account_that_cannot_be_read(spec: Callable[..., str], capsys: Output) -> None:
    assert main(["create", spec(), "--demo", "--as", "nobody"]) == 3
    assert "nobody" in capsys.readouterr().err


# An account that outlives the process: the demo's, over HTTP.


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "AWS_ACCESS_KEY_ID": "ASIAHARBORORGADMIN01",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_SESSION_TOKEN": "demo",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_RETRY_MODE": "standard",
        "AWS_MAX_ATTEMPTS": "1",
    }


def started(tmp_path: Path, url: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "create", *words, "--endpoint-url", url],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_lost_terminal_is_resumed_and_taken_back(
    spec: Callable[..., str], demo_world: World, tmp_path: Path, state: Path
) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    children: list[subprocess.Popen[str]] = []

    def cut(number: int, after: bool) -> bool:
        if (number, after) == (2, True):
            children[0].send_signal(signal.SIGKILL)
            return True
        return False

    with served(demo_world, cut) as (url, made):
        children.append(first := started(tmp_path, url, spec(), "--apply", "--write"))
        first.communicate(timeout=120)
        assert first.returncode == -signal.SIGKILL
        assert len(made) == 3
        [journal] = state.iterdir()
        resume = ["create", "--resume", journal.stem, "--write", "--endpoint-url", url]
        second = run_warm(resume, environment(tmp_path))
        assert second.returncode == 0, second.stderr
        assert "done: 5 of 5 calls" in second.stdout
        assert len(made) == 5
        assert reader.role("thumbnails").found
        roll_back = ["create", "--roll-back", journal.stem, "--write", "--json", "--endpoint-url", url]
        third = run_warm(roll_back, environment(tmp_path))
        assert third.returncode == 0, third.stderr
        assert json.loads(third.stdout)["state"] == "rolled-back"
    assert reader.role("thumbnails").absent
    assert reader.instance_profile("thumbnails").absent


def test_the_same_spec_again_mends_only_what_differs(
    spec: Callable[..., str],
    demo_world: World,
    tmp_path: Path,
    state: Path,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from iam.demo.open import reader as open_reader

    iam = open_reader(demo_world).aws.session.client("iam")
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with served(demo_world, lambda number, after: False) as (url, calls):

        def create(*words: str) -> tuple[int, str, str]:
            status = main(["create", spec(), "--endpoint-url", url, *words])
            answer = capsys.readouterr()
            return status, answer.out, answer.err

        status, _, err = create("--apply")
        assert (status, "--write" in err, calls) == (2, True, [])
        assert create("--apply", "--write")[0] == 0
        [journal] = state.iterdir()
        for words in ([], ["--apply", "--write"]):
            status, out, err = create(*words)
            assert (status, err) == (0, "")
            assert out == "– There is nothing to do: the role thumbnails already matches the spec.\n"
        assert json.loads(create("--json")[1])["state"] == "already"
        status, out, _ = create("--check")
        assert (status, out.count("nothing to do"), "✗" in out) == (0, 1, False)
        assert list(state.iterdir()) == [journal]

        with demo_world.in_place():  # too young to be known as unused
            demo_world.iam.get_role("thumbnails").create_date = datetime.now(UTC)
        iam.attach_role_policy(RoleName="thumbnails", PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess")
        count = len(calls)
        status, out, _ = create()
        assert status == 0
        assert "1 DetachRolePolicy" in out
        assert "2 " not in out.partition("Calls")[2]
        status, _, err = create("--apply", "--write")
        assert status == 1
        assert "add --confirm thumbnails" in err
        assert len(calls) == count
        status, out, err = create("--apply", "--write", "--confirm", "thumbnails")
        assert (status, err) == (0, "")
        assert "everything is as planned" in out
        assert "nothing to do" in create()[1]

        iam.delete_role_permissions_boundary(RoleName="thumbnails")
        monkeypatch.setitem(SPEC, "path", "/other/")
        status, out, err = create("--apply", "--write")
        assert (status, out) == (1, "")
        assert "IAM cannot change a role's path" in err


def test_ctrl_c_in_the_middle_keeps_the_journal_and_says_how_to_go_on(
    spec: Callable[..., str], demo_world: World, tmp_path: Path, state: Path
) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    children: list[subprocess.Popen[str]] = []

    def cut(number: int, after: bool) -> bool:
        if (number, after) == (2, True):
            children[0].send_signal(signal.SIGINT)
            children[0].wait(timeout=120)  # the answer comes when nobody waits for it any more
        return False

    with served(demo_world, cut) as (url, made):
        children.append(first := started(tmp_path, url, spec(), "--apply", "--write", "--json"))
        out, err = first.communicate(timeout=120)
        assert first.returncode == 1, err
        [journal] = state.iterdir()
        assert "Traceback" not in err
        assert f"rolescope --endpoint-url {url} create --resume {journal.stem} --write" in err
        assert f"rolescope --endpoint-url {url} create --roll-back {journal.stem} --write" in err
        assert json.loads(out)["state"] == "stopped"
        resume = ["create", "--resume", journal.stem, "--write", "--endpoint-url", url]
        second = run_warm(resume, environment(tmp_path))
        assert second.returncode == 0, second.stderr
        assert len(made) == 5
    assert reader.instance_profile("thumbnails").found


def test_a_damaged_journal_is_said_to_be_one(capsys: Output, state: Path) -> None:
    state.mkdir(parents=True)
    (state / "20260101T000000-x.jsonl").write_text('{"record": "plan", "plan": {')
    (state / "20260101T000001-y.jsonl").write_bytes(b"\xff\x00\n{}\n")
    for plan in ("20260101T000000-x", "20260101T000001-y"):
        assert main(["create", "--resume", plan]) == 2
        answer = capsys.readouterr()
        assert "is damaged" in answer.err
        assert answer.err.count("\n") == 1
