"""The principal that was to assume a role: a service, or the identity provider of its trust policy."""

from __future__ import annotations

import re

from diagnostics.access_denied.request.subject import Subject
from diagnostics.access_denied.request.trust_principals import federated_of, trusted_services
from diagnostics.access_denied.token.roles import provider_arn, same_issuer
from iam.account import Account, Role
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.principal import ROLES_ANYWHERE

# Words for a kind of client, and what the provider's ARN or name then contains.
CLIENTS = (
    (regex(r"assume role with OIDC|configure-aws-credentials|ACTIONS_ID_TOKEN|github", re.IGNORECASE), "github"),
    (regex(r"gitlab|CI_JOB_JWT", re.IGNORECASE), "gitlab"),
    (regex(r"cognito|identity pool|NotAuthorizedException|guest user", re.IGNORECASE), "cognito-identity"),
    (
        regex(r"WebIdentityErr|serviceaccount|AWS_WEB_IDENTITY_TOKEN_FILE|\bpods?\b|kube|\beks\b", re.IGNORECASE),
        "oidc.eks",
    ),
)


_ANYWHERE = regex(r"\bAccessDeniedException\b.*\bUnable to assume role for\b", re.DOTALL)


def principal_without_role(subject: Subject, account: Account) -> Sourced[str] | None:
    """Return the principal that was to assume a role, if the text alone identifies it."""
    service = subject.denial.service
    if subject.who is None and subject.denial.claims_trust and service:
        suffix = ".cn" if account.partition == "aws-cn" and service in ("ec2",) else ""
        return Sourced(f"{service}.amazonaws.com{suffix}", Source.TEXT, service)
    return subject.who


def principal_to_assume(subject: Subject, role: Role, account: Account) -> Sourced[str] | None:
    """Return the principal that was to assume the role.

    It is the service that reports the error, or the trust policy's provider.
    """
    if (who := principal_without_role(subject, account)) is not None:
        return who
    if (found := _ANYWHERE.search(subject.denial.text)) and trusted_services(role) == (ROLES_ANYWHERE,):
        return Sourced(ROLES_ANYWHERE, Source.TEXT, found[0])
    providers = federated_of(role)
    for token in subject.denial.tokens:
        if not token.broken:
            # The provider that the policy names is used only if it is the token's issuer: the token's claims come from
            # its issuer.
            own = next((provider for provider in providers if same_issuer(provider, token)), "")
            issuer = own or provider_arn(token, account)
            return Sourced(issuer, Source.TEXT, token.issuer) if issuer else None
    for provider in providers:
        if source := source_of_claims(provider, subject.keys):
            return Sourced(provider, source, provider)
    for pattern, mark in CLIENTS:
        if (found := pattern.search(subject.denial.text)) and (meant := [one for one in providers if mark in one]):
            return Sourced(meant[0], Source.TEXT, found[0])
    # The trust policy says whom the role trusts, and the text does not say who called.
    if not providers:
        return None
    return Sourced(providers[0], Source.GUESS if providers[1:] else Source.ACCOUNT, role.name, tuple(providers[1:]))


def source_of_claims(provider: str, keys: Keys) -> Source | None:
    """Return the source of this provider's claims among the condition keys, or None if there are none."""
    issuer = (provider.partition(":oidc-provider/")[2] or provider).lower()
    prefix = "saml:" if ":saml-provider/" in provider else f"{issuer}:"
    return next((had.source for key, had in keys.items() if key.lower().startswith(prefix)), None)


def gives_claims(keys: Keys) -> bool:
    """Return whether the condition keys include claims of an OIDC provider's token.

    The names of such keys begin with the token's issuer
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    return any("." in key.partition(":")[0] and key.lower().endswith(_CLAIMS) for key in keys)


_CLAIMS = (":sub", ":aud", ":amr", ":oaud")
