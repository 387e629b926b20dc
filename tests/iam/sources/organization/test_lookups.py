"""Look-ups of a folder's accounts on disk: what is opened, and what a changed file does."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from iam.sources.organization import lookups
from iam.sources.organization.folder import FolderAccounts, open_folder
from iam.sources.organization.lookups import FolderLookups, Named
from tests.support.organizations.generate import MEMBERS, document, generate, role

CI, APP = "200000000001", "200000000002"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lookups, "_cache_directory", lambda: tmp_path / "cache")
    made = generate(0)
    trust = document({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{APP}:root"}, "Action": "sts:AssumeRole"})
    made.roles[CI] = [role(CI, "builder", trust, {})]
    made.resources[CI] = {"arn:aws:s3:::artefacts": document()}
    folder = made.write(tmp_path / "it")
    for id in MEMBERS:  # every account is opened once
        open_folder(folder).opened(id)
    open_folder(folder).opened("300000000001")
    return folder


QUESTIONS: list[tuple[Callable[[FolderAccounts], object], object, int]] = [
    (lambda it: it.owner_of("arn:aws:s3:::artefacts/x"), CI, 1),
    (lambda it: it.owner_of("arn:aws:s3:::nobody-has-it"), None, 0),
    (lambda it: it.holders_of("builder"), (CI,), 1),
    (lambda it: it.holders_of("nobody"), (), 0),
    (lambda it: it.holder_of_id("AROA00001BUILDERXXXXX"), CI, 1),
    (lambda it: it.holder_of_id("AROAGONEGONEGONEGONE1"), None, 0),
    (lambda it: it.endpoint_account("vpce-1"), None, 0),
    (lambda it: it.called("nobody"), (), 0),
    (lambda it: it.trusting(APP), (CI,), 1),
    (lambda it: it.trusting(CI), (), 1),
]


@pytest.mark.parametrize(("ask", "answer", "opened"), QUESTIONS)
def test_a_question_opens_only_what_has_the_name(
    folder: Path, ask: Callable[[FolderAccounts], object], answer: object, opened: int
) -> None:
    accounts = open_folder(folder)
    assert ask(accounts) == answer
    assert accounts.opened_count == opened


def test_an_account_that_was_not_opened_yet_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "_cache_directory", lambda: tmp_path / "cache")
    made = generate(0)
    made.roles[CI] = [role(CI, "builder", document(), {})]
    folder = made.write(tmp_path / "it")
    for opened in (1, 1):
        accounts = open_folder(folder)
        assert accounts.holders_of("builder") == (CI,) and accounts.opened_count == opened


def test_a_folder_has_one_set_of_lookups_however_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    accounts = open_folder(folder.name)
    assert accounts.trusting(APP) == (CI,) and accounts.opened_count == 1


def test_a_changed_file_is_looked_at_again(folder: Path) -> None:
    file = folder / "accounts" / f"{APP}.json"
    changed = json.loads(file.read_text())
    changed["RoleDetailList"] = [role(APP, "builder", document(), {})]
    changed["Rolescope"]["ResourcePolicies"] = {"arn:aws:s3:::artefacts": document()}
    file.write_text(json.dumps(changed))
    accounts = open_folder(folder)
    assert set(accounts.holders_of("builder")) == {CI, APP}
    assert set(accounts.claimed_by("arn:aws:s3:::artefacts")) == {CI, APP}
    accounts = open_folder(folder)
    assert set(accounts.holders_of("builder")) == {CI, APP} and accounts.opened_count == 2
    file.unlink()
    assert open_folder(folder).holders_of("builder") == (CI,)


def test_a_file_that_is_of_another_account_now_is_said_to_be(folder: Path) -> None:
    file = folder / "accounts" / f"{APP}.json"
    file.write_text(file.read_text().replace(APP, "200000000098"))
    accounts = open_folder(folder)
    assert "200000000098" in accounts.ids and APP not in accounts.ids


def test_the_database_is_the_users_alone(folder: Path, tmp_path: Path) -> None:
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("broken", ["text", "other version", "no table", "a folder"])
def test_a_database_that_cannot_be_read_is_as_if_it_were_not_there(folder: Path, tmp_path: Path, broken: str) -> None:
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    match broken:
        case "text":
            file.write_text("this is no database, and as long as the head of one " * 30)
        case "other version":
            with sqlite3.connect(file) as database:
                database.execute("PRAGMA user_version = 99")
        case "no table":
            with sqlite3.connect(file) as database:
                database.execute("DROP TABLE names")
        case _:
            file.unlink()
            file.mkdir()
    for _ in range(2):
        accounts = open_folder(folder)
        assert accounts.holders_of("builder") == (CI,) and accounts.owner_of("arn:aws:s3:::artefacts") == CI
        assert len(accounts.ids) == len(MEMBERS) + 1


def test_only_so_many_folders_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MOST_FOLDERS", 2)
    for number in range(4):
        FolderLookups(tmp_path / f"folder-{number}", tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("*.sqlite"))) == 2
    assert FolderLookups(tmp_path / "folder-3", tmp_path / "cache").having(Named.ROLE, ["x"]) == frozenset()
