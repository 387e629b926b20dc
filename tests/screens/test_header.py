"""The header: what it says of the caller's credentials."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from iam.account import Account
from screens.frame.header import Header
from screens.session import Session


@pytest.mark.parametrize(
    ("minutes", "words"), [(14.5, "credentials end in 14 min"), (-1, "credentials ended"), (60, ""), (None, "")]
)
def test_credentials_that_end_soon_are_told(minutes: float | None, words: str) -> None:
    now = datetime.now(UTC)
    end = None if minutes is None else now + timedelta(minutes=minutes)
    reader: Any = SimpleNamespace(kind="aws", credentials_end=end)
    header = Header(Session(account=Account("111122223333", "aws", now), reader=reader))
    text = "".join(piece for piece, _ in header.pieces(120))
    assert words in text and ("credentials" in text) is bool(words)
