"""What is read of the organization around the account."""

from __future__ import annotations

from iam.account import Organization, OrganizationPolicy
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


class OrganizationSource(Protocol):
    """What is read of the organization around the account."""

    def organization(self) -> Reading[Organization]:
        """The account's organization, absent when it is in none."""

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        """One SCP or RCP, by the ARN that newer messages carry."""

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        """The accounts to which IAM Identity Center has provisioned a permission set that this account has.

        ``region`` is that of Identity Center. Absent where no set of the name is provisioned here.
        """
