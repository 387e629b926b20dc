"""Interface for reading the account's organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.protocols import Protocol
from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    from iam.organization.levels import Organization, OrganizationPolicy


class OrganizationSource(Protocol):
    """Reads the account's organization."""

    def organization(self) -> Reading[Organization]:
        """Read the account's organization; absent if the account belongs to none."""

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        """Read an SCP or RCP, by the ARN that newer messages contain."""

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        """Return the accounts in which IAM Identity Center has provisioned the permission set with this name.

        The permission set must be provisioned in this account too; absent if none with this name is. ``region`` is the
        Region of Identity Center.
        """
