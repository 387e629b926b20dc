"""Commands over the accounts of a folder: use --from, review, roles, lines, and parts that are joined."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.organizations.generate import ORG, UNREAD, VENDOR, document, generate, role
from tui.cli import main

CI, APP, DATA = "200000000001", "200000000002", "200000000003"


def trusting(account: str, name: str, **more: Any) -> dict[str, Any]:
    named = {"AWS": f"arn:aws:iam::{account}:role/{name}"}
    return document({"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole", **more})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain deployer (CI) → hub (APP) → target (DATA), a role that a vendor may assume, and a living unique ID."""
    made = generate(0)
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    external = {"Condition": {"StringEquals": {"sts:ExternalId": "x-42"}}}
    hub = role(APP, "hub", trusting(CI, "deployer"), {"own": document(assume)})
    made.roles[CI] = [role(CI, "deployer", document(), {"own": document(assume)}), role(CI, "idle", document(), {})]
    living = document({"Effect": "Allow", "Principal": {"AWS": hub["RoleId"]}, "Action": "sts:AssumeRole"})
    made.roles[APP] = [hub]
    vendor = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{VENDOR}:root"}, "Action": "sts:AssumeRole"}
    )
    made.roles[DATA] = [
        role(DATA, "target", trusting(APP, "hub", **external), {}),
        role(DATA, "vendor", vendor, {}),
        role(DATA, "by-id", living, {}),
        role(DATA, "ours", trusting(CI, "deployer"), {}),
    ]
    ours = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    made.resources[DATA] = {
        "arn:aws:s3:::b": document({**ours, "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}),
        "arn:aws:s3:::open": document({**ours, "Resource": "arn:aws:s3:::open/*"}),
    }
    return made.write(tmp_path_factory.mktemp("organization") / "it")


Run = Any


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str, status: int = 0) -> str:
        assert main([*words, "--snapshot", str(folder)]) == status
        return capsys.readouterr().out

    return ran


def test_a_chain_leads_over_three_accounts(run: Run) -> None:
    found = json.loads(run("use", "target", "--from", "deployer", "--json"))
    assert [(hop["account"], hop["role"].rpartition("/")[2]) for hop in found["chain"]] == [
        (APP, "hub"),
        (DATA, "target"),
    ]
    assert {"what": "sts:ExternalId", "value": "x-42", "secret": False} in found["chain"][1]["needs"]
    assert found["refused_hop"] is None and found["account"] == DATA


def test_the_first_refused_hop_is_said(run: Run) -> None:
    found = json.loads(run("use", "target", "--from", f"arn:aws:iam::{CI}:role/idle", "--json", status=1))
    hop = found["refused_hop"]
    assert found["chain"] == [] and (hop["account"], hop["works"], hop["layer"]) == (DATA, False, "trust")


@pytest.mark.parametrize(
    ("target", "start"), [("nothing", "deployer"), ("target", "nobody"), (f"arn:aws:iam::{APP}:role/target", "hub")]
)
def test_who_is_not_there_is_wrong_usage(run: Run, target: str, start: str) -> None:
    run("use", target, "--from", start, status=2)


def test_review_has_accounts_causes_and_reach(run: Run) -> None:
    found = json.loads(run("review", "--json"))
    (external,) = (one for one in found["causes"] if one["rule"] == "trust.external-without-id")
    assert (external["accounts"], external["findings"]) == ([DATA], 1)
    assert not any(one["rule"] == "trust.orphan-principal" for one in found["findings"]), "the ID is of a neighbour"
    subjects = [one["subject"] for one in found["findings"] if one["rule"] == "trust.external-without-id"]
    assert subjects == [f"arn:aws:iam::{DATA}:role/vendor"], "accounts of the organization are ours"
    assert [(one["account"], one["who"], one["kind"]) for one in found["reach"]] == [
        (DATA, f"arn:aws:iam::{VENDOR}:root", "account"),
        (DATA, "*", "everyone"),
    ]
    assert any(one["account"] == UNREAD for one in found["unread"])


@pytest.mark.parametrize(
    "command",
    [
        ["review"],
        ["who-can", "sts:AssumeRole", "*"],
        ["who-can", "s3:GetObject", "arn:aws:s3:::b/x"],
        ["what-if", "--remove", "--policy", "FullAWSAccess", "--at", "r-plan"],
    ],
)
def test_parts_that_are_joined_are_the_whole(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    whole = json.loads(run(*command, "--json"))
    for number in (1, 2, 3):
        (tmp_path / f"{number}.json").write_text(run(*command, "--json", "--shard", f"{number}/3"))
    assert main(["merge", *(str(tmp_path / f"{number}.json") for number in (3, 1, 2))]) == 0
    assert json.loads(capsys.readouterr().out) == whole


def test_processes_review_the_same_and_offer_commands_for_the_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = generate(0)
    stranger = {"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "sts:AssumeRole"}
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for account in (CI, APP):
        made.roles[account] = [role(account, "twin", document(stranger), {"all": everything})]
    folder = str(made.write(tmp_path / "it"))
    words = ["review", "--json", "--snapshot", folder]
    assert main(words) == 0
    alone = capsys.readouterr().out
    assert main([*words, "--jobs", "2"]) == 0
    assert capsys.readouterr().out == alone
    for account in (CI, APP):
        offered = f"rolescope --snapshot {folder} --account {account} right-size twin"
        assert offered in alone
        assert main([*offered.split()[1:], "--json"]) in (0, 1)
        shown = capsys.readouterr()
        assert f"{account}:role/twin" in shown.out + shown.err


def test_parts_of_different_questions_are_not_joined(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, action in ((1, "s3:GetObject"), (2, "s3:PutObject")):
        part = run("who-can", action, "arn:aws:s3:::b/x", "--json", "--shard", f"{number}/2")
        (tmp_path / f"{number}.json").write_text(part)
    assert main(["merge", *(str(tmp_path / f"{number}.json") for number in (1, 2))]) == 2
    assert "their action differs" in capsys.readouterr().err


def test_a_missing_part_is_an_error(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.json").write_text(run("review", "--json", "--shard", "1/2"))
    assert main(["merge", str(tmp_path / "1.json")]) == 2 and "2/2" in capsys.readouterr().err


def test_lines_have_their_account(run: Run) -> None:
    roles = [json.loads(line) for line in run("roles", "--format", "jsonl", "account:account-0[13]").splitlines()]
    assert {one["Account"] for one in roles} == {CI, DATA} and len(roles) == 6
    able = run("who-can", "s3:GetObject", "arn:aws:s3:::open/x", "--format", "jsonl").splitlines()
    assert {json.loads(line)["account"] for line in able} == {DATA, None}
    assert all(json.loads(line)["account"] for line in run("review", "--format", "jsonl").splitlines())


def test_an_account_that_has_no_line_is_told_beside_the_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["review"], ["roles"], ["who-can", "s3:GetObject", "arn:aws:s3:::open/x"]):
        words += ["--format", "jsonl", "--snapshot", str(folder)]
        assert main(words) == 0
        shown = capsys.readouterr()
        assert re.search(rf"^Not read: account .*{UNREAD}.*: ", shown.err, re.MULTILINE), words
        assert main([*words, "--mask-accounts"]) == 0
        shown = capsys.readouterr()
        assert "Not read: account " in shown.err and UNREAD not in shown.err + shown.out, words


def test_a_part_that_lacks_a_field_is_an_error(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = json.loads(run("review", "--json", "--shard", "1/1"))
    for key, value in (("findings", None), ("findings", [1]), ("reach", 3), ("accounts", None)):
        (tmp_path / "1.json").write_text(json.dumps({**part, key: value}))
        assert main(["merge", str(tmp_path / "1.json")]) == 2
        assert "One of the files lacks a field" in capsys.readouterr().err


def test_the_table_begins_with_the_account(run: Run) -> None:
    head, first, *_ = run("roles", "hub").splitlines()
    assert head.split()[:2] == ["ACCOUNT", "NAME"] and first.split()[:2] == ["account-02", "hub"]


def test_names_of_all_accounts_are_masked(run: Run) -> None:
    shown = run("who-can", "sts:AssumeRole", f"arn:aws:iam::{DATA}:role/target", "--hops", "--mask-names")
    assert "hub" not in shown and "account-0" not in shown and APP not in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--accounts", "!*"], "--accounts matches no account"),
        (["--accounts", "account-01", "--units", "test"], "--accounts and --units match no account"),
    ],
)
def test_words_that_leave_no_account_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["roles", *words, "--snapshot", str(folder)]) == 2
    assert said in capsys.readouterr().err


def test_account_needs_a_folder() -> None:
    assert main(["roles", "--account", "x"]) == 2


def test_one_account_is_chosen_by_name(run: Run) -> None:
    assert "target" in run("role", "target", "--account", "account-03")
    assert "target" in run("role", "target")


def test_an_answer_begins_in_an_account_and_is_of_all(run: Run) -> None:
    target = f"arn:aws:iam::{DATA}:role/target"
    whole = json.loads(run("who-can", "sts:AssumeRole", target, "--json"))
    assert [one["account"] for one in whole["principals"]] == [APP]
    for account in (DATA, CI):
        assert json.loads(run("who-can", "sts:AssumeRole", target, "--json", "--account", account)) == whole
    found = json.loads(run("who-can", "sts:AssumeRole", "--json", "--account", CI))
    assert {one["account"] for one in found["principals"]} == {CI} and not found["all_accounts_checked"]


def test_a_review_of_one_account_knows_the_others(run: Run) -> None:
    found = json.loads(run("review", "--json", "--account", DATA))
    assert {one["account"] for one in found["findings"]} == {DATA} == {one["account"] for one in found["reach"]}
    named = {one["subject"].rpartition("/")[2] for one in found["findings"] if one["rule"].startswith("trust.external")}
    assert named == {"vendor"} and found["account"]["id"] == DATA
    assert "FROM OUTSIDE" in run("review", "--account", DATA)


@pytest.mark.parametrize("resource", ["arn:aws:s3:::b/x", "*"])
def test_nobody_is_found_where_no_account_was_read(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], resource: str
) -> None:
    (tmp_path / "organization.json").write_bytes((folder / "organization.json").read_bytes())
    assert main(["who-can", "s3:GetObject", resource, "--json", "--snapshot", str(tmp_path)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["principals"] and not found["complete"] and not found["all_accounts_checked"]


def test_without_credentials_no_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert main(["snapshot", str(tmp_path / "new"), "--accounts", "all"]) == 3
    assert "No AWS credentials were found" in capsys.readouterr().err and not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["role", f"arn:aws:iam::{DATA}:role/target"], 0, ""),
        (["role", "target"], 0, ""),
        (["role", "nobodys"], 2, "None of the accounts read from"),
        (["roles", "--account", CI], 0, ""),
        (["use", "target"], 0, ""),
    ],
)
def test_a_role_chooses_its_account(
    run: Run, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    shown = run(*words, status=status)
    assert not said or said in capsys.readouterr().err or not shown


def test_what_is_no_folder_of_accounts_is_wrong_usage(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roles", "--snapshot", str(tmp_path)]) == 2
    assert main(["roles", "--snapshot", str(folder / "organization.json")]) == 2
    assert f"Give the folder: --snapshot {folder}" in capsys.readouterr().err


def test_a_name_is_taken_in_the_account_that_was_looked_at(run: Run) -> None:
    text = "EntityAlreadyExists when calling the CreateRole operation: Role with name hub already exists."
    found = json.loads(run("diagnose", "--json", "--account", APP, text))
    assert found["verdict"]["account"] == APP == found["fixes"][0]["account"]


def test_info_lists_the_accounts_and_what_was_not_read(run: Run) -> None:
    found = json.loads(run("info", "--json"))["account"]
    assert found["organization"] == ORG and not found["complete"]
    assert [each["account"] for each in found["unread"]] == [UNREAD]
    (first,) = [each for each in found["accounts"] if each["id"] == CI]
    assert (first["name"], first["captured"]) == ("account-01", "2026-06-01T00:00:00+00:00")
    told = run("info")
    assert "account-03  saved 2026-06-01" in told and f"{UNREAD} account-99  not read: The role" in told


def test_roles_say_which_accounts_are_missing(run: Run, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["roles", "--snapshot", str(folder)]) == 0
    assert f"Not read: account account-99 ({UNREAD}): The role reader" in capsys.readouterr().err
    assert main(["roles", "--snapshot", str(folder), "account:account-01"]) == 0
    assert UNREAD not in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["right-size", "hub"], ["history", "hub"], ["history", f"arn:aws:iam::{APP}:role/hub"]]
)
def test_a_role_s_name_or_arn_chooses_its_account(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    main([*command, "--snapshot", str(folder)])
    assert "choose with --account" not in capsys.readouterr().err


def test_a_role_that_two_accounts_have_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = generate(0)
    for account in (CI, APP):
        made.roles[account] = [role(account, "twin", document(), {})]
    here = str(made.write(tmp_path / "it"))
    text = "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied"
    assert main(["diagnose", "--role", "twin", text, "--snapshot", here]) == 2
    assert "2 accounts have the role twin: choose with --account" in capsys.readouterr().err
    assert main(["diagnose", "--role", "twin", text, "--snapshot", here, "--account", APP, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"]["account"] == APP


def test_policy_tests_find_each_principal_in_its_account(run: Run, tmp_path: Path) -> None:
    target, hub = f"arn:aws:iam::{DATA}:role/ours", f"arn:aws:iam::{APP}:role/hub"
    tests = [
        {"principal": "deployer", "action": "sts:AssumeRole", "resource": target, "expect": "allowed"},
        {"principal": [hub, "idle"], "action": "sts:AssumeRole", "resource": target, "expect": "denied"},
        {"principal": {"not": ["deployer"]}, "action": "sts:AssumeRole", "resource": target, "expect": "denied"},
        {"principal": f"arn:aws:iam::{VENDOR}:root", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/x",
         "expect": "denied"},
        {"principal": "gone", "action": "s3:GetObject", "expect": "denied"},
    ]  # fmt: skip
    file = tmp_path / "tests.json"
    file.write_text(json.dumps({"tests": tests}))
    found = json.loads(run("test", str(file), "--json", status=1))["tests"]
    assert [one["outcome"] for one in found] == ["passed", "passed", "unknown", "passed", "failed"]
    assert "account-99" in found[2]["problem"] and "No account that was read has gone" in found[4]["problem"]


def test_two_folders_are_compared_by_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = generate(0)
    made.roles[CI] = [role(CI, "newcomer", document(), {})]
    made.scp_denies["r-plan"] = [{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]
    before, after = generate(0).write(tmp_path / "before"), made.write(tmp_path / "after")
    (after / "accounts" / f"{DATA}.json").unlink()
    assert main(["diff", str(before), str(after), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["change"]) for one in found["guardrails"]] == [("scp", "added")]
    entities = [(one["account"], each["arn"], each["kind"]) for one in found["accounts"] for each in one["entities"]]
    roles = [(account, arn) for account, arn, kind in entities if kind == "role"]
    assert roles == [(CI, f"arn:aws:iam::{CI}:role/newcomer")]
    assert [one["account"] for one in found["not_compared"]] == [DATA]
    assert main(["diff", str(before), str(after)]) == 0
    assert f"ACCOUNT {CI} account-01" in capsys.readouterr().out


def test_each_step_of_a_denial_names_its_account(run: Run) -> None:
    who, target = f"arn:aws:sts::{CI}:assumed-role/idle/x", f"arn:aws:iam::{DATA}:role/ours"
    told = run("diagnose", f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {target}")
    assert f"(account {CI}): " in told and f"(account {DATA}): " in told


def test_the_account_is_chosen_among_roles_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = generate(0)
    made.roles[CI] = [role(CI, "deployer", document(), {})]
    for account in (APP, DATA):
        made.roles[account] = [role(account, "twin", trusting(CI, "deployer"), {})]
    words = ["use", "twin", "--from", "deployer", "--json", "--snapshot", str(made.write(tmp_path / "it"))]
    assert main(words) == 2
    assert "Several accounts have a role twin" in capsys.readouterr().err
    assert main([*words, "--account", "account-03"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["role"] == f"arn:aws:iam::{DATA}:role/twin"
