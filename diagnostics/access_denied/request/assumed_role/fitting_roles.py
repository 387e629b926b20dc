"""The roles whose trust policies, names or policies fit the failed call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.request.assumed_role.principal import CLIENTS, gives_claims, source_of_claims
from diagnostics.access_denied.request.assumed_role.target import MOST_CANDIDATES, Target
from diagnostics.access_denied.request.subject import SAML, WEB_IDENTITY, Subject
from diagnostics.access_denied.request.trust_principals import federated_of, trusted_services
from diagnostics.text.tokens.mentions import mentioned_subjects
from iam.account import Account, Role
from iam.claims import Source, Sourced
from iam.lazy_pattern import regex
from iam.passed_roles import KIN_SERVICES
from iam.policy.named_principals import principals

_GITHUB_ACTION = regex(r"\bassum(?:e|ing) role with OIDC\b|\bconfigure-aws-credentials\b", re.IGNORECASE)
"""Words in the output of GitHub's action. The action's token is never from Cognito, EKS or GitLab."""


_NEVER_GITHUB = regex(r"cognito-identity|/oidc\.eks\.|gitlab")


def agreeing_targets(subject: Subject, seen: list[Target], account: Account) -> list[Target]:
    """Return the targets that agree with the issuer in the context, or else with what the text says."""
    matching = [target for target in seen if target.principal and source_of_claims(target.principal, subject.keys)]
    if matching or gives_claims(subject.keys):
        return matching  # none of the roles trusts the provider of these claims, so it is none of these roles
    if _GITHUB_ACTION.search(subject.denial.text):
        seen = [target for target in seen if not _NEVER_GITHUB.search(target.principal or "")]
    for pattern, mark in CLIENTS:
        if pattern.search(subject.denial.text):
            meant = [target for target in seen if target.principal and mark in target.principal]
            if meant:
                return meant
    subjects = mentioned_subjects(subject.denial.text)
    meant = [
        target for target in seen if any(value in subjects for values in target.context.values() for value in values)
    ]
    return meant or seen


def fitting_roles(subject: Subject, account: Account, low: str) -> Iterator[Target]:
    """Yield the roles that the text may mean, judging by their trust policies' principals; the likeliest first."""
    if subject.denial.claims_trust and subject.denial.service:
        yield from _service_candidates(subject, account)
        return
    if low not in (WEB_IDENTITY, SAML):
        return
    kind = ":saml-provider/" if low == SAML else None
    found = []
    for role in (role for role in account.roles if not role.service_owned):
        for provider in federated_of(role):
            saml = ":saml-provider/" in provider
            if saml is (kind is not None):
                found.append(
                    Target(
                        role,
                        Source.GUESS,
                        "its trust policy names such a provider",
                        Sourced(provider, Source.GUESS, role.name),
                    )
                )
    yield from agreeing_targets(subject, found, account)[:MOST_CANDIDATES]


def _service_candidates(subject: Subject, account: Account) -> Iterator[Target]:
    """Yield roles that seem to be made for the service, the likeliest first.

    The order depends first on a related service in the trust policy, then on a word from the text in the role's name.
    The service's name in the role's name or attached policies comes next, then whether the role was never used. Roles
    that trust a person or an identity provider are not candidates, nor are roles that trust only other services, unless
    a policy made for this service is attached.
    """
    service = subject.denial.service or ""
    principal = f"{service}.amazonaws.com"
    kin = {f"{each}.amazonaws.com" for each in KIN_SERVICES.get(service, ())}
    words = {word.lower() for word in re.findall(r"[A-Za-z0-9][\w-]{3,63}", subject.denial.text)}
    scored = []
    for role in account.roles:
        score = 0 if role.service_owned or _named_kinds(role) - {"Service"} else _score(role, principal, kin, words)
        if score >= 3:
            scored.append((score, role))
    best = max((score for score, _ in scored), default=0)
    for score, role in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))[:MOST_CANDIDATES]:
        if score == best or score >= 4:
            who = Sourced(principal, Source.TEXT, service)
            yield Target(role, Source.GUESS, f"its name, policies and use fit {service}", who)


def _score(role: Role, principal: str, kin: set[str], words: set[str]) -> int:
    """Return how well a role fits a service; 0 if it trusts other services only and has no policy for this one.

    ``kin`` are the principals of related services, ``words`` the words of the text in lower case.
    """
    short = principal.removesuffix(".amazonaws.com").removesuffix("-tasks")
    score = 0
    services = set(trusted_services(role))
    attached = " ".join(policy.name for policy in role.attached or ()).lower()
    if principal in services:
        # The role trusts the service: either a condition is not met, or it is not the requested role.
        score += 2 if _has_conditions(role) else -1
    elif services & kin:
        score += 4
    elif services and short not in attached:
        return 0
    name = role.name.lower()
    score += 2 if short in name else 0
    score += 2 if short in attached else 0
    score += 3 if any(len(word) > 5 and (word in name) and word != short for word in words) else 0
    score += 1 if role.last_used is not None and role.last_used.when is None else 0
    return score


def _named_kinds(role: Role) -> set[str]:
    """Return the kinds of principals in a trust policy's Allow statements (``AWS``, ``Service``, ``Federated``)."""
    return {kind for kind, _ in principals(role.trust)}


def _has_conditions(role: Role) -> bool:
    return any(statement.conditions for statement in role.trust_statements)
