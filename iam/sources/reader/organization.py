"""Interface for reading the account's organization."""

from __future__ import annotations

from iam.account import Organization, OrganizationPolicy
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


class OrganizationSource(Protocol):
    """Reads the account's organization."""

    def organization(self) -> Reading[Organization]:
        """Read the account's organization; absent if it belongs to none."""

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        """Read one SCP or RCP, by the ARN in newer messages."""

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        """Return the accounts to which IAM Identity Center has provisioned a permission set of this account.

        ``region`` is the Region of Identity Center. Absent if no permission set of that name is provisioned in this
        account.
        """
