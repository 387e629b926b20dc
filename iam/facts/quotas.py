"""Quotas of IAM and AWS Organizations, each with the page that states it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html has IAM's quotas, their Service Quotas codes,
and the highest values that AWS grants automatically. White space does not count toward the size of IAM's documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
_CHECKS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota.

    ``highest`` is the highest value that an account can be given, ``default`` the value if no increase was granted;
    None if unknown. ``code`` is the quota's code in Service Quotas, "" if it cannot be raised there. ``usage`` and
    ``limit`` are keys in GetAccountSummary, "" if the summary does not contain them.
    """

    highest: int | None
    default: int | None = None
    code: str = ""
    usage: str = ""
    limit: str = ""
    page: str = _IAM

    @property
    def usual(self) -> int:
        """The default value. Raises ValueError if this table does not contain it."""
        if self.default is None:
            raise ValueError(f"the default of {self} is unknown")
        return self.default

    def limit_in(self, summary: Mapping[str, int] | None) -> int:
        """Return the account's own value from GetAccountSummary, or the default if the summary does not contain it."""
        return (summary or {}).get(self.limit) or self.usual

    def most_in(self, summary: Mapping[str, int] | None) -> int:
        """Return the account's own value from GetAccountSummary, or the highest possible value if it is unknown.

        A check that uses this value never rejects a change that AWS may allow.
        """
        return (summary or {}).get(self.limit) or self.highest or self.usual


ROLES = Quota(10_000, code="L-FE177D64", usage="Roles", limit="RolesQuota")
INSTANCE_PROFILES = Quota(10_000, code="L-6E65F664", usage="InstanceProfiles", limit="InstanceProfilesQuota")
CUSTOMER_POLICIES = Quota(10_000, code="L-E95E4862", usage="Policies", limit="PoliciesQuota")
OIDC_PROVIDERS = Quota(700, code="L-858F3967")
SAML_PROVIDERS = Quota(None)
USERS = Quota(5_000, usage="Users", limit="UsersQuota")
GROUPS = Quota(500, code="L-F4A5425F", usage="Groups", limit="GroupsQuota")
SERVER_CERTIFICATES = Quota(20, code="L-BF35879D", usage="ServerCertificates", limit="ServerCertificatesQuota")

MOST_POLICIES_OF_ROLE = 25
POLICIES_OF_ROLE = Quota(MOST_POLICIES_OF_ROLE, default=20, code="L-0DA4ABF3", limit="AttachedPoliciesPerRoleQuota")
POLICIES_OF_USER = Quota(20, code="L-4019AD8B", limit="AttachedPoliciesPerUserQuota")
POLICIES_OF_GROUP = Quota(10, limit="AttachedPoliciesPerGroupQuota")
ROLES_OF_INSTANCE_PROFILE = Quota(1)
VERSIONS_OF_POLICY = Quota(5, limit="VersionsPerPolicyQuota")
GROUPS_OF_USER = Quota(10)
ACCESS_KEYS_OF_USER = Quota(2)
MFA_DEVICES_OF_USER = Quota(8)
SIGNING_CERTIFICATES_OF_USER = Quota(2)
SSH_KEYS_OF_USER = Quota(5)
TAGS_OF_ENTITY = Quota(50, default=50)

# Sizes of documents, in characters.
LARGEST_TRUST_SIZE = 8_192
TRUST_SIZE = Quota(LARGEST_TRUST_SIZE, default=2_048, code="L-C07B4B0D", limit="AssumeRolePolicySizeQuota")
MANAGED_SIZE = Quota(6_144, default=6_144, limit="PolicySizeQuota")
INLINE_SIZE_OF_ROLE = Quota(10_240, default=10_240, limit="RolePolicySizeQuota")
INLINE_SIZE_OF_USER = Quota(2_048, default=2_048)
INLINE_SIZE_OF_GROUP = Quota(5_120, default=5_120)
ORGANIZATION_POLICY_SIZE = Quota(5_120, default=5_120, page=_ORGANIZATIONS)
"""The size in characters of an SCP or RCP. White space counts."""
RESOURCE_POLICY_SIZE = Quota(20_480, default=20_480, page=_CHECKS)
