"""Which role was to be assumed, and as whom, where the text does not say.

"Not authorized to perform sts:AssumeRoleWithWebIdentity" names neither role nor token; "The role … cannot be assumed by
Lambda" often names no role. What else tells: role names in the surrounding text, the role that the operator looks at,
CloudTrail's record of the failed call, and at last the account's own trust policies, which leave candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from diagnostics.access_denied.edits import as_list
from diagnostics.access_denied.evidence.history import TrailCall, calls
from diagnostics.access_denied.request.subject import Context, Subject, roles_spoken_of
from diagnostics.access_denied.request.trust_principals import federated_of, trusted_services
from diagnostics.access_denied.token.roles import provider_arn, roles_trusting, same_issuer
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.tokens.mentions import mentioned_saml_endpoint, mentioned_subjects
from diagnostics.tokens.token import Token
from iam.account import Account, Role
from iam.ages import short_age
from iam.arn import name_of
from iam.frozen import frozen, replace
from iam.lazy_pattern import regex
from iam.policy.principal import ROLES_ANYWHERE
from iam.sources.reader import AccountReader, OpenedAccount
from iam.words import listing

WEB_IDENTITY = "sts:assumerolewithwebidentity"
SAML = "sts:assumerolewithsaml"
MOST_CANDIDATES = 12

# Words of a kind of client, and what the provider's ARN or name then holds.
_CLIENTS = (
    (regex(r"assume role with OIDC|configure-aws-credentials|ACTIONS_ID_TOKEN|github", re.IGNORECASE), "github"),
    (regex(r"gitlab|CI_JOB_JWT", re.IGNORECASE), "gitlab"),
    (regex(r"cognito|identity pool|NotAuthorizedException|guest user", re.IGNORECASE), "cognito-identity"),
    (
        regex(r"WebIdentityErr|serviceaccount|AWS_WEB_IDENTITY_TOKEN_FILE|\bpods?\b|kube|\beks\b", re.IGNORECASE),
        "oidc.eks",
    ),
)
_TRUST_ANCHOR = regex(r"arn:[\w-]+:rolesanywhere:[\w-]+:\d{12}:trust-anchor/[\w-]+")
_ANYWHERE = regex(r"\bAccessDeniedException\b.*\bUnable to assume role for\b", re.DOTALL)
# CloudTrail's name of the parameter that carries a role, in the calls that hand one to a service.
_ROLE_PARAMETERS = regex(r"role(arn)?$", re.IGNORECASE)


@frozen
class Target:
    """A role that may be meant, how it was found, and what the finding told besides."""

    role: Role
    principal: str | None
    found: str
    context: Context
    event: TrailCall | None = None


def needs_target(subject: Subject) -> bool:
    """Whether the request is about assuming a role and lacks the role or the principal."""
    low = (subject.action or "").lower()
    if low in (WEB_IDENTITY, SAML) or subject.denial.claims_trust:
        return True
    return low == "sts:assumerole" and subject.resource is None


def find_targets(subject: Subject, opened: OpenedAccount, hint: str | None) -> tuple[tuple[Target, ...], Step]:
    """The roles that may be meant (one, where anything narrows it so far), with the step that says how."""
    low = (subject.action or "").lower()
    named = _named(subject, opened, hint)
    seen = list(_seen(subject, opened, low))
    if named is not None:
        role, how = named
        event = next((target for target in seen if target.role.name == role.name), None)
        target = event or Target(role, _principal(subject, role, opened.account), how, {})
        target = replace(target, found=how, principal=target.principal or _principal(subject, role, opened.account))
        return (target,), _step((target,), "")
    if token := next((token for token in subject.denial.tokens if not token.broken), None):
        # The token is at hand: CloudTrail only helps where it has a call with this very one.
        seen = [target for target in seen if _same_subject(target.context, token)]
        if not seen:
            return _trusting(token, opened.account)
    if seen:
        seen = _narrowed(subject, seen, opened.account)
        newest = _one_each(seen)
        return tuple(newest), _step(tuple(newest), "")
    candidates = tuple(_candidates(subject, opened.account, low))
    return candidates, _step(candidates, "CloudTrail tells no such call, or cannot be read from here")


def targets_of(
    token: Token, subject: Subject, opened: OpenedAccount, hint: str | None
) -> tuple[tuple[Target, ...], Step]:
    """The roles that a token by itself may be meant for: the one that is named, else all that trust its issuer."""
    if named := _named(subject, opened, hint):
        role, how = named
        target = Target(role, _principal(subject, role, opened.account), how, {})
        return (target,), _step((target,), "")
    return _trusting(token, opened.account)


def _trusting(token: Token, account: Account) -> tuple[tuple[Target, ...], Step]:
    found = tuple(
        Target(role, provider, "its trust policy names the token's issuer", {})
        for role, provider in roles_trusting(token, account)
    )
    return found, _step(found, "no trust policy names the token's issuer")


def _named(subject: Subject, opened: OpenedAccount, hint: str | None) -> tuple[Role, str] | None:
    if subject.resource is not None:
        role = opened.account.role(subject.resource) or opened.account.role(name_of(subject.resource))
        if role is not None:
            return _whole(role, opened.reader), "the text names it"
    spoken = roles_spoken_of(subject.denial.text, opened.account)
    if len(spoken) == 1:
        role = opened.account.role(spoken[0])
        assert role is not None
        return _whole(role, opened.reader), "its name stands in the text"
    role = opened.account.role(hint) if hint else None
    if role is not None:
        return _whole(role, opened.reader), "it is the role that you are looking at"
    return None


def _whole(role: Role, reader: AccountReader) -> Role:
    return role if role.trust is not None else reader.role(role.name).value or role


def _seen(subject: Subject, opened: OpenedAccount, low: str) -> Iterator[Target]:
    """Failed calls of this kind in CloudTrail, newest first."""
    names = [subject.denial.operation] if subject.denial.operation else []
    if low in (WEB_IDENTITY, SAML, "sts:assumerole") and not subject.denial.claims_trust:
        names = [(subject.action or "").partition(":")[2]]
    for name in names:
        for call in calls(opened.reader, event_name=name):
            if not call.error:
                continue
            role = _role_in(call, opened.account)
            if role is None:
                continue
            age = short_age(opened.account.now - call.event.time)
            principal, context = identity_in(call)
            if subject.denial.claims_trust:
                principal = _principal(subject, role, opened.account)
            how = f"CloudTrail has a failed {name} with it, {age} ago"
            yield Target(
                _whole(role, opened.reader), principal or _principal(subject, role, opened.account), how, context, call
            )


def _role_in(call: TrailCall, account: Account) -> Role | None:
    for value in _role_values(call.parameters):
        role = account.role(value) or account.role(name_of(value))
        if role is not None:
            return role
    for name in call.event.resources:
        role = account.role(name) or account.role(name_of(name))
        if role is not None:
            return role
    return None


def _role_values(value: Any) -> Iterator[str]:
    """The values of parameters called ``role``, ``roleArn``, ``executionRoleArn`` …, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and _ROLE_PARAMETERS.search(key):
                yield inner
            else:
                yield from _role_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _role_values(inner)


def identity_in(call: TrailCall) -> tuple[str | None, Context]:
    """The provider and the claims in CloudTrail's userIdentity (CloudTrail guide, "userIdentity element"): of a
    web identity ``principalId`` is ``PROVIDER:AUDIENCE:SUBJECT``; SAML calls name the endpoint in ``recipient``."""
    identity = call.identity
    provider = identity.get("identityProvider")
    provider = provider if isinstance(provider, str) else None
    context: dict[str, tuple[str, ...]] = {}
    kind = identity.get("type")
    if kind == "WebIdentityUser" and provider:
        issuer = provider.partition(":oidc-provider/")[2] or provider
        subject = identity.get("userName")
        whole = identity.get("principalId")
        if isinstance(whole, str) and whole.startswith(f"{provider}:"):
            rest = whole[len(provider) + 1 :]
            audience, _, inside = rest.partition(f":{subject}") if isinstance(subject, str) else rest.partition(":")
            if audience and not inside:
                context[f"{issuer}:aud"] = (audience,)
        if isinstance(subject, str) and subject:
            context[f"{issuer}:sub"] = (subject,)
    if kind == "SAMLUser" or "saml" in call.event.name.lower():
        # There the identity's provider is the issuer's own name; the provider in IAM is a parameter of the call.
        arn = call.parameters.get("principalArn")
        provider = arn if isinstance(arn, str) else None
        context.update(_texts(call.parameters, {"recipient": "saml:aud", "audience": "saml:aud"}))
    for source in (call.parameters.get("claims"), call.record.get("additionalEventData")):
        if isinstance(source, dict):
            context.update(_claims(source, provider))
    context.update(_parameters(call))
    return provider, context


def _claims(source: dict[str, Any], provider: str | None) -> dict[str, tuple[str, ...]]:
    issuer = provider.partition(":oidc-provider/")[2] or provider if provider else ""
    found = {}
    for key, value in source.items():
        values = tuple(str(entry) for entry in as_list(value) if isinstance(entry, str | int))
        if not values:
            continue
        if ":" in key:
            found[key] = values
        elif issuer and key in ("sub", "aud", "amr"):
            found[f"{issuer}:{key}"] = values
        elif key in ("recipient", "SAMLRecipient", "samlRecipient"):
            found["saml:aud"] = values
    return found


def _texts(source: dict[str, Any], names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: (source[name],) for name, key in names.items() if isinstance(source.get(name), str)}


def _parameters(call: TrailCall) -> dict[str, tuple[str, ...]]:
    """What AssumeRole's own parameters give: external ID, session name, source identity, session tags."""
    parameters = call.parameters
    found = _texts(
        parameters,
        {
            "externalId": "sts:ExternalId",
            "roleSessionName": "sts:RoleSessionName",
            "sourceIdentity": "sts:SourceIdentity",
        },
    )
    for tag in as_list(parameters.get("tags")):
        if isinstance(tag, dict) and isinstance(tag.get("key"), str):
            found[f"aws:RequestTag/{tag['key']}"] = (str(tag.get("value", "")),)
    return found


def call_parameters(call: TrailCall) -> Context:
    """The condition keys that a recorded AssumeRole call tells."""
    return _parameters(call)


def _principal(subject: Subject, role: Role, account: Account) -> str | None:
    """As whom the role was to be assumed: the service that complains, or the provider that the trust policy names."""
    if subject.principal is not None:
        return subject.principal
    if subject.denial.claims_trust and subject.denial.service:
        suffix = ".cn" if account.partition == "aws-cn" and subject.denial.service in ("ec2",) else ""
        return f"{subject.denial.service}.amazonaws.com{suffix}"
    if _ANYWHERE.search(subject.denial.text) and trusted_services(role) == (ROLES_ANYWHERE,):
        return ROLES_ANYWHERE
    providers = federated_of(role)
    for token in subject.denial.tokens:
        if not token.broken:
            # Whom the policy names counts only where it is the token's issuer: another one's word is not the caller's.
            own = next((provider for provider in providers if same_issuer(provider, token)), "")
            return own or provider_arn(token, account) or None
    told = [provider for provider in providers if _told(provider, subject.context)]
    chosen = told or providers
    return chosen[0] if chosen else None


def _same_subject(recorded: Context, token: Token) -> bool:
    key = f"{token.prefix}:sub".lower()
    return any(name.lower() == key and values == token.claim("sub") for name, values in recorded.items())


def _told(provider: str, context: Context) -> bool:
    """Whether the context holds claims of this provider."""
    issuer = (provider.partition(":oidc-provider/")[2] or provider).lower()
    if ":saml-provider/" in provider:
        return any(key.lower().startswith("saml:") for key in context)
    return any(key.lower().startswith(f"{issuer}:") for key in context)


def _narrowed(subject: Subject, seen: list[Target], account: Account) -> list[Target]:
    """The targets that the context's issuer or the text's own words leave."""
    told = [target for target in seen if target.principal and _told(target.principal, subject.context)]
    if told:
        return told
    for pattern, mark in _CLIENTS:
        if pattern.search(subject.denial.text):
            meant = [target for target in seen if target.principal and mark in target.principal]
            if meant:
                return meant
    subjects = mentioned_subjects(subject.denial.text)
    meant = [
        target for target in seen if any(value in subjects for values in target.context.values() for value in values)
    ]
    return meant or seen


def _one_each(targets: list[Target]) -> list[Target]:
    """The newest of each role, at most `MOST_CANDIDATES`."""
    newest: dict[str, Target] = {}
    for target in targets:
        newest.setdefault(target.role.arn, target)
    return list(newest.values())[:MOST_CANDIDATES]


def _candidates(subject: Subject, account: Account, low: str) -> Iterator[Target]:
    """Roles that could be meant, by what their trust policies name; the likeliest first."""
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
                found.append(Target(role, provider, "its trust policy names such a provider", {}))
    yield from _narrowed(subject, found, account)[:MOST_CANDIDATES]


def _service_candidates(subject: Subject, account: Account) -> Iterator[Target]:
    """Roles that look made for the service: by name, by what is attached, by a word of the text, by disuse."""
    service = subject.denial.service or ""
    principal = f"{service}.amazonaws.com"
    short = service.removesuffix("-tasks")
    words = {word.lower() for word in re.findall(r"[A-Za-z0-9][\w-]{3,63}", subject.denial.text)}
    scored = []
    for role in account.roles:
        if role.service_owned:
            continue
        score = 0
        if principal in trusted_services(role):
            # It names the service: then a condition stands in the way, or it is not the one.
            score += 2 if _has_conditions(role) else -1
        name = role.name.lower()
        score += 2 if short in name else 0
        attached = " ".join(policy.name for policy in role.attached or ()).lower()
        score += 2 if short in attached else 0
        score += 3 if any(len(word) > 5 and (word in name) and word != short for word in words) else 0
        score += 1 if role.last_used is not None and role.last_used.when is None else 0
        if score >= 3:
            scored.append((score, role))
    best = max((score for score, _ in scored), default=0)
    for score, role in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))[:MOST_CANDIDATES]:
        if score == best or score >= 4:
            yield Target(role, principal, f"its name, policies and use fit {service}", {})


def _has_conditions(role: Role) -> bool:
    return any(statement.conditions for statement in role.trust_statements)


def extra_context(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Values that the text spells out: a SAML endpoint, the trust anchor for which IAM Roles Anywhere calls."""
    found: dict[str, tuple[str, ...]] = {}
    endpoint = mentioned_saml_endpoint(subject.denial.text)
    if endpoint and (subject.action or "").lower() == SAML:
        found["saml:aud"] = (endpoint,)
    anchors = set(_TRUST_ANCHOR.findall(subject.denial.text))
    if subject.denial.claims_trust and len(anchors) == 1:
        found["aws:SourceArn"] = (anchors.pop(),)
    return found


def _step(targets: tuple[Target, ...], otherwise: str) -> Step:
    title = "Which role"
    evidence = tuple(
        Evidence(
            text=f"{target.role.name}: {target.found}",
            layer="trust",
            arn=target.role.arn,
            document=target.role.trust,
            call="cloudtrail:LookupEvents" if target.event else None,
        )
        for target in targets
    )
    if not targets:
        return Step("role", title, Status.UNKNOWN, f"the text names none; {otherwise}, and no role fits")
    if len(targets) == 1:
        return Step("role", title, Status.PASS, f"{targets[0].role.name}: {targets[0].found}", evidence)
    names = listing([target.role.name for target in targets])
    return Step("role", title, Status.UNKNOWN, f"one of {len(targets)}: {names}", evidence)


def with_target(subject: Subject, target: Target) -> Subject:
    """The subject with the role that was found, and what its finding told."""
    return replace(
        subject,
        principal=subject.principal or target.principal,
        resource=target.role.arn,
        context={**target.context, **subject.context},
    )
