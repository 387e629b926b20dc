"""The common interface to every kind of account, joined from its parts.

A reader first yields the account, in more and more complete states. Then it answers single questions, all read-only.
Each answer is a value, "absent", or "not readable". Every method may block: call it in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from iam.protocols import Protocol
from iam.sources.reader.entity_source import EntitySource
from iam.sources.reader.evidence_source import EvidenceSource
from iam.sources.reader.organization import OrganizationSource
from iam.sources.reader.policies import PolicySource
from iam.sources.reader.resource_source import ResourceSource
from iam.sources.reader.trail_query_source import TrailQuerySource

if TYPE_CHECKING:
    from iam.account import Account
    from iam.organization.accounts import Accounts
    from iam.sources.reader.caller_identity import CallerIdentity
    from iam.sources.reader.reading import Reading


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
