"""What is read of IAM's own entities: one by name, or a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from iam.account import Group, InstanceProfile, OIDCProvider, Role, SAMLProvider, User
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


@dataclass(frozen=True, slots=True)
class EntityName:
    """One entity of a namespace, as the List calls have it: enough to see who has a name.

    ``kind`` is an ``entity_type`` of the JSON format (``role``, ``policy``, ``virtual-mfa-device`` …). ``name`` of an
    OIDC provider is its URL without scheme, of an MFA device the last part of its serial number. ``assigned_to`` is
    the user who has an MFA device, and empty when it is unassigned; None where the call does not say.
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
    """An MFA device. ``user`` is None for an unassigned virtual device."""

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
    """What the account asks of its users' passwords: ``length`` characters at least, and none of the last
    ``remembered``. ``default``: it is AWS's, as the account has none of its own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
    """

    length: int
    remembered: int = 0
    default: bool = False


DEFAULT_PASSWORD_POLICY = PasswordPolicy(8, default=True)
"""AWS's, of an account that has none of its own: the same page, "Rules for setting a password policy"."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Metadata only: an access key's ID is no secret, its secret key is never readable."""

    id: str
    user: str
    active: bool
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """Something else that a user proves itself with: ``kind`` is ``signing-certificate``, ``ssh-key`` or
    ``service-credential`` (of CodeCommit, Keyspaces, Bedrock …).
    """

    kind: str
    id: str
    active: bool
    service: str = ""


class EntitySource(Protocol):
    """What is read of IAM's own entities: one by name, or a list."""

    def role(self, name: str) -> Reading[Role]:
        """One role with all its details, read now. AWS looks it up by name whatever the case; see the name returned."""

    def roles(self) -> Reading[tuple[Role, ...]]:
        """Every role by name, read now, without permissions (ListRoles)."""

    def user(self, name: str) -> Reading[User]:
        """One user with policies, groups, boundary and tags, read now."""

    def group(self, name: str) -> Reading[Group]: ...

    def instance_profile(self, name: str) -> Reading[InstanceProfile]: ...

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        """An OpenID Connect provider with its list of audiences."""

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]: ...

    def server_certificate(self, name: str) -> Reading[ServerCertificate]: ...

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        """The MFA devices of a user, or without one the account's virtual devices."""

    def login_profile(self, user: str) -> Reading[LoginProfile]: ...

    def password_policy(self) -> Reading[PasswordPolicy]:
        """The account's own, or AWS's default."""

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]: ...

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        """Signing certificates, SSH keys and service-specific credentials of a user: all of them, or "not readable"."""

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        """Every entity of one namespace, by the List call of its kind; no details, so few calls in a big account.

        ``kind`` is ``role``, ``user``, ``group``, ``policy`` (customer policies only), ``instance-profile``,
        ``oidc-provider``, ``saml-provider``, ``server-certificate``, ``virtual-mfa-device`` or ``account-alias``. A
        snapshot answers from its lists; a part the file does not have, and an unknown kind, are "not readable".
        """

    def account_summary(self) -> Reading[Mapping[str, int]]:
        """GetAccountSummary's map of usage and quotas."""
