"""Read the account's organization from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.sources.reader.reading import Reading
from iam.sources.snapshot.part import SnapshotPart

if TYPE_CHECKING:
    from iam.organization.levels import Organization, OrganizationPolicy


class SnapshotOrganization(SnapshotPart):
    """Reads the organization and its policies, as far as the file contains them."""

    def organization(self) -> Reading[Organization]:
        if not self.snapshot.organization_known:
            return Reading(
                "Rolescope.Organization", why=self.not_in_file("Rolescope.Organization", "the organization's policies")
            )
        if self.account.organization is None:
            return Reading("Rolescope.Organization", note="The account is in no organization.")
        return Reading("Rolescope.Organization", self.account.organization)

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        organization = self.account.organization
        for level in (*((organization and organization.scps) or ()), *((organization and organization.rcps) or ())):
            for policy in level.policies:
                if policy.arn == arn:
                    return Reading("Rolescope.Organization", policy)
        return Reading("Rolescope.Organization", why=f"The snapshot does not contain the policy {arn}.")

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        why = "A snapshot does not contain the accounts of a permission set."
        return Reading("sso:ListAccountsForProvisionedPermissionSet", why=why)
