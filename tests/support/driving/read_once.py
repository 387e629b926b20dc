"""A reader of an account that is read once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iam.account import Account


class ReadOnce:
    """The demo's reader with the account read already: the tests are about what comes after."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._account = list(reader.accounts())[-1]

    def accounts(self) -> Iterator[Account]:
        yield self._account

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)
