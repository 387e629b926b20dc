"""Interface for reading IAM's own entities: one by name, or a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from iam.account import Group, InstanceProfile, OIDCProvider, Role, SAMLProvider, User
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


@dataclass(frozen=True, slots=True)
class EntityName:
    """One entity in a namespace, as List calls return it: enough to see which entity has a certain name.

    ``kind`` is an ``entity_type`` of the JSON format (``role``, ``policy``, ``virtual-mfa-device`` …). For an OIDC
    provider, ``name`` is its URL without scheme; for an MFA device, the last part of its serial number. ``assigned_to``
    is the user who has an MFA device, "" if it is unassigned; None if the call does not return this.
    """

    kind: str
    name: str
    arn: str
    path: str = "/"
    created: datetime | None = None
    expires: datetime | None = None
    assigned_to: str | None = None


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    name: str
    arn: str
    path: str = "/"
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class MfaDevice:
    """An MFA device. ``user`` is None for a virtual device that is not assigned."""

    serial: str
    user: str | None = None
    enabled: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginProfile:
    user: str
    created: datetime | None = None
    reset_required: bool | None = None


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The account's requirements for the passwords of its users.

    ``length`` is the minimum number of characters, ``remembered`` the number of previous passwords that cannot be
    reused. ``default``: this is AWS's default, because the account has no password policy of its own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
    """

    length: int
    remembered: int = 0
    default: bool = False


DEFAULT_PASSWORD_POLICY = PasswordPolicy(8, default=True)
"""AWS's default for an account without a password policy. See the same page, "Rules for setting a password policy"."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Metadata about an access key. Its ID is not secret, and the secret key can never be read."""

    id: str
    user: str
    active: bool
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential of a user that is neither a password nor an access key.

    ``kind`` is ``signing-certificate``, ``ssh-key`` or ``service-credential`` (for CodeCommit, Keyspaces, Bedrock …).
    """

    kind: str
    id: str
    active: bool
    service: str = ""


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

        Not readable if one of the lists is not.
        """

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        """Read the names of all entities in one namespace, with the List call for their kind.

        It takes few calls, because no details are read. ``kind`` is ``role``, ``user``, ``group``, ``policy`` (customer
        policies only), ``instance-profile``, ``oidc-provider``, ``saml-provider``, ``server-certificate``,
        ``virtual-mfa-device`` or ``account-alias``. A snapshot answers from its lists; a part that is missing in the
        file, and an unknown kind, are "not readable".
        """

    def account_summary(self) -> Reading[Mapping[str, int]]:
        """Read the account's usage and quotas with GetAccountSummary."""
