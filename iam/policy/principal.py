"""The caller of a request, and how a Principal element is matched with it.

IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache

from iam.arn import Arn, names_a_service

Lookup = Callable[[str], "tuple[str, ...] | None"]


class Kind(StrEnum):
    USER = "user"
    ROLE = "role"
    SESSION = "session"  # a role's session: arn:aws:sts::…:assumed-role/NAME/SESSION
    FEDERATED_USER = "federated user"
    ROOT = "account root"
    SERVICE = "AWS service"
    PROVIDER = "identity provider"  # an identity provider: web identity and SAML calls have no AWS principal yet
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


TRUST_ACTIONS = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
    }
)
"""The actions that a trust policy may allow, in lower case (IAM User Guide: reference_policies_evaluation-logic)."""

POD_IDENTITY, ROLES_ANYWHERE = "pods.eks.amazonaws.com", "rolesanywhere.amazonaws.com"


WITH_IDENTITY = frozenset({Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER, Kind.ROOT})


class Named(IntEnum):
    """How closely a Principal element names the caller. If several of its values match, the closest counts."""

    NOT = 0
    ACCOUNT = 1  # the entire account: inside that account, this only leaves the decision to identity policies
    ROLE = 2  # the role behind a session
    EVERYONE = 3
    DIRECTLY = 4  # the user, the session, the service, the provider


@dataclass(frozen=True, slots=True)
class RequestCaller:
    """The principal of a request, parsed.

    ``name`` is the last part of a user's or role's ARN; for a session, the role's name.
    """

    kind: Kind
    text: str
    account: str | None = None
    partition: str | None = None
    name: str | None = None
    path: str | None = None

    @property
    def role_arn(self) -> str | None:
        """The ARN of the calling role.

        It is None for other callers, and for a session, because a session's ARN does not contain the role's path.
        """
        return self.text if self.kind is Kind.ROLE else None

    @property
    def service_linked(self) -> bool:
        # A session's ARN lacks the path, but IAM reserves this prefix for service-linked roles.
        if self.kind is Kind.ROLE:
            return ":role/aws-service-role/" in self.text
        return self.kind is Kind.SESSION and (self.name or "").startswith("AWSServiceRoleFor")


_account_id = re.compile(r"\d{12}")
_unique_id = re.compile(r"A[A-Z]{3}[A-Z0-9]{6,}")


@lru_cache(maxsize=64)
def caller(principal: str | None) -> RequestCaller:
    """Return the caller for a request's ``principal``.

    Unrecognized text is treated as the name of a service or identity provider.
    """
    if principal is None:
        return RequestCaller(Kind.ANONYMOUS, "")
    if _account_id.fullmatch(principal):
        return RequestCaller(Kind.ROOT, principal, principal)
    arn = Arn.parse_principal(principal)
    if arn is None or arn.account_id is None:
        service = names_a_service(principal) or "." not in principal
        return RequestCaller(Kind.SERVICE if service else Kind.PROVIDER, principal)
    partition, account, kind = arn.partition, arn.account, arn.type
    if arn.resource == "root":
        return RequestCaller(Kind.ROOT, principal, account, partition)
    if kind in ("user", "role"):
        return RequestCaller(
            Kind.USER if kind == "user" else Kind.ROLE, principal, account, partition, arn.name, arn.path
        )
    if kind == "assumed-role":
        return RequestCaller(Kind.SESSION, principal, account, partition, arn.session_role)
    if kind == "federated-user":
        return RequestCaller(Kind.FEDERATED_USER, principal, account, partition, arn.id)
    if kind in ("oidc-provider", "saml-provider"):
        return RequestCaller(Kind.PROVIDER, principal, account, partition)
    return RequestCaller(Kind.USER, principal, account, partition, arn.resource)


class PrincipalElement:
    """A statement's Principal or NotPrincipal, compiled."""

    __slots__ = ("_accounts", "_beside", "_exact", "_ids", "_others", "_roles", "everyone", "negated", "pairs")

    def __init__(self, pairs: tuple[tuple[str, str], ...], negated: bool) -> None:
        self.pairs = pairs
        self.negated = negated
        self.everyone = False
        self._accounts: set[str] = set()
        self._exact: set[str] = set()
        self._roles: set[tuple[str, str]] = set()  # (account, role name), for sessions
        self._ids: set[str] = set()
        self._others: set[tuple[str, str]] = set()
        # the accounts and roles of the listed principals
        self._beside: set[str | tuple[str | None, str | None] | None] = set()
        for kind, value in pairs:
            if value == "*" and kind in ("*", "AWS"):
                self.everyone = True
            elif kind == "AWS":
                self._add(value)
            else:
                self._others.add((kind, value))

    def _add(self, value: str) -> None:
        if _account_id.fullmatch(value):
            self._accounts.add(value)
            return
        arn = Arn.parse_principal(value)
        known = arn is not None and arn.account_id is not None
        if arn is not None and known and arn.resource == "root":
            self._accounts.add(arn.account)
        elif arn is not None and known and arn.resource.startswith("role/"):
            self._exact.add(value)
            self._roles.add((arn.account, arn.name))
        elif not known and _unique_id.fullmatch(value):
            self._ids.add(value)
        else:
            self._exact.add(value)
        if self.negated and value in self._exact:
            listed = caller(value)
            self._beside.add(listed.account)
            if listed.kind is Kind.SESSION:
                self._beside.add((listed.account, listed.name))

    def names(self, who: RequestCaller, lookup: Lookup) -> Named:
        """Return how closely the listed principals name the caller.

        For a NotPrincipal, the listed principals are those that it exempts.
        """
        if self.everyone:
            best = Named.EVERYONE
        elif who.account in self._accounts and who.kind in WITH_IDENTITY:
            best = Named.ACCOUNT
        else:
            best = Named.NOT
        if self._exact and who.text in self._exact:
            return Named.ROLE if who.kind is Kind.ROLE else Named.DIRECTLY
        if self._roles and who.kind is Kind.SESSION and best < Named.ROLE and self._names_role(who, lookup):
            best = Named.ROLE
        if self._ids and best < Named.DIRECTLY and self._names_id(lookup):
            return Named.ROLE if who.kind in (Kind.SESSION, Kind.ROLE) else Named.DIRECTLY
        if self._others and best < Named.DIRECTLY and self._names_other(who):
            return Named.DIRECTLY
        if best is Named.EVERYONE and who.kind not in WITH_IDENTITY:
            return Named.DIRECTLY
        return best

    def _names_role(self, who: RequestCaller, lookup: Lookup) -> bool:
        if (who.account, who.name) not in self._roles:
            return False
        # If the role's ARN is known, its path must match too.
        known = lookup("aws:PrincipalArn")
        return known is None or ":role/" not in known[0] or known[0] in self._exact

    def _names_id(self, lookup: Lookup) -> bool:
        known = lookup("aws:userid") or lookup("aws:PrincipalId")
        return known is not None and known[0].partition(":")[0] in self._ids

    def _names_other(self, who: RequestCaller) -> bool:
        if who.kind is Kind.SERVICE:
            # cognito-identity.amazonaws.com is an identity provider whose name looks like a service's; a canonical
            # user's ID is a bare word, as a service's may be.
            return any((kind, who.text) in self._others for kind in ("Service", "Federated", "CanonicalUser"))
        return who.kind is Kind.PROVIDER and ("Federated", who.text) in self._others

    def names_itself(self, who: RequestCaller, lookup: Lookup) -> bool:
        """Whether the listed principals name the caller itself. An account names only its root user here."""
        named = self.names(who, lookup)
        return named > Named.ACCOUNT or (named is Named.ACCOUNT and who.kind is Kind.ROOT)

    def spares(self, who: RequestCaller, lookup: Lookup) -> bool:
        """Whether a NotPrincipal element exempts the caller, as "all principals except the one named".

        AWS recommends listing a user's account, or a session's role and account, too, since some services "validate the
        account first" (IAM User Guide, "NotPrincipal"). Such an additional entry does not exempt other principals of
        that account or role.
        """
        named = self.names(who, lookup)
        if named is Named.ACCOUNT:
            return who.kind is Kind.ROOT or who.account not in self._beside
        if named is Named.ROLE and who.kind is Kind.SESSION:
            return (who.account, who.name) not in self._beside
        return named is not Named.NOT


principal_element = lru_cache(maxsize=4096)(PrincipalElement)
"""Return the `PrincipalElement` for these principals, cached: thousands of trust policies name the same services."""
