"""Determine which condition keys a principal's requests contain, as far as AWS's rules and the account decide it."""

from __future__ import annotations

from functools import cache

from iam.account import Account, Role, User
from iam.policy.compiled import compiled
from iam.policy.condition_keys import KeyPresence, Presence, presence
from iam.policy.document import Document, PolicyError
from iam.policy.principal import Kind
from iam.policy.statements import Statement


def key_presence(kind: Kind, entity: Role | User | None, account: Account | None, action: str = "") -> KeyPresence:
    """Return a function that says whether the principal's requests contain a condition key whose value is unknown.

    ``entity`` is the role or user, if known; ``account`` is the principal's own account, or None if that was not read.
    A user has only its own tags; a role's sessions may have additional ones if the trust policy allows it. Keys from an
    identity provider's tokens are present only in sessions of roles that trust the provider.
    """
    lowered = action.lower()
    trust = entity.trust if isinstance(entity, Role) else None

    @cache
    def found(key: str) -> Presence:
        if key.startswith("aws:principalorg") and account is not None and account.in_organization is False:
            return Presence.NEVER
        if key.startswith("aws:principaltag/") and entity is not None and entity.tags is not None:
            # The tags of the role or user are known: only session tags are not.
            return Presence.IF_SENT if isinstance(entity, Role) and _takes_tags(trust) else Presence.NEVER
        if key == "aws:multifactorauthage" and trust is not None and made_by_services(trust):
            return Presence.NEVER
        if (provider := _provider_of(key)) and not _comes_from(provider, kind, trust):
            return Presence.NEVER
        return presence(key, kind, lowered)

    return found


def kind_of(entity: Role | User) -> Kind:
    return Kind.ROLE if isinstance(entity, Role) else Kind.USER


def _provider_of(key: str) -> str:
    """Return the identity provider whose tokens set a key (``cognito-identity.amazonaws.com:sub``), or ""."""
    prefix = key.rpartition(":")[0]
    return prefix if prefix == "saml" or "." in prefix.partition("/")[0] else ""


def _comes_from(provider: str, kind: Kind, trust: Document | None) -> bool:
    """Whether the principal, or the creator of its session, may have used a token of the provider.

    See IAM User Guide, "Available keys for AWS OIDC federation": cross-service keys that the session keeps.
    """
    if kind in (Kind.ROLE, Kind.SESSION):
        return trust is None or ("saml-provider/" if provider == "saml" else provider) in trust.text.lower()
    return kind in (Kind.PROVIDER, Kind.UNKNOWN)


def _takes_tags(trust: Document | None) -> bool:
    if trust is None:
        return True
    try:
        return any(not one.deny and one.action.names("sts:tagsession") for one in compiled(trust).statements)
    except PolicyError:
        return True


def made_by_services(trust: Document) -> bool:
    """Whether the trust policy lets only AWS services assume the role. Services have no MFA device."""
    try:
        return {kind for each in trust.unplaced_statements for kind, _ in _principals(each)} == {"Service"}
    except PolicyError:
        return False


def _principals(statement: Statement) -> tuple[tuple[str, str], ...]:
    return (statement.principal or ()) if statement.effect == "Allow" else ()
