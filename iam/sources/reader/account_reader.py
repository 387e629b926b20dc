"""The common interface to every kind of account, joined from its parts.

A reader first yields the account, in more and more complete states. Then it answers single questions, all read-only.
Each answer is a value, "absent", or "not readable". Every method may block: call it in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from iam.account import Account
from iam.protocols import Protocol
from iam.sources.reader.entities import EntitySource
from iam.sources.reader.evidence import EvidenceSource
from iam.sources.reader.organization import OrganizationSource
from iam.sources.reader.policies import PolicySource
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import ResourceSource
from iam.sources.reader.trail_queries import TrailQuerySource

if TYPE_CHECKING:
    from iam.organization.accounts import Accounts


@dataclass(frozen=True, slots=True)
class CallerIdentity:
    """The identity that makes the calls, and where its credentials come from.

    ``method`` is botocore's name for the provider of the credentials (``env``, ``shared-credentials-file``, ``sso``,
    ``assume-role``, ``iam-role`` …). ``key_kind`` is ``long-term`` (AKIA…), ``temporary`` (ASIA…) or None. ``profile``
    is the profile that the user selected, ``source_profile`` the one that provided the credentials (it may be
    ``default``); None if they come from elsewhere. ``key_id`` is the access key ID, which CloudTrail records too and
    which is not secret.
    """

    arn: str
    account: str
    user_id: str = ""
    method: str | None = None
    profile: str | None = None
    key_kind: str | None = None
    expires: datetime | None = None
    source_profile: str | None = None
    key_id: str | None = field(default=None, repr=False)


class AccountReader(
    EntitySource, PolicySource, ResourceSource, EvidenceSource, TrailQuerySource, OrganizationSource, Protocol
):
    """The interface to an account. ``kind`` is ``aws``, ``demo`` or ``snapshot``."""

    @property
    def kind(self) -> str: ...

    def accounts(self) -> Iterator[Account]:
        """Yield the account repeatedly, each time more complete. In the last state, ``progress`` is None.

        Raises `SourceError` if nothing at all can be read.
        """

    @property
    def neighbours(self) -> Accounts | None:
        """The accounts of the organization, or None if only a single account is read."""

    def caller(self) -> Reading[CallerIdentity]:
        """Return the caller's identity, from GetCallerIdentity and the credential chain."""

    def clock(self) -> datetime: ...

    def close(self) -> None:
        """Stop reading, from any thread, before the program quits.

        Running reads end soon, and no further call is made.
        """


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
