"""Find the roles of the account that could accept a token: those whose trust policies name its issuer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.caller import WELL_KNOWN_PROVIDERS, Caller
from diagnostics.access_denied.request.trust_principals import federated_of
from diagnostics.text.tokens.token import Token, TokenKind
from iam.account import Account, Role
from iam.policy.principal import Kind


def provider_arn(token: Token, account: Account) -> str:
    """Return what a policy names as the token's issuer: the provider's ARN, or a well-known issuer's name alone.

    For a SAML response, return the provider in its Role attribute, or "" if the attribute contains no provider in this
    account.
    """
    if token.kind is TokenKind.SAML:
        own = [pair.provider for pair in token.roles or () if f":{account.id}:" in pair.provider]
        return own[0] if own else ""
    for provider in account.oidc_providers or ():
        if same_issuer(provider.arn, token):
            return provider.arn
    if token.issuer in WELL_KNOWN_PROVIDERS:
        return token.issuer
    return f"arn:{account.partition}:iam::{account.id}:oidc-provider/{token.issuer}"


def same_issuer(provider: str, token: Token) -> bool:
    """Return whether a provider named in a trust policy is the token's issuer."""
    if token.kind is TokenKind.SAML:
        offered = {pair.provider for pair in token.roles or ()}
        return ":saml-provider/" in provider and (not any(offered) or provider in offered)
    issuer = (provider.partition(":oidc-provider/")[2] or provider).rstrip("/").lower()
    return ":saml-provider/" not in provider and issuer == token.issuer.rstrip("/").lower()


def with_token(caller: Caller, tokens: tuple[Token, ...]) -> Caller:
    """Return the caller. If the caller's token is available, all its claims count as known (``settled``)."""
    if caller.kind is not Kind.PROVIDER or caller.arn is None:
        return caller
    token = next((token for token in tokens if not token.broken and same_issuer(caller.arn, token)), None)
    return replace(caller, settled=token.prefix) if token is not None else caller


def roles_trusting(token: Token, account: Account) -> Iterator[tuple[Role, str]]:
    """Yield each role whose trust policy names the issuer, with the provider as the policy names it.

    For a SAML response, yield only the roles that it offers, if any of them exist.
    """
    found = [
        (role, provider)
        for role in account.roles
        if not role.service_owned
        for provider in federated_of(role)
        if same_issuer(provider, token)
    ]
    offered = {pair.role for pair in token.roles or ()}
    meant = [(role, provider) for role, provider in found if role.arn in offered]
    yield from meant or found


def not_offered(token: Token, role: str, account: Account) -> str:
    """Return a sentence if the token itself rules the role out, whatever the role's trust policy says; else ""."""
    if token.roles is None:
        return ""
    offered = [pair for pair in token.roles if pair.role == role]
    if token.kind is TokenKind.JWT:
        if offered:
            return ""
        return "the token's roles claim does not list the role: STS refuses the token as InvalidIdentityToken"
    if not token.roles:
        return "the assertion has no Role attribute: the identity provider must send ROLE-ARN,PROVIDER-ARN"
    if not offered:
        near = [pair.role for pair in token.roles if pair.role.lower() == role.lower()]
        hint = f" ({near[0]} differs only in upper and lower case, and role ARNs are case-sensitive)" if near else ""
        return f"the assertion's Role attribute does not offer it{hint}"
    if not any(pair.provider for pair in offered):
        return "the assertion's Role attribute names no provider for the role: it must be ROLE-ARN,PROVIDER-ARN"
    return ""
