"""An account as it was last read, with its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.account import Account
    from iam.organization.accounts import Accounts
    from iam.sources.reader.account_reader import AccountReader


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account as it was last read, and the reader for data that it does not contain.

    ``accounts`` are the accounts of its organization, or None if only one is read. ``assumed`` are values of condition
    keys that the operator assumes for the caller's own calls.
    """

    account: Account
    reader: AccountReader
    accounts: Accounts | None = field(default=None, repr=False, compare=False)
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
