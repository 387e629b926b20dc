"""The account that the tools keep open, and the masks for its names."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from typing import Any

from diagnostics.masking.masks import Masks
from iam.questions.index import AccountIndex
from iam.sources.aws.read_only import refuse_writes
from iam.sources.aws.reader import AwsReader
from iam.sources.cached import cached
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from tui.open_account import chosen_account, open_accounts, open_reader

AS_OLD_AS = 600.0
"""The maximum age in seconds of the data of an AWS account before the account is read again."""


class MaskedWords:
    """Masks answers, and replaces masked words in questions with the originals.

    Without ``masked``, nothing is changed.
    """

    def __init__(self, *, masked: bool) -> None:
        self.masks = Masks(names=True) if masked else None

    def hide(self, value: Any) -> Any:
        return value if self.masks is None else self.masks.value(value)

    def plain(self, value: Any) -> Any:
        if self.masks is None:
            return value
        if isinstance(value, str):
            return self.masks.revealed(value)
        if isinstance(value, Mapping):
            return {self.plain(key): self.plain(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.plain(inner) for inner in value)
        return value


class OpenAccount:
    """The account that the options select. It is opened on first use, and always read-only."""

    def __init__(self, options: argparse.Namespace, masks: Masks | None) -> None:
        self._options, self._masks = options, masks
        self._options.masks = masks
        self._opened: OpenedAccount | None = None
        self._index: AccountIndex | None = None
        self._began = 0.0

    @property
    def several(self) -> bool:
        """Whether the options name a folder with several accounts and do not select one of them."""
        return open_accounts(self._options) is not None and not self._options.account

    def opened(self) -> OpenedAccount:
        """Return the opened account. Raises `SourceError` and `UsageError` as the commands do."""
        old = time.monotonic() - self._began > AS_OLD_AS
        if self._opened is None or (old and self._opened.reader.kind == "aws"):
            if self._opened is not None:
                self._opened.reader.close()
            if (accounts := open_accounts(self._options)) is not None:
                self._opened = chosen_account(self._options, accounts)
            else:
                self._opened = self._open()
            self._index = None
            self._began = time.monotonic()
        return self._opened

    def _open(self) -> OpenedAccount:
        reader = open_reader(self._options, roles_later=True)
        if isinstance(reader, AwsReader):
            refuse_writes(reader.aws.session)
        account = None
        for account in reader.accounts():  # noqa: B007  # the last state is the fullest
            pass
        if account is None:
            raise SourceError("The account could not be read: check your credentials and Region.")
        if self._masks is not None:
            self._masks.learn_account(account)
        return OpenedAccount(account, cached(reader))

    def index(self) -> AccountIndex:
        opened = self.opened()
        if self._index is None:
            self._index = AccountIndex(opened.account, opened.reader)
        return self._index

    def read(self) -> dict[str, Any]:
        """Return which account an answer is about, its source, and when it was read."""
        if self._opened is None:
            return {"account": None}
        account = self._opened.account
        at = account.captured_at or account.now
        return {"account": account.id, "source": account.source, "at": at.isoformat()}
