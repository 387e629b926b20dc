"""An account out of a file: read-only, without a network, and never taking "not in the file" for "missing"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from iam.account import Account
from iam.organization.accounts import Accounts
from iam.sources.reader import CallerIdentity, Reading
from iam.sources.snapshot.entities import SnapshotEntities
from iam.sources.snapshot.evidence import SnapshotEvidence
from iam.sources.snapshot.organization import SnapshotOrganization
from iam.sources.snapshot.policies import SnapshotPolicies
from iam.sources.snapshot.read import load
from iam.sources.snapshot.resources import SnapshotResources
from iam.sources.snapshot.trail_queries import SnapshotTrailQueries


def open_snapshot(path: str | Path, *, roles_later: bool = False) -> SnapshotReader:
    """The account that a file contains; with ``roles_later``, for a command that needs few of its roles, each is made
    when it is asked for. Raises `SourceError` when the file cannot be read or is no snapshot.
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
    """The parts joined."""

    kind = "snapshot"
    neighbours: Accounts | None = None

    def accounts(self) -> Iterator[Account]:
        yield self.account

    def caller(self) -> Reading[CallerIdentity]:
        arn = self.account.caller_arn
        if arn is None:
            return Reading("Rolescope.Account.Caller", why=self.not_in_file("Rolescope.Account.Caller", "who saved it"))
        return Reading("Rolescope.Account.Caller", CallerIdentity(arn, self.account.id))

    def clock(self) -> datetime:
        return self.account.now

    def close(self) -> None:
        """Nothing to give up: all was read when the file was opened."""
