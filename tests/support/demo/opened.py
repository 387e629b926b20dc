"""The demo account, opened as one of its users."""

from __future__ import annotations

from iam.account import Account
from iam.demo.open import open_demo
from iam.sources.reader.account_reader import AccountReader


def opened(caller: str | None) -> tuple[Account, AccountReader]:
    """The whole account as ``caller`` reads it (None: the org-admin), and the reader."""
    reader = open_demo(as_user=caller, region=None)
    return list(reader.accounts())[-1], reader
