"""The header: what it says of the caller's credentials."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from iam.account import Account
from iam.sources.aws import calls
from iam.sources.aws.calls import LoggedCall
from screens.frame.header import Header
from screens.session import Session
from screens.widgets.styles import FAINT, PRODUCTION

MAIN = ("Roles", "Diagnose", "Create", "Review", "Activity")


@pytest.mark.parametrize(
    ("minutes", "words"), [(14.5, "credentials expire in 14 min"), (-1, "credentials expired"), (60, ""), (None, "")]
)
def test_credentials_that_end_soon_are_told(minutes: float | None, words: str) -> None:
    now = datetime.now(UTC)
    end = None if minutes is None else now + timedelta(minutes=minutes)
    reader: Any = SimpleNamespace(kind="aws", credentials_end=end, neighbours=None)
    header = Header(Session(account=Account("111122223333", "aws", now), reader=reader))
    text = "".join(piece for piece, _ in header.pieces(120))
    assert words in text and ("credentials" in text) is bool(words)


@pytest.mark.parametrize(
    ("kind", "seconds", "shown"),
    [("aws", 12.5, "waiting 12 s for iam:ListRoles"), ("aws", 1, ""), ("demo", 12.5, "")],
)
@pytest.mark.parametrize("opened", [True, False])
def test_a_call_that_takes_long_is_shown_with_its_seconds(
    kind: str, seconds: float, shown: str, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    call = LoggedCall(1, "iam", "ListRoles", "us-east-1", now, 1000.0 - seconds)
    monkeypatch.setattr(calls, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    monkeypatch.setattr(calls, "calls_under_way", lambda: (call,))
    reader: Any = SimpleNamespace(kind=kind, credentials_end=None, neighbours=None)
    header = Header(Session(account=Account("111122223333", kind, now) if opened else None, reader=reader))
    text = "".join(piece for piece, _ in header.pieces(80))
    assert shown in text and ("waiting" in text) is bool(shown)


@pytest.mark.parametrize(
    ("production", "shown"),
    [((), False), (("111122223333",), True), (("*-PROD",), True), (("harbor",), False), (("2222*",), False)],
)
def test_an_account_that_the_configuration_calls_production_is_red_and_says_so(
    production: tuple[str, ...], shown: bool
) -> None:
    account = Account("111122223333", "aws", datetime.now(UTC), alias="harbor-prod")
    header = Header(Session(account=account, production=production))
    for width in (80, 120):
        pieces = dict(header.pieces(width))
        name = " PROD harbor-prod 111122223333 " if shown else "harbor-prod 111122223333"
        assert name in pieces
        assert (pieces[name] == PRODUCTION) is shown


@pytest.mark.parametrize(
    "caller", ["user/ben", "assumed-role/AWSReservedSSO_Administrators_0a1b2c3d4e/someone@example.com"]
)
@pytest.mark.parametrize("width", [22, 40, 60, 80, 100, 120, 140, 200])
def test_the_write_mode_and_the_tabs_are_there_at_any_width_that_has_room(caller: str, width: int) -> None:
    arn = f"arn:aws:iam::111122223333:{caller}"
    account = Account("111122223333", "aws", datetime.now(UTC), alias="harbor", caller_arn=arn, region="us-east-1")
    reader: Any = SimpleNamespace(kind="aws", credentials_end=None, neighbours=None)
    tabs = [(key, name, key == "2") for key, name in zip("12345", MAIN, strict=True)]
    header = Header(Session(account=account, reader=reader), tabs)
    text = "".join(piece for piece, _ in header.pieces(width))
    assert cell_len(text) <= width
    assert "READ-ONLY" in text
    if width >= 80:
        assert header.pieces(width)[-1] in [(name, FAINT) for name in ("5 Activity", "5 Act", "5Act")]
        assert caller.rpartition("/")[2] in text or width < 100
    if width >= 140 and caller == "user/ben":
        assert all(f"{key} {name}" in text for key, name, _ in tabs)


@pytest.mark.parametrize("width", range(60, 160))
def test_the_write_mode_is_set_apart_from_what_is_beside_it(width: int) -> None:
    arn = "arn:aws:sts::111122223333:assumed-role/saml-admin/org-admin"
    now = datetime.now(UTC)
    account = Account("111122223333", "demo", now, alias="harbor-prod", caller_arn=arn, region="us-east-1")
    reader: Any = SimpleNamespace(kind="demo", credentials_end=None, neighbours=None)
    tabs = [(key, name, key == "1") for key, name in zip("12345", MAIN, strict=True)]
    pieces = Header(Session(account=account, reader=reader), tabs).pieces(width)
    at = next(index for index, (text, _) in enumerate(pieces) if text.strip() == "WRITE")
    assert pieces[at - 1][0].isspace()
    assert sum(cell_len(text) for text, _ in pieces) <= width
    assert width < 80 or all(any(name[:3] in text for text, _ in pieces) for name in MAIN)
