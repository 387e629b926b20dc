"""Who may do something over several accounts: against brute force, what was not found, which accounts were asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.organization.selection import SelectionError, selected
from iam.questions.answers import AccessVerdict
from iam.questions.who_can_across import NotFound, who_can_across
from iam.sources.organization.folder import FolderAccounts, open_folder
from tests.support.organizations.generate import ORG, UNREAD, VENDOR, document, generate, role
from tests.support.organizations.who_can import differences
from tui.cli import main

CI, APP, LAST = "200000000001", "200000000002", "200000000003"


def test_the_answers_are_those_of_brute_force(tmp_path: Path) -> None:
    assert differences(generate(15, 5, sides="open"), tmp_path / "it") == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = generate(0)
    may = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    for account in (CI, APP, LAST):
        made.roles[account] = [role(account, "reader", document(), {"own": may})]
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::named/*"}
    absent = [f"arn:aws:iam::{CI}:role/gone", f"arn:aws:iam::{VENDOR}:root", UNREAD, f"arn:aws:iam::{CI}:role/reader"]
    path = [f"{ORG}/r-plan/ou-gone-12345678/*"]
    made.resources[APP] = {
        "arn:aws:s3:::named": document(
            {**allow, "Principal": {"AWS": absent}},
            {**allow, "Principal": "*", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": path}}},
            {**allow, "Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-elsewhere1"}}},
        ),
        "arn:aws:s3:::narrow": document({**allow, "Principal": {"AWS": f"arn:aws:iam::{CI}:root"}, "Resource": "*"}),
    }
    return made.write(tmp_path_factory.mktemp("who") / "it")


@pytest.fixture(scope="module")
def accounts(folder: Path) -> FolderAccounts:
    return open_folder(folder)


def test_what_the_policy_names_in_vain_is_said(accounts: FolderAccounts) -> None:
    found = who_can_across(accounts, "s3:GetObject", "arn:aws:s3:::named/x")
    assert found.not_found == NotFound(
        (VENDOR, UNREAD), ("ou-gone-12345678",), ("o-elsewhere1",), (f"arn:aws:iam::{CI}:role/gone",)
    )
    assert not found.all_accounts_checked and found.owner == APP
    assert [(one.account, one.name) for one in found.answer.principals] == [(CI, "reader"), (APP, "reader")]


def test_an_outsider_whom_a_third_organization_s_condition_lets_in_is_not_nobody(tmp_path: Path) -> None:
    made = generate(0)
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    for number, organization in ((APP, "o-partner123"), (LAST, ORG)):
        condition = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": organization}}}
        named = document({**allow, "Principal": {"AWS": f"arn:aws:iam::{VENDOR}:root"}, **condition})
        made.resources[number] = {f"arn:aws:s3:::b-{number}": document({**named["Statement"][0], "Resource": "*"})}
    accounts = open_folder(made.write(tmp_path / "it"))
    found = who_can_across(accounts, "s3:GetObject", f"arn:aws:s3:::b-{APP}/x").answer
    assert [(one.account, one.verdict) for one in found.others] == [(VENDOR, AccessVerdict.CONDITIONAL)]
    assert not who_can_across(accounts, "s3:GetObject", f"arn:aws:s3:::b-{LAST}/x").answer.others


def test_only_accounts_that_the_policy_lets_in_are_opened(folder: Path) -> None:
    accounts = open_folder(folder)
    found = who_can_across(accounts, "s3:GetObject", "arn:aws:s3:::narrow/x")
    assert [one.account for one in found.answer.principals] == [CI, APP] and accounts.opened_count <= 3


def test_a_bucket_of_nobody_is_unknown(accounts: FolderAccounts) -> None:
    found = who_can_across(accounts, "s3:GetObject", "arn:aws:s3:::nobodys/x").answer
    assert {one.verdict for one in found.principals} == {AccessVerdict.UNKNOWN} and len(found.principals) == 3


def test_the_command_has_the_fields_of_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["who-can", "s3:GetObject", "arn:aws:s3:::named/x", "--snapshot", str(folder), "--json"]
    assert main([*asked, "--accounts", "account-0[12]", "--units", "prod"]) == 0
    whole: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"not_found", "all_accounts_checked"} <= set(whole) and whole["account"] == APP
    assert [(one["account"], one["decision"], one["certain"]) for one in whole["principals"]] == [
        (CI, "allowed", True),
        (APP, "allowed", True),
    ]


@pytest.mark.parametrize(
    ("words", "units", "count"),
    [
        ([], [], 13),
        (["all"], [], 13),
        (["account-01,account-02"], [], 2),
        (["!account-*"], [], 2),
        ([], ["prod"], 4),
        (["account-0?"], ["!prod", "!infra"], 4),
        (["300000000001"], [], 1),
    ],
)
def test_accounts_by_words_and_units(accounts: FolderAccounts, words: list[str], units: list[str], count: int) -> None:
    assert len(selected(accounts, words, units)) == count


def test_a_word_that_means_nothing_is_an_error(accounts: FolderAccounts) -> None:
    with pytest.raises(SelectionError, match="'none'"):
        selected(accounts, ["none"])


def test_a_pattern_of_roles_opens_each_account_once(tmp_path: Path) -> None:
    """Each role trusts the next account's, and the fourth the third account's, by its unique ID."""
    made = generate(0)
    ids = [f"2000000000{number:02}" for number in range(1, 11)]
    hub = {id: f"arn:aws:iam::{id}:role/hub" for id in ids}
    trusted = {id: ids[(at + 1) % 10] for at, id in enumerate(ids)} | {ids[3]: ids[2]}
    may = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
    for id in ids:
        named = made.roles[ids[2]][0]["RoleId"] if id == ids[3] else hub[trusted[id]]
        trust = document({"Effect": "Allow", "Principal": {"AWS": named}, "Action": "sts:AssumeRole"})
        made.roles[id] = [role(id, "hub", trust, {"own": may})]
    accounts = open_folder(made.write(tmp_path / "it"))
    answer = who_can_across(accounts, "sts:AssumeRole", "arn:aws:iam::*:role/hub").answer
    found = {(one.account, target) for one in answer.principals for target in one.resources}
    assert found == {(trusted[id], hub[id]) for id in ids}
    assert accounts.opened_count == len(accounts.ids)
