"""An organization out of a folder: which accounts it has, what is unread, and what an account's own file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.organization.place import Place
from iam.sources.organization.folder import FolderAccounts, open_folder
from iam.sources.source_error import SourceError
from tests.support.organizations.generate import MEMBERS, ORG, PARTNER, UNREAD, VENDOR, generate

MEMBER = "200000000001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(12, 3).write(tmp_path_factory.mktemp("organization") / "it")


@pytest.fixture(scope="module")
def accounts(folder: Path) -> FolderAccounts:
    return open_folder(folder)


def snapshot(account: str, **own: Any) -> str:
    role = {"RoleName": "one", "Arn": f"arn:aws:iam::{account}:role/one", "Path": "/"}
    return json.dumps({"RoleDetailList": [role], "Rolescope": {"Version": 1, **own}})


def test_nothing_is_opened_before_it_is_asked(folder: Path) -> None:
    accounts = open_folder(folder)
    assert set(accounts.ids) == {*MEMBERS, PARTNER} and accounts.opened_count == 0
    assert accounts.opened(MEMBER) is accounts.opened(MEMBER) and accounts.opened_count == 1


def test_every_account_has_its_standing(accounts: FolderAccounts) -> None:
    found = {id: accounts.standing(id) for id in (MEMBER, UNREAD, PARTNER, VENDOR)}
    assert [each.place for each in found.values()] == [Place.READ, Place.UNREAD, Place.READ, Place.OUTSIDE]
    assert found[UNREAD].why == "The role reader cannot be assumed there."
    assert found[UNREAD].organization is not None and found[UNREAD].organization.scps
    assert found[MEMBER].organization is not None and found[MEMBER].organization.id == ORG
    assert found[PARTNER].organization is None and not found[PARTNER].outside, "its own file says: in none"
    assert [each.id for each in accounts.missing] == [UNREAD]


def test_owners_and_holders(accounts: FolderAccounts) -> None:
    planted = next(each for each in generate(12, 3).denials if ":s3:" in each.resource)
    assert accounts.owner_of(planted.resource) == planted.owner
    assert accounts.owner_of("arn:aws:s3:::nobody/x") is None
    assert accounts.owner_of(f"arn:aws:sqs:us-east-1:{VENDOR}:q") == VENDOR
    assert accounts.holders_of(planted.role) == (planted.caller,) and accounts.holders_of("none") == ()
    assert accounts.called("account-01") == (MEMBER,) and accounts.called("x") == ()


def test_an_accounts_own_organization_wins(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "organization.json").write_bytes((folder / "organization.json").read_bytes())
    own = {"Id": "o-other00000", "Path": ["r-other"]}
    (tmp_path / "a.json").write_text(snapshot(MEMBER, Organization=own))
    opened = open_folder(tmp_path).opened(MEMBER)
    assert opened is not None and opened.account.organization is not None
    assert (opened.account.organization.id, opened.account.organization.scps) == ("o-other00000", None)


def test_a_file_without_a_number_is_known_by_its_arns(tmp_path: Path) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "one.json").write_text(snapshot(MEMBER))
    (tmp_path / "notes.json").write_text('{"what": "no snapshot"}')
    accounts = open_folder(tmp_path)
    assert accounts.ids == (MEMBER,)
    assert accounts.standing(VENDOR).place is Place.UNKNOWN, "without a complete tree nobody is outside"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.json": snapshot(MEMBER), "accounts/b.json": snapshot(MEMBER)}, ("a.json", "b.json", MEMBER)),
        ({}, ("no saved account",)),
        ({"a.json": '{"Rolescope": {"Version": 1}}'}, ("a.json", "which account")),
        ({"organization.json": "[]"}, ("organization.json",)),
        ({"organization.json": '{"Units": [{"Name": "x"}]}'}, ("organization.json", "Units[0].Id")),
        ({"organization.json": '{"Version": 9}'}, ("version 9",)),
    ],
)
def test_what_is_wrong_is_said_with_its_file(tmp_path: Path, files: dict[str, str], says: tuple[str, ...]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as error:
        open_folder(tmp_path)
    assert all(each in str(error.value) for each in says), str(error.value)


def test_a_broken_file_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(snapshot(MEMBER))
    (tmp_path / "b.json").write_text('{"RoleDetailList": [')
    accounts = open_folder(tmp_path)
    assert accounts.ids == (MEMBER,) and "b.json" in accounts.skipped[0]
