"""Denials of an account that is not the demo: reading it, and its diagnosis for an invented text."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder

Read = tuple[Account, AccountReader]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", alder.snapshot())


def read(path: Path, content: dict[str, Any]) -> Read:
    reader = open_snapshot(alder.write(path, content))
    return list(reader.accounts())[-1], reader


def denied(who: str, action: str, resource: str | None, reason: str = "") -> str:
    where = f" on resource: {resource}" if resource else ""
    return f"User: {who} is not authorized to perform: {action}{where}{' ' + reason if reason else ''}"


def no(kind: str, action: str) -> str:
    return f"because no {kind} allows the {action} action"


def diagnosis_of(text: str, account: Read, role: str | None = None, **context: str) -> Diagnosis:
    told = {key.replace("__", ":").replace("_slash_", "/"): (value,) for key, value in context.items()}
    return collect(read_text(text)[0], OpenedAccount(account[0], account[1]), told, role=role)


def jwt(**claims: str) -> str:
    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256', 'typ': 'JWT'})}.{part(claims)}.c2lnbmF0dXJl"


CLINICIAN = alder.role_arn("clinician")
