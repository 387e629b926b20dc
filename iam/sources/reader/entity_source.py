"""Interface for reading IAM's own entities: one by name, or a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.account import Group, InstanceProfile, OIDCProvider, Role, SAMLProvider, User
    from iam.sources.reader.entities import (
        AccessKey,
        Credential,
        EntityName,
        LoginProfile,
        MfaDevice,
        PasswordPolicy,
        ServerCertificate,
    )
    from iam.sources.reader.reading import Reading


class EntitySource(Protocol):
    """Reads IAM's own entities: one by name, or a list."""

    def role(self, name: str) -> Reading[Role]:
        """Read one role with all its details, without a cache.

        AWS ignores the case of ``name``; compare the returned name.
        """

    def roles(self) -> Reading[tuple[Role, ...]]:
        """Read all roles with ListRoles, without a cache. The result does not include their policies."""

    def user(self, name: str) -> Reading[User]:
        """Read one user with policies, groups, boundary and tags, without a cache."""

    def group(self, name: str) -> Reading[Group]: ...

    def instance_profile(self, name: str) -> Reading[InstanceProfile]: ...

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        """Read an OpenID Connect provider with its list of audiences."""

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]: ...

    def server_certificate(self, name: str) -> Reading[ServerCertificate]: ...

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        """Read the MFA devices of a user; without ``user``, the account's virtual devices."""

    def login_profile(self, user: str) -> Reading[LoginProfile]: ...

    def password_policy(self) -> Reading[PasswordPolicy]:
        """Read the account's own password policy, or return AWS's default."""

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]: ...

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        """Read all signing certificates, SSH keys and service-specific credentials of a user.

        "Not readable" if one of the lists cannot be read.
        """

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        """Read the names of all entities in one namespace, with the List call for their kind.

        It takes few calls, because no details are read. ``kind`` is ``role``, ``user``, ``group``, ``policy`` (customer
        policies only), ``instance-profile``, ``oidc-provider``, ``saml-provider``, ``server-certificate``,
        ``virtual-mfa-device`` or ``account-alias``. A snapshot answers from its lists. For a part that is missing
        from the file, or for an unknown kind, the reading is "not readable".
        """

    def account_summary(self) -> Reading[Mapping[str, int]]:
        """Read the account's usage and quotas with GetAccountSummary."""
