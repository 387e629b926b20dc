"""Read an account from a file, without a network.

Data that the file lacks is unknown: it never means that something does not exist in the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from iam.account import Account
from iam.organization.accounts import Accounts
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.entities import SnapshotEntities
from iam.sources.snapshot.evidence import SnapshotEvidence
from iam.sources.snapshot.organization import SnapshotOrganization
from iam.sources.snapshot.policies import SnapshotPolicies
from iam.sources.snapshot.read import load
from iam.sources.snapshot.resources import SnapshotResources
from iam.sources.snapshot.trail_queries import SnapshotTrailQueries

if TYPE_CHECKING:
    from iam.sources.reader.caller_identity import CallerIdentity


def open_snapshot(path: str | Path, *, roles_later: bool = False) -> SnapshotReader:
    """Open the account in a file. Raises `SourceError` if the file cannot be read or is not a snapshot.

    With ``roles_later``, each role is parsed on first access, which suits commands that need few roles.
    """
    return SnapshotReader(load(Path(path), roles_later=roles_later))


class SnapshotReader(
    SnapshotEntities,
    SnapshotPolicies,
    SnapshotResources,
    SnapshotEvidence,
    SnapshotTrailQueries,
    SnapshotOrganization,
):
    """The reader of a snapshot, joined from its parts."""

    kind = "snapshot"
    neighbours: Accounts | None = None

    def accounts(self) -> Iterator[Account]:
        yield self.account

    def caller(self) -> Reading[CallerIdentity]:
        arn = self.account.caller_arn
        if arn is None:
            return Reading("Rolescope.Account.Caller", why=self.not_in_file("Rolescope.Account.Caller", "who saved it"))
        from iam.sources.reader.caller_identity import CallerIdentity

        return Reading("Rolescope.Account.Caller", CallerIdentity(arn, self.account.id))

    def clock(self) -> datetime:
        return self.account.now

    def close(self) -> None:
        """Do nothing: the file was read completely when it was opened."""
