"""The decoded contents of a token. The token itself, which anyone could use, is not stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Context = Mapping[str, tuple[str, ...]]
Claims = tuple[tuple[str, tuple[str, ...]], ...]

TAGS_CLAIM = "https://aws.amazon.com/tags"
ROLES_CLAIM = "https://aws.amazon.com/roles"
SOURCE_IDENTITY_CLAIM = "https://aws.amazon.com/source_identity"


class TokenKind(StrEnum):
    JWT = "token"
    SAML = "SAML response"


@dataclass(frozen=True, slots=True)
class RolePair:
    """A role that a token offers, and of a SAML response the provider that it is offered through."""

    role: str
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was found. ``broken`` is one sentence where it could not be read, else empty.

    ``issuer`` has no scheme for a JWT, as condition keys want it. ``claims`` are those that it carries under IAM's own
    names for them (``aud``, ``sub`` …; of SAML what follows ``saml:``), ``unheard`` the names of those that IAM offers
    to no policy; their values are not kept. ``audience`` is the claim or restriction as it is in the token, which
    is not always what IAM calls aud. ``roles`` is None where the token does not speak of roles.
    """

    kind: TokenKind
    issuer: str = ""
    claims: Claims = ()
    unheard: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    begins: datetime | None = None
    expires: datetime | None = None
    issued: datetime | None = None
    roles: tuple[RolePair, ...] | None = None
    tags: Claims = ()
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    session_name: str = ""
    broken: str = ""

    @property
    def action(self) -> str:
        """The AWS API call that accepts such a token."""
        return "sts:AssumeRoleWithSAML" if self.kind is TokenKind.SAML else "sts:AssumeRoleWithWebIdentity"

    @property
    def prefix(self) -> str:
        """The part of its condition keys before the colon."""
        return "saml" if self.kind is TokenKind.SAML else self.issuer

    @property
    def context(self) -> dict[str, tuple[str, ...]]:
        """The condition keys in a call with the token."""
        found = {f"{self.prefix}:{claim}": values for claim, values in self.claims} if self.prefix else {}
        if self.prefix.endswith("/"):
            # Auth0's issuers end so; whether the key does depends on how the provider was written down.
            found |= {f"{self.prefix.rstrip('/')}:{claim}": values for claim, values in self.claims}
        for name, values in self.tags:
            found[f"aws:RequestTag/{name}"] = values
        if self.tags:
            found["aws:TagKeys"] = tuple(name for name, _ in self.tags)
        if self.transitive:
            found["sts:TransitiveTagKeys"] = self.transitive
        if self.source_identity:
            found["sts:SourceIdentity"] = (self.source_identity,)
        if self.session_name:
            found["sts:RoleSessionName"] = (self.session_name,)
        if self.kind is TokenKind.JWT and self.roles is not None:
            found["sts:RoleAuthorizedByIdp"] = ("true",)
        return found

    def claim(self, name: str) -> tuple[str, ...]:
        return dict(self.claims).get(name, ())
