"""The one interface to every kind of account: its parts joined.

A reader first yields the account, in fuller and fuller states; then it answers single questions, each read-only and
each with what it found, that there is nothing, or that it could not look. Every method may block: call it in a worker.
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
    """Who makes the calls, and where the credentials came from.

    ``method`` is botocore's name of the provider that gave them (``env``, ``shared-credentials-file``, ``sso``,
    ``assume-role``, ``iam-role`` …), ``key_kind`` is ``long-term`` (AKIA…), ``temporary`` (ASIA…) or None.
    ``profile`` is the one that was chosen, ``source_profile`` the one that gave the credentials (``default`` too), None
    where they came from elsewhere. ``key_id`` is the access key's id, which CloudTrail knows too, and no secret.
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
    """``kind`` is ``aws``, ``demo`` or ``snapshot``."""

    @property
    def kind(self) -> str: ...

    def accounts(self) -> Iterator[Account]:
        """The account, again and again, fuller each time; the last one has ``progress`` None.

        Raises `SourceError` when nothing at all can be read.
        """

    @property
    def neighbours(self) -> Accounts | None:
        """The accounts of its organization, where several are read."""

    def caller(self) -> Reading[CallerIdentity]:
        """Who calls, by GetCallerIdentity and the credential chain."""

    def clock(self) -> datetime: ...

    def close(self) -> None:
        """Give up what is being read, from any thread, to quit: readings end soon, and no call is made any more."""


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account as it was read last, and the reader that answers what it does not hold. ``accounts`` are those of its
    organization, where several are read. ``assumed`` are values of condition keys that the operator takes for granted
    of the caller's own calls.
    """

    account: Account
    reader: AccountReader
    accounts: Accounts | None = field(default=None, repr=False, compare=False)
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
