"""Texts of many tools against saved accounts of two companies, with all parts and with some missing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect
from diagnostics.fix import LONGEST_TITLE
from diagnostics.report import to_json_all
from diagnostics.text.read.parse import parse
from iam.account import Account
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot
from tests.support.accounts.conflict_files import accounts
from tests.support.texts.json_lines import json_lines

ROWS = json_lines(Path(__file__).with_name("strange_accounts.jsonl"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("accounts")

    @cache
    def read(name: str) -> tuple[Account, SnapshotReader]:
        path = folder / f"{name}.json"
        path.write_text(json.dumps(accounts()[name]), "utf-8")
        reader = open_snapshot(path)
        return reader.account, reader

    return read


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_cause_and_first_advice(opened: Any, row: dict[str, Any]) -> None:
    said = to_json_all([collect(failure, OpenedAccount(*opened(row["account"]))) for failure in parse(row["text"])])
    parsed, verdict, fixes = said["parsed"], said["verdict"], said["fixes"]
    found = (said["kind"], parsed["entity_type"], parsed["name"], verdict["cause"], verdict["confidence"])
    assert found == (row["kind"], row["type"], row["name"], row["cause"], row["confidence"])
    assert fixes[0]["title"].split()[0].rstrip(":;,") == row["first"]
    assert all(len(fix["title"]) <= LONGEST_TITLE for fix in fixes)
