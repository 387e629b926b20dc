"""``rolescope change``: every change of a role planned, printed, carried out and taken back, by its words alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.plans.role_change import ROLE_CHANGES
from iam.changes.apply import CallStatus
from iam.changes.journal import journals
from iam.changes.undo_plan import undo_plan
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import READ, trust
from tests.support.accounts.dump import dump
from tests.support.demo.role_changes import CHANGES, ROLE, USED, words_of
from tests.support.gate.let_through import apply
from tui.arguments.parser import build_parser
from tui.cli import main

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def read_only(demo_reader: AwsReader) -> OpenedAccount:
    *_, account = demo_reader.accounts()
    return OpenedAccount(account, demo_reader)


@pytest.fixture(autouse=True)
def _opened(read_only: OpenedAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tui.commands.plans.change.open_account", lambda _: (read_only.account, read_only.reader))


@pytest.fixture
def reader(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> AwsReader:
    """An account that the command may change."""
    from iam.demo.open import reader

    found = reader(demo_world)
    *_, account = found.accounts()
    monkeypatch.setattr("tui.commands.plans.change.open_account", lambda _: (account, found))
    return found


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        path = tmp_path / "document.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    return write


def change(*words: str) -> int:
    return main(["change", *words])


def asked(capsys: Output, *words: str) -> Any:
    status = change(*words, "--json")
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("kind", CHANGES)
def test_each_change_is_a_plan_with_its_undo(file: Callable[[Any], str], capsys: Output, kind: str) -> None:
    status, planned = asked(capsys, *words_of(kind, file))
    assert (status, planned["state"]) == (0, "planned")
    assert planned["calls"]
    assert all(call["words"] and call["undo"] for call in planned["calls"])
    assert not [*journals()]


@pytest.mark.parametrize("kind", ["trust", "detach", "policy", "add-profile", "tag"])
def test_a_change_is_carried_out_is_so_already_and_is_undone(
    reader: AwsReader, file: Callable[[Any], str], tmp_path: Path, capsys: Output, kind: str
) -> None:
    words = words_of(kind, file)
    before = dump(reader)
    status, refused = asked(capsys, *words, "--apply")
    name = ["--confirm", refused["name_to_type"]] if refused["needs_name"] else []
    if name:
        assert (status, refused["state"]) == (1, "refused")
        assert not [*journals()]
        status, refused = asked(capsys, *words, "--apply", *name)
    assert (status, refused["state"]) == (0, "applied")
    assert refused["outcomes"][-1]["status"] == "verified"
    status, already = asked(capsys, *words)
    assert (status, already["state"], already["calls"]) == (0, "already", [])
    [record] = journals()
    *_, last = apply(undo_plan(record), reader, writable=False, directory=tmp_path / "undo")
    assert last.status is CallStatus.VERIFIED
    assert dump(reader) == before


def test_a_roll_back_that_is_refused_exits_1(
    reader: AwsReader, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    status, _ = asked(capsys, ROLE, "tag", "ours=1", "--apply")
    [record] = journals()
    *_, account = reader.accounts()
    monkeypatch.setattr("tui.commands.plans.create.open_account", lambda options: (account, reader))
    for value, expected in (("2", (1, "stopped")), ("1", (0, "rolled-back"))):
        reader.aws.session.client("iam").tag_role(RoleName=ROLE, Tags=[{"Key": "ours", "Value": value}])
        status = main(["create", "--roll-back", record.plan.id, "--write", "--json"])
        assert (status, json.loads(capsys.readouterr().out)["state"]) == expected


def test_a_rename_is_carried_out_with_what_names_the_role_and_undone(
    reader: AwsReader, tmp_path: Path, capsys: Output
) -> None:
    before = dump(reader)
    status, done = asked(capsys, "project-developer", "rename", "dev-project", "--apply")
    assert (status, done["state"]) == (0, "applied")
    group = reader.group("Developers").value
    assert group is not None and any("role/human/dev-project" in each.document.text for each in group.inline or ())
    [record] = journals()
    *_, last = apply(undo_plan(record), reader, writable=False, directory=tmp_path / "undo")
    assert last.status is CallStatus.VERIFIED
    assert dump(reader) == before


def test_the_menu_has_nothing_that_the_command_lacks() -> None:
    [commands] = [each for each in build_parser()._actions if each.dest == "change" or hasattr(each, "choices")][-1:]
    change = commands.choices["change"]  # type: ignore[index]
    kinds = next(each for each in change._actions if each.dest == "change").choices
    assert {
        each.split("-profile")[0].replace("add", "profile").replace("remove", "profile") for each in ROLE_CHANGES
    } <= {*kinds}


def test_options_stand_before_the_change_or_after_it() -> None:
    parse = build_parser().parse_args
    for words in (["change", "--json", "--also", "b", "r", "attach", "x"], ["change", "r", "attach", "x", "--json"]):
        found = parse(["--demo", *words])
        assert (found.json, found.demo, found.apply, found.change) == (True, True, False, "attach")


def test_who_gains_and_loses_is_said_first_and_for_programs(file: Callable[[Any], str], capsys: Output) -> None:
    document = json.loads(trust("lambda.amazonaws.com").text)
    document["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"AWS": "999988887777"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "x"}},
        }
    )
    words = [ROLE, "trust", file(document)]
    assert change(*words) == 0
    opens, first, *others = capsys.readouterr().out.splitlines()
    assert opens == ("! Another account, 999988887777, may assume orders-api-lambda if sts:ExternalId StringEquals x.")
    assert first == "Account 999988887777 can now assume orders-api-lambda if sts:ExternalId is x."
    assert '+        "AWS": "999988887777"' in others
    _, found = asked(capsys, *words)
    [gained] = found["effects"]["gained"]
    assert gained["actions"] == ["sts:AssumeRole"]
    assert gained["conditions"] == ["sts:ExternalId is x"]
    assert (found["effects"]["lost"], found["needs_name"]) == ([], True)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nobody", "disable"], 1, "There is no role nobody"),
        (["AWSServiceRoleForECS", "disable"], 1, "belongs to an AWS service"),
        ([ROLE, "enable"], 0, "was not disabled with rolescope"),
        ([ROLE, "session", "60"], 1, "must be 3,600"),
        ([ROLE, "tag", "x"], 2, "write KEY=VALUE"),
        ([ROLE, "tag", "aws:x=y"], 1, "reserved for AWS"),
        ([ROLE, "trust", "/nowhere"], 2, "cannot be read"),
        ([ROLE, "attach", "none"], 1, "There is no policy arn:aws:iam::111122223333:policy/none"),
        ([ROLE, "version", "app-assets-read", "v1"], 1, "app-assets-read is not attached to"),
        ([ROLE, "copy", USED], 1, "There is already a role web-frontend-ec2"),
        (["arn:aws:iam::999988887777:role/x", "disable"], 2, "is not a role of account"),
        ([ROLE, "disable", "--as", "cli", "--apply"], 2, "leave out"),
        ([ROLE, "profile", "add", USED], 1, "already contains the role web-frontend-ec2"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_is_said_with_its_status(capsys: Output, words: list[str], status: int, said: str) -> None:
    assert change(*words) == status
    output = capsys.readouterr()
    assert said in output.out + output.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1"),
        ('{"Version": "2012-10-17", "Statement": []}', "no statement"),
        (trust("lambda.amazonaws.com").text.replace("lambda.amazonaws.com", "lambda"), "a service has a name like"),
        (READ.text, "Resource"),
    ],
)
def test_a_document_that_aws_would_refuse_is_refused(
    file: Callable[[Any], str], capsys: Output, text: str, said: str
) -> None:
    assert change(ROLE, "trust", file(text)) == 1
    assert said in capsys.readouterr().err


def test_several_roles_are_one_plan_and_those_that_are_so_already_are_left_out(capsys: Output) -> None:
    status, found = asked(capsys, ROLE, "attach", "app-assets-read", "--also", USED, "--also", "orders-ecs-task")
    assert status == 0
    assert [call["parameters"]["RoleName"] for call in found["calls"]] == [ROLE, "orders-ecs-task"]
    assert any("Left out" in each and USED in each for each in found["warnings"])
    status, found = asked(capsys, ROLE, "disable", "--also", USED)
    assert (found["needs_name"], found["name_to_type"]) == (True, "2 roles")
    assert any(each.startswith(f"{USED}: In use") for each in found["in_use"])


@pytest.mark.parametrize("form", ["cli", "terraform", "cloudformation"])
def test_a_plan_for_other_tools(capsys: Output, form: str) -> None:
    status = change(ROLE, "copy", "another", "--as", form)
    assert status == 0
    assert "another" in capsys.readouterr().out
