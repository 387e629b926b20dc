"""Interface for reading IAM's own entities: one by name, or a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
