"""The decoded contents of a token. The token itself is not stored, because anyone could use it."""

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
    """A role that a token offers and, in a SAML response, the provider through which it is offered."""

    role: str
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token found in a text. ``broken`` says why the token could not be read, else "".

    For a JWT, ``issuer`` has no ``https://``, as in condition keys. ``claims`` are its claims under IAM's names for
    them (``aud``, ``sub`` …; for SAML, what follows ``saml:``). ``unheard`` are the names of claims that no policy can
    test; their values are not stored. ``audience`` is the claim or restriction as it is in the token, which may differ
    from what IAM calls aud. ``roles`` is None if the token does not list roles.
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
        """The action of the STS call that accepts such a token."""
        return "sts:AssumeRoleWithSAML" if self.kind is TokenKind.SAML else "sts:AssumeRoleWithWebIdentity"

    @property
    def prefix(self) -> str:
        """The part of the token's condition keys before the colon."""
        return "saml" if self.kind is TokenKind.SAML else self.issuer

    @property
    def context(self) -> dict[str, tuple[str, ...]]:
        """The condition keys in a call that uses the token."""
        found = {f"{self.prefix}:{claim}": values for claim, values in self.claims} if self.prefix else {}
        if self.prefix.endswith("/"):
            # Auth0's issuers end with a slash; whether the key does depends on how the provider was created.
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
